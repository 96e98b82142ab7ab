/**
 * Reads the dates of a file, all of them together: the way they are written is found out from the file itself or the file
 * is refused. A date that could be the third of April or the fourth of March is never decided by habit.
 */
import { isDate, weekdayOf } from '../kernel/time.ts';

export type DateReading =
  | { readonly dates: ReadonlyMap<string, string> }
  | { readonly problem: string; readonly example: string };

export type DateOptions = {
  /** The school has said, in the trust's file, that its dates are day/month/year. */
  readonly dayFirst?: boolean | undefined;
  /** No date is later; and with `weekdays` none is a Saturday or Sunday. Both rule a wrong order out. */
  readonly today: string;
  readonly weekdays: boolean;
};

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/;
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: 00:00(?::00)?)?$/;
const NAMED = /^(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})$/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const LONG_MONTHS =
  'january february march april may june july august september october november december'.split(' ');

type Style = 'iso' | 'slashed' | 'named';

function styleOf(text: string): Style | undefined {
  if (ISO.test(text)) return 'iso';
  if (SLASHED.test(text)) return 'slashed';
  return NAMED.test(text) ? 'named' : undefined;
}

/**
 * ISO, `23 Nov 2026`, or day/month/year when the file proves that order. Maps each text to its ISO date; a text that is no
 * date is left out. Two styles in one file are refused.
 */
export function readDates(texts: readonly string[], options: DateOptions): DateReading {
  const firsts = new Map<Style, string>();
  for (const text of texts) {
    const style = styleOf(text);
    if (style && !firsts.has(style)) firsts.set(style, text);
  }
  const [one, two] = [...firsts.values()];
  if (one !== undefined && two !== undefined)
    return { problem: `dates are written in two ways (${one} and ${two})`, example: two };
  const slashed = texts.filter((text) => SLASHED.test(text));
  const wrong = slashed.length > 0 && !options.dayFirst ? orderProblem(slashed, options) : undefined;
  if (wrong) return wrong;
  const pairs = texts.map((text) => [text, dateIn(text)] as const);
  return { dates: new Map(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined)) };
}

/** Undefined when only day/month/year is possible. */
function orderProblem(texts: readonly string[], options: DateOptions): DateReading | undefined {
  const parts = texts.map((text) => ({ text, match: SLASHED.exec(text) ?? [] }));
  const monthFirst = parts.find(({ match: [, first = '', second = ''] }) => over12(second) && !over12(first));
  const dayFirst = parts.some(({ match: [, first = '', second = ''] }) => over12(first) && !over12(second));
  if (monthFirst)
    return { problem: `the date ${monthFirst.text} is not day/month/year`, example: monthFirst.text };
  if (dayFirst) return undefined;
  const asDayFirst = parts.map(({ match: [, day, month, year] }) => iso(year, month, day));
  const asMonthFirst = parts.map(({ match: [, month, day, year] }) => iso(year, month, day));
  const possible = (dates: readonly (string | undefined)[]) =>
    dates.every(
      (date) => date !== undefined && date <= options.today && (!options.weekdays || weekdayOf(date) <= 5),
    );
  if (possible(asDayFirst) && !possible(asMonthFirst)) return undefined;
  const [first = ''] = texts;
  return {
    problem: `dates such as ${first} can be read as day/month or month/day; write them like 2026-11-23`,
    example: first,
  };
}

function over12(text: string): boolean {
  return Number(text) > 12;
}

function dateIn(text: string): string | undefined {
  const [, whole] = ISO.exec(text) ?? [];
  if (whole !== undefined) return isDate(whole) ? whole : undefined;
  const [, day, month, year] = SLASHED.exec(text) ?? [];
  if (day !== undefined) return iso(year, month, day);
  const [, named, name = '', ofYear] = NAMED.exec(text) ?? [];
  if (named === undefined) return undefined;
  const word = name.toLowerCase();
  const short = MONTHS.indexOf(word === 'sept' ? 'sep' : word);
  const place = short >= 0 ? short : LONG_MONTHS.indexOf(word);
  return place >= 0 ? iso(ofYear, String(place + 1), named) : undefined;
}

function iso(year = '', month = '', day = ''): string | undefined {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? date : undefined;
}
