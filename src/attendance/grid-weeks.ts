/** Cuts the grid of a file into school weeks, and makes of each the sheet that is kept: pupils become pseudonyms here. */
import { mondayOf, weekdayOf, weekOf } from '../kernel/time.ts';
import type { GridPupil, MarksGrid } from './grid.ts';
import { NONE } from './kinds.ts';
import { inOrder, type Sheet, type SheetRow } from './sheet.ts';

/** A week of a school in a file: the day number of each weekday, -1 where the file has none. */
export type WeekInGrid = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly days: Int16Array;
  readonly pupils: readonly GridPupil[];
};

/** How a pupil is told apart from here on. */
export type Pseudonyms = {
  readonly pupil: (pupil: GridPupil) => string;
  readonly upn: (pupil: GridPupil) => string;
  readonly compulsory: (pupil: GridPupil, date: string) => boolean;
};

/** School weeks in order of school and week. */
export function weeksInGrid(grid: MarksGrid): WeekInGrid[] {
  const weeks = new Map<string, Int16Array>();
  grid.dates.forEach((date, day) => {
    const week = weekOf(date);
    const days = weeks.get(week) ?? new Int16Array(5).fill(-1);
    days[weekdayOf(date) - 1] = day;
    weeks.set(week, days);
  });
  const inTime = [...weeks].toSorted(byName);
  const schools = Map.groupBy(grid.pupils, (pupil) => pupil.schoolUrn);
  return [...schools].toSorted(byName).flatMap(([schoolUrn, pupils]) =>
    inTime.flatMap(([week, days]): WeekInGrid[] => {
      const there = pupils.filter(({ contexts }) =>
        days.some((day) => day >= 0 && (contexts[day] ?? 0) !== 0),
      );
      return there.length > 0 ? [{ schoolUrn, week, days, pupils: there }] : [];
    }),
  );
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

export function sheetOf(grid: MarksGrid, part: WeekInGrid, names: Pseudonyms): Sheet {
  const monday = mondayOf(part.week);
  const rows = part.pupils.map((pupil): SheetRow => {
    const cells: number[] = [];
    const contexts: number[] = [];
    for (let weekday = 0; weekday < 5; weekday += 1) {
      const day = part.days[weekday] ?? -1;
      cells.push(
        day < 0 ? NONE : (pupil.cells[day * 2] ?? NONE),
        day < 0 ? NONE : (pupil.cells[day * 2 + 1] ?? NONE),
      );
      contexts.push(day < 0 ? 0 : (pupil.contexts[day] ?? 0));
    }
    const known = pupil.born !== '' || pupil.compulsory !== 'unknown';
    return {
      pupil: names.pupil(pupil),
      upn: pupil.upn === '' ? '' : names.upn(pupil),
      compulsory: known ? (names.compulsory(pupil, monday) ? 'yes' : 'no') : 'unknown',
      cells,
      contexts,
    };
  });
  return inOrder({ contexts: grid.contexts, rows });
}
