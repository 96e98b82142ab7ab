/** Days as people name them in a message. Knows no terms and no holidays. */
import { addDays, dateInWords, dateWithYear, daysBetween, isDate, mondayOf, weekOf } from './time.ts';

/** `date`: a local ISO date; `name`: as it is said. */
export type Day = { readonly date: string; readonly name: string };

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/**
 * `2026-11-09`, `9 November`, `Monday 9th November 2026`, `yesterday`, `last Friday`; without a year the last one that has been. A year
 * that is not today's is said.
 */
export function dayNamed(words: string, today: string): Day | undefined {
  const named = (date: string) => {
    if (!isDate(date)) return undefined;
    const sameYear = date.slice(0, 4) === today.slice(0, 4);
    return { date, name: sameYear ? dateInWords(date).replace(/^\w+ /, '') : dateWithYear(date) };
  };
  if (words === 'yesterday') return named(addDays(today, -1));
  if (words === 'today') return named(today);
  const weekday = WEEKDAYS.indexOf(words.replace(/^(?:last|on|this) /, ''));
  if (weekday >= 0) return named(lastWeekday(weekday, today));
  if (/^\d{4}-\d{2}-\d{2}$/.test(words)) return named(words);
  const [, day = '', month = '', year] =
    /^(?:[a-z]+day,? )?(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]+),?(?: (\d{4}))?$/.exec(words) ?? [];
  const number = MONTHS.findIndex((name) => month.length > 2 && name.startsWith(month)) + 1;
  if (number === 0) return undefined;
  const of = (inYear: string) => `${inYear}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`;
  const thisYear = today.slice(0, 4);
  if (year) return named(of(year));
  return named(of(thisYear) <= today ? of(thisYear) : of(String(Number(thisYear) - 1)));
}

/** The last such day before today; 0 is Monday. */
function lastWeekday(weekday: number, today: string): string {
  const back = (daysBetween(mondayOf(weekOf(today)), today) - weekday + 7) % 7;
  return addDays(today, back === 0 ? -7 : -back);
}
