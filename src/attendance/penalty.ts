/**
 * Pupils for whom the national threshold of a penalty notice is met in a week: ten unauthorised sessions (G, N, O, U) within ten
 * school weeks. For the head's private view alone, as a hint to think of support; it decides nothing. Pure; pseudonyms in and out.
 */
import { mondayOf } from '../kernel/time.ts';
import { KINDS, type Kind } from './kinds.ts';
import { LEAST_SESSIONS, type WeekSheet } from './movement.ts';
import type { SheetRow } from './sheet.ts';
import { penaltyThreshold } from './thresholds.ts';

/** The kinds that those codes are kept as: G and O, N, U. */
const UNAUTHORISED: ReadonlySet<Kind> = new Set(['unauthorised', 'unexplained', 'late-after']);
const NOT_HELD: ReadonlySet<Kind> = new Set(['none', 'missing', 'not-possible', 'not-collected']);
/** So many weeks show whether the threshold was met before in a stretch of ten. */
export const PENALTY_WEEKS = 19;

/** `sheets`: of up to `PENALTY_WEEKS` weeks, in order, the week itself the last; they may span terms and school years. */
export function newlyOverThreshold(sheets: readonly WeekSheet[]): string[] {
  const last = sheets.at(-1);
  if (!last) return [];
  const rows = sheets.map(({ week, sheet }) => ({
    monday: mondayOf(week),
    byPupil: new Map(sheet.rows.map((row) => [row.pupil, row])),
    held: sheet.rows.some((row) => possibleIn(row) > 0),
  }));
  return last.sheet.rows.flatMap(({ pupil }) => {
    const weeks = rows.map(({ monday, byPupil, held }) => {
      const row = byPupil.get(pupil);
      return {
        weekCommencing: monday,
        // A school week is the school's: one in which this pupil had no session is one of the ten too.
        sessions: held ? 1 : 0,
        possible: row ? possibleIn(row) : 0,
        marks: row ? 'O'.repeat(unauthorisedIn(row)) : '',
      };
    });
    const possible = weeks.reduce((sum, one) => sum + one.possible, 0);
    const { metIn } = penaltyThreshold(weeks);
    return possible >= LEAST_SESSIONS && metIn === mondayOf(last.week) ? [pupil] : [];
  });
}

function kindsIn({ cells }: SheetRow): Kind[] {
  return cells.map((cell) => KINDS[cell] ?? 'none');
}

function possibleIn(row: SheetRow): number {
  return kindsIn(row).filter((kind) => !NOT_HELD.has(kind)).length;
}

function unauthorisedIn(row: SheetRow): number {
  return kindsIn(row).filter((kind) => UNAUTHORISED.has(kind)).length;
}
