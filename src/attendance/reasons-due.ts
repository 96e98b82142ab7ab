/**
 * By when the absences of a week whose reason is not known yet must have one: five school days after the session, by the school's own
 * calendar (regulation 10(7)–(9)). It knows dates and no absence. Pure.
 */
import { mondayOf } from '../kernel/time.ts';
import { dayBook, type SchoolCalendar } from '../scheduling/calendar.ts';
import { reasonDeadline } from './thresholds.ts';
import { schoolWeek } from './week.ts';

export type ReasonsDue = {
  readonly first: string;
  readonly firstDue: string;
  readonly last: string;
  readonly lastDue: string;
};

/** Of the first and the last school day of an ISO week; null without one, or where the calendar ends before the deadline. */
export function reasonsDueIn(calendar: SchoolCalendar, week: string): ReasonsDue | null {
  const { days } = schoolWeek(calendar, mondayOf(week));
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined) return null;
  const book = dayBook(calendar);
  const due = (date: string) => reasonDeadline(date, book.isSchoolDay);
  const [firstDue, lastDue] = [due(first), due(last)];
  return firstDue === null || lastDue === null ? null : { first, firstDue, last, lastDue };
}
