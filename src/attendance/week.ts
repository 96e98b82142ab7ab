/**
 * What kind of week a school had: its days, whether it is whole, whether a nudge is due. Reads the school's own calendar
 * and never infers a date from a term's number. Knows nothing of marks.
 */
import { addDays, daysBetween, weekdayOf } from '../kernel/time.ts';

export type Calendar = {
  readonly terms: readonly { readonly term: number; readonly from: string; readonly to: string }[];
  readonly inset: readonly string[];
  readonly bank_holidays: readonly string[];
  readonly closures?: readonly { readonly date: string }[];
};

export type SchoolWeek = {
  /** The term the week falls in, and which week of it; null in the holidays. */
  readonly term: number | null;
  readonly weekOfTerm: number | null;
  readonly days: readonly string[];
  readonly sessions: number;
  readonly partial: boolean;
};

export function isSchoolDay(calendar: Calendar, date: string): boolean {
  return (
    weekdayOf(date) <= 5 &&
    calendar.terms.some((term) => term.from <= date && date <= term.to) &&
    !calendar.inset.includes(date) &&
    !calendar.bank_holidays.includes(date) &&
    !(calendar.closures ?? []).some((closure) => closure.date === date)
  );
}

/** The week that begins on `monday` (a date). Weeks of a term are counted from the Monday of the week it begins in. */
export function schoolWeek(calendar: Calendar, monday: string): SchoolWeek {
  const dates = [0, 1, 2, 3, 4].map((offset) => addDays(monday, offset));
  const friday = addDays(monday, 4);
  const days = dates.filter((date) => isSchoolDay(calendar, date));
  const term = calendar.terms.find((one) => one.from <= friday && one.to >= monday);
  const firstMonday = term && addDays(term.from, 1 - weekdayOf(term.from));
  return {
    term: term?.term ?? null,
    weekOfTerm: firstMonday === undefined ? null : daysBetween(firstMonday, monday) / 7 + 1,
    days,
    sessions: days.length * 2,
    partial: days.length > 0 && days.length < 5,
  };
}

/** A week under `minimumDays` school days says too little to judge by: no nudge. */
export function isNudgeWeek(week: SchoolWeek, minimumDays: number): boolean {
  return week.days.length >= minimumDays;
}
