/**
 * What kind of week a school had: its days, whether it is whole, whether it is long enough to judge by. Reads the school's
 * own calendar through the day book of `scheduling`. Knows nothing of marks.
 */
import { addDays } from '../kernel/time.ts';
import { dayBook, type SchoolCalendar, weekOfTerm } from '../scheduling/calendar.ts';

export type SchoolWeek = {
  /** The term the week falls in, and which week of it; null in the holidays. */
  readonly term: number | null;
  readonly weekOfTerm: number | null;
  readonly days: readonly string[];
  readonly sessions: number;
  readonly partial: boolean;
};

/** The week that begins on `monday` (a date). Two sessions a day; a week may be in term and yet have no day of school. */
export function schoolWeek(calendar: SchoolCalendar, monday: string): SchoolWeek {
  const book = dayBook(calendar);
  const dates = [0, 1, 2, 3, 4].map((offset) => addDays(monday, offset));
  const days = dates.filter((date) => book.isSchoolDay(date));
  const term = dates.map((date) => book.termOf(date)).find((found) => found !== undefined);
  return {
    term: term?.term ?? null,
    weekOfTerm: term ? weekOfTerm(term, monday) : null,
    days,
    sessions: days.length * 2,
    partial: days.length > 0 && days.length < 5,
  };
}

/** A week under `minimumDays` school days says too little to judge by: no nudge. */
export function isNudgeWeek(week: SchoolWeek, minimumDays: number): boolean {
  return week.days.length >= minimumDays;
}
