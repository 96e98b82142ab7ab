/**
 * Which time a question about attendance means: a week by its number or a day of it, weeks ago, a school year; or something
 * shorter or looser than a week, for which there are no figures. Pure.
 */
import { addDays, isDate, weekOf } from '../kernel/time.ts';

/**
 * `week`: an ISO week that was named; `dated`: the week of a day, whose year may be left out; `day`: something shorter or
 * looser than a week was; `ago`: whole weeks before this one, 1 being last week.
 */
export type When =
  | { readonly kind: 'newest' | 'day' }
  | { readonly kind: 'week'; readonly week: string }
  | { readonly kind: 'dated'; readonly monthDay: string; readonly year?: string }
  | { readonly kind: 'ago'; readonly weeks: number }
  /** A school year, by the calendar year in which it begins; `years-ago`: 0 is the one that it is now. */
  | { readonly kind: 'year'; readonly start: number }
  | { readonly kind: 'years-ago'; readonly years: number };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const WEEKDAY = '(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri)(?:day)?';
const DAY_OF = `(?:(?:the )?week (?:of|commencing|beginning|starting|ending|from)|w/?c|w/?b)(?: the)?(?: ${WEEKDAY})?(?: the)? \\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTH}(?: 20\\d{2})?`;
const DATED = new RegExp(
  `\\b(?:week (?:of|commencing|beginning|starting|ending|from)|w/?c|w/?b)(?: the)?(?: ${WEEKDAY})?(?: the)? (?<day>\\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<month>${MONTH})\\b(?: (?<year>20\\d{2})\\b)?`,
);
/** A week that was named in some other way than a week can be found by. */
const SOME_WEEK = /\bweek (?:of|commencing|beginning|starting|ending)\b|\bw\/?[cb]\b/;
const SHORTER = new RegExp(
  `\\b(?:today|yesterday|this (?:morning|afternoon)|(?:on|last|this) ${WEEKDAY}|this week|(?:this|last) (?:month|(?:half )?term)|(?:last |this )?(?:autumn|spring|summer) term|(?:in|during|since) ${MONTH})\\b`,
);

/** Words that say when, as a pattern's source: what is left when they are taken out is whose attendance it is. */
export const TIME = [
  'two weeks ago|(?:the )?week before last|last week|this week|today|yesterday|now|right now|at the moment|currently|so far',
  '(?:this|last) (?:(?:half )?term|year|month)',
  '(?:(?:in|for|during) )?(?:the )?(?:last |this )?(?:autumn|spring|summer) term',
  `(?:on|last|this) ${WEEKDAY}`,
  `(?:(?:in|for|during) )?${DAY_OF}`,
  `(?:in|during|since) (?:${MONTH})(?: 20\\d{2})?`,
  'week (?:of|commencing|beginning|starting|ending) [\\w/ ]+',
  '(?:in |for )?(?:week )?\\d{4}-w\\d{2}',
  '(?:in |for |during )?(?:the )?(?:(?:school|academic) )?(?:year )?20\\d{2}-\\d{2}',
  '(?:in |for |during )?(?:the )?(?:this|last|previous) (?:school|academic) year',
].join('|');

/** The same for what goes on from an answer before. */
export const TIME_AGAIN = `${DAY_OF}|(?:two|2) weeks ago|week before last|last week|this week|today|yesterday|\\d{4}-w\\d{2}|20\\d{2}-\\d{2}|(?:last|this|previous) (?:(?:school|academic) )?year`;

/** `words` as `plainWords` leaves them. */
export function whenOf(words: string): When {
  const week = /\b(\d{4}-w\d{2})\b/.exec(words)?.[1];
  if (week) return { kind: 'week', week: week.toUpperCase() };
  const dated = DATED.exec(words)?.groups;
  if (dated) return dayNamed(dated);
  const year = /\b20(\d{2})-(\d{2})\b(?!-)/.exec(words);
  if (year)
    return (Number(year[1]) + 1) % 100 === Number(year[2])
      ? { kind: 'year', start: 2000 + Number(year[1]) }
      : { kind: 'day' };
  if (/\b(?:last|previous) (?:(?:school|academic) )?year\b/.test(words))
    return { kind: 'years-ago', years: 1 };
  if (/\bthis (?:(?:school|academic) )?year\b/.test(words)) return { kind: 'years-ago', years: 0 };
  if (/\b(?:two|2) weeks ago\b|\bweek before last\b/.test(words)) return { kind: 'ago', weeks: 2 };
  return { kind: SHORTER.test(words) || SOME_WEEK.test(words) ? 'day' : 'newest' };
}

function dayNamed({ day = '', month = '', year }: Readonly<Record<string, string | undefined>>): When {
  const number = MONTHS.indexOf(month.slice(0, 3)) + 1;
  const monthDay = `${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`;
  // In a leap year, so that no day is refused that some year has.
  if (!isDate(`${year ?? '2028'}-${monthDay}`)) return { kind: 'day' };
  return { kind: 'dated', monthDay, ...(year === undefined ? {} : { year }) };
}

/** The ISO week that was meant, of the years to `today` the newest that has the day; undefined for the newest there is. */
export function weekNamed(when: When, today: string): string | undefined {
  if (when.kind === 'week') return when.week;
  if (when.kind === 'ago') return weekOf(addDays(today, -7 * when.weeks));
  if (when.kind !== 'dated') return undefined;
  if (when.year !== undefined) return weekOf(`${when.year}-${when.monthDay}`);
  const thisYear = Number(today.slice(0, 4));
  const found = [0, 1, 2, 3, 4, 5, 6, 7, 8]
    .map((back) => `${thisYear - back}-${when.monthDay}`)
    .find((date) => isDate(date) && date <= today);
  return found && weekOf(found);
}
