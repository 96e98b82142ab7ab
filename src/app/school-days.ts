/** School days for check-ins: of one school, or of any school for those who work across the trust. */
import type { SchoolDays } from '../checkins/lines-service.ts';
import { calendarOf, type Trust } from '../config/trust.ts';
import { type DayBook, dayBook, mergeBooks } from '../scheduling/calendar.ts';

export function schoolDays(trust: Trust): SchoolDays {
  const books = new Map<string, DayBook>(
    trust.schools.map((school) => [school.urn, dayBook(calendarOf(trust, school))]),
  );
  const all = mergeBooks([...books.values()]);
  return {
    termsOf: (urn) => ((urn === undefined ? undefined : books.get(urn)) ?? all).terms,
    isSchoolDay: (urn, date) => {
      const own = urn === undefined ? undefined : books.get(urn);
      return own ? own.isTermTime(date) : [...books.values()].some((book) => book.isTermTime(date));
    },
  };
}
