/**
 * The lines that a pupil's sessions may cross: persistent absence, its headroom and the way back, the penalty-notice
 * threshold, the deadline for a reason. Private figures: none of them is for a channel, and none decides anything.
 */
import { addDays, weekdayOf } from '../kernel/time.ts';
import { PENALTY_CODES } from './codes.ts';
import { isPersistent, pool, type Totals } from './engine.ts';

export type Transition = 'entered_pa' | 'left_pa' | 'stayed_pa' | 'none';

/** What a week did to a pupil's year to date. */
export function transitionOf(before: Totals, week: Totals): Transition {
  const was = isPersistent(before) === true;
  const is = isPersistent(pool([before, week])) === true;
  if (was === is) return is ? 'stayed_pa' : 'none';
  return is ? 'entered_pa' : 'left_pa';
}

/** Over a year of `yearPossible` sessions: the first total of absences that is persistent, and how many are left before it. */
export function headroom(absentToDate: number, yearPossible: number): { first: number; left: number } {
  const first = Math.ceil(yearPossible / 10);
  return { first, left: Math.max(0, first - 1 - absentToDate) };
}

/** Sessions in a row to attend until absence is under 10%: the least n with absent × 10 < possible + n. */
export function sessionsToRecover(toDate: Totals): number {
  return Math.max(0, toDate.absent * 10 - toDate.possible + 1);
}

export type UnauthorisedWeek = {
  readonly weekCommencing: string;
  readonly sessions: number;
  /** The week's marks without separators; only G, N, O and U count. */
  readonly marks: string;
};

/**
 * Ten unauthorised sessions within ten school weeks (national penalty-notice framework). A school week has at least one
 * session; the ten may span terms and years and need not be in a row.
 */
export function penaltyThreshold(weeks: readonly UnauthorisedWeek[]): {
  readonly most: number;
  readonly metIn: string | null;
} {
  const school = weeks
    .filter((week) => week.sessions > 0)
    .toSorted((left, right) => left.weekCommencing.localeCompare(right.weekCommencing))
    .map((week) => ({
      start: week.weekCommencing,
      marks: [...week.marks].filter((mark) => PENALTY_CODES.has(mark)).length,
    }));
  let most = 0;
  let metIn: string | null = null;
  school.forEach((week, index) => {
    const window = school.slice(Math.max(0, index - 9), index + 1);
    const inWindow = window.reduce((sum, one) => sum + one.marks, 0);
    most = Math.max(most, inWindow);
    if (inWindow >= 10) metIn ??= week.start;
  });
  return { most, metIn };
}

/**
 * The day by which an N must have its reason, else it becomes O: five school days after the session (regulation
 * 10(7)–(9)). `isSchoolDay` is the school's own calendar.
 */
export function reasonDeadline(absenceDate: string, isSchoolDay: (date: string) => boolean): string | null {
  let date = absenceDate;
  let left = 5;
  // A calendar without school days must end the search too.
  for (let tries = 0; left > 0 && tries < 400; tries += 1) {
    date = addDays(date, 1);
    if (isSchoolDay(date)) left -= 1;
  }
  return left === 0 ? date : null;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `Mon` … `Sun`. */
export function shortWeekday(date: string): string {
  return WEEKDAYS[weekdayOf(date) - 1] ?? '';
}
