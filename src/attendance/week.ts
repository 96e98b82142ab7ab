/**
 * What kind of week a school had: its days, whether it is whole, whether it is long enough to judge by. Reads the school's
 * own calendar through the day book of `scheduling`. Knows nothing of marks.
 */
import { addDays, localInstant, mondayOf, weekOf } from '../kernel/time.ts';
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

/** Local times at which a week's registers are taken as they stand: days after its Monday, and the hour. */
const CUT_OFFS: readonly (readonly [number, string])[] = [
  [4, '18:00'],
  [7, '07:30'],
  [7, '12:00'],
  [7, '18:00'],
  [8, '07:30'],
  [8, '12:00'],
];

/**
 * The instants at which a week may be taken for its release, in order: Friday evening, and when marks are late then the
 * hours at which it is tried again, to Tuesday noon. The same hours every week, so that one week compares with another.
 */
export function cutOffs(week: string, zone: string): readonly Date[] {
  const monday = mondayOf(week);
  return CUT_OFFS.map(([days, time]) => localInstant(addDays(monday, days), time, zone));
}

/** The ISO week of the same number a year before: the comparison that knows the season. Undefined for a 53rd of 52. */
export function sameWeekLastYear(week: string): string | undefined {
  const year = Number(week.slice(0, 4)) - 1;
  // ISO 8601: a year has a 53rd week when 28 December's week is numbered so.
  return week.endsWith('W53') && weekOf(`${year}-12-28`).slice(5) !== 'W53'
    ? undefined
    : `${year}${week.slice(4)}`;
}

/** The Monday on or after which a week belongs to the same school year: its year begins on 1 August (DfE census terms). */
export function schoolYearStart(week: string): string {
  const friday = addDays(mondayOf(week), 4);
  const year = Number(friday.slice(0, 4)) - (friday.slice(5) < '08-01' ? 1 : 0);
  return `${year}-08-01`;
}
