/**
 * Which names of a file may be kept for the private view: those of schools that show their pupils, of weeks so recent that
 * the view still shows them, by tutor group. Pure; sealing them is the service's.
 */
import { addDays, dateOf, mondayOf } from '../kernel/time.ts';
import type { MarksGrid } from './grid.ts';
import { type Pseudonyms, weeksInGrid } from './grid-weeks.ts';
import type { GroupPlace, PupilRow } from './sealed.ts';

export type SchoolNames = GroupPlace & { readonly expiresAt: Date; readonly rows: readonly PupilRow[] };

/** A card with pupils in it, and what it opens, is of use for two weeks. */
export const PUPIL_DAYS = 14;
const DAY = 24 * 3_600_000;

export function namedRows(
  grid: MarksGrid,
  parts: { readonly schools: ReadonlySet<string>; readonly now: Date; readonly pseudonyms: Pseudonyms },
): SchoolNames[] {
  if (parts.schools.size === 0) return [];
  const oldest = addDays(dateOf(parts.now, 'utc'), -PUPIL_DAYS);
  const expiresAt = new Date(parts.now.getTime() + PUPIL_DAYS * DAY);
  return [...weeksInGrid(grid)]
    .flat()
    .filter(({ schoolUrn, week }) => parts.schools.has(schoolUrn) && addDays(mondayOf(week), 4) >= oldest)
    .flatMap(({ schoolUrn, week, days, pupils }) => {
      const contextOf = (contexts: Uint16Array) => {
        const day = days.findLast((one) => one >= 0 && (contexts[one] ?? 0) !== 0) ?? -1;
        return day < 0 ? undefined : grid.contexts[(contexts[day] ?? 0) - 1];
      };
      const rows = pupils.flatMap((pupil) => {
        const context = contextOf(pupil.contexts);
        if (!context || !pupil.named) return [];
        const row: PupilRow = {
          pupil: parts.pseudonyms.pupil(pupil),
          ...pupil.named,
          year: context.year,
          disadvantaged: context.pp === 'yes',
        };
        return [{ reg: context.reg, row }];
      });
      return [...Map.groupBy(rows, ({ reg }) => reg)].map(([regGroup, members]) => ({
        schoolUrn,
        week,
        regGroup,
        expiresAt,
        rows: members.map(({ row }) => row),
      }));
    });
}
