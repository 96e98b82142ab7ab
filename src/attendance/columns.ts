/**
 * The columns of a long marks file and the values they may hold. A value is read or refused, never guessed. Columns that
 * no figure needs are named once and dropped unread; names and dates of birth are among them, wherever they stand.
 */
import { isDate } from '../kernel/time.ts';

const REQUIRED = ['school_urn', 'pupil_id', 'date', 'session', 'mark'] as const;
const OPTIONAL = ['upn', 'year_group', 'minutes_late', 'pp', 'sen'] as const;
/** Part of the layout, of no use to a figure: accepted in silence and never read. */
const UNREAD = ['surname', 'forename', 'reg_group'];

export type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

export type Header = {
  readonly kind: 'header';
  /** Where each column stands; -1 when the file does not have it. */
  readonly at: Readonly<Record<Column, number>>;
  readonly width: number;
  readonly dropped: readonly string[];
};

type HeaderProblems = { readonly kind: 'problems'; readonly problems: readonly string[] };

function refuseHeader(problems: readonly string[]): HeaderProblems {
  return { kind: 'problems', problems };
}

/** The header's columns, or what is wrong with it. A file of one school that is named by the caller needs no URN column. */
export function readHeader(cells: readonly string[], schoolGiven: boolean): Header | HeaderProblems {
  if (cells.length === 1 && /[;\t|]/.test(cells[0] ?? ''))
    return refuseHeader([
      'the columns are not separated by commas; save the file as "CSV (comma delimited)"',
    ]);
  const names = cells.map((cell) => cell.trim().toLowerCase().replace(/[ -]+/g, '_'));
  const twice = names.filter((name, index) => name !== '' && names.indexOf(name) !== index);
  const required = REQUIRED.filter((name) => name !== 'school_urn' || !schoolGiven);
  const missing = required.filter((name) => !names.includes(name));
  const problems = [
    ...missing.map((name) => `the column ${name} is missing`),
    ...[...new Set(twice)].map((name) => `the column ${name} stands twice`),
  ];
  if (problems.length > 0) return refuseHeader(problems);
  const known: readonly string[] = [...REQUIRED, ...OPTIONAL, ...UNREAD];
  const place = (name: Column) => names.indexOf(name);
  return {
    kind: 'header',
    at: {
      school_urn: place('school_urn'),
      pupil_id: place('pupil_id'),
      date: place('date'),
      session: place('session'),
      mark: place('mark'),
      upn: place('upn'),
      year_group: place('year_group'),
      minutes_late: place('minutes_late'),
      pp: place('pp'),
      sen: place('sen'),
    },
    width: cells.length,
    dropped: names.filter((name) => name !== '' && !known.includes(name)),
  };
}

/** `7`, `Year 7`, `Y7`, `R` and `Reception` become `7` and `R`; nursery is `N`. Undefined for anything else. */
export function readYearGroup(text: string): string | undefined {
  const name = text.trim().toLowerCase();
  if (/^(r|reception|year r|yr)$/.test(name)) return 'R';
  if (/^(n[12]?|nursery)$/.test(name)) return 'N';
  const year = /^(?:year ?|y)?(\d{1,2})$/.exec(name)?.[1];
  return year !== undefined && Number(year) >= 1 && Number(year) <= 14 ? String(Number(year)) : undefined;
}

export function readYesNo(text: string): 'yes' | 'no' | undefined {
  const word = text.trim().toLowerCase();
  if (['y', 'yes', 'true', '1'].includes(word)) return 'yes';
  return ['n', 'no', 'false', '0'].includes(word) ? 'no' : undefined;
}

/** N none, K SEN support, E education, health and care plan. */
export function readSen(text: string): 'N' | 'K' | 'E' | undefined {
  const code = text.trim().toUpperCase();
  return code === 'N' || code === 'K' || code === 'E' ? code : undefined;
}

export function readSession(text: string): 0 | 1 | undefined {
  const name = text.trim().toUpperCase();
  if (name === 'AM') return 0;
  return name === 'PM' ? 1 : undefined;
}

const ISO = /^\d{4}-\d{2}-\d{2}$/;
const SLASHED = /^(\d{2})\/(\d{2})\/(\d{4})$/;

export type DateReading =
  | { readonly dates: ReadonlyMap<string, string> }
  | { readonly problem: string; readonly example: string };

/**
 * Reads all dates of a file together: ISO, or day/month/year when the file itself proves it, by at least one day over 12.
 * Dates that could be read two ways are refused, as are two styles in one file. Maps each text to its ISO date; a text
 * that is no date is left out.
 */
export function readDates(texts: readonly string[]): DateReading {
  const slashed = texts.filter((text) => SLASHED.test(text));
  const iso = texts.filter((text) => ISO.test(text));
  const [first = ''] = slashed;
  if (slashed.length > 0 && iso.length > 0)
    return { problem: `dates are written in two ways (${iso[0]} and ${first})`, example: first };
  const parts = slashed.map((text) => SLASHED.exec(text) ?? []);
  const monthFirst = parts.find(([, , second = '']) => Number(second) > 12);
  if (monthFirst)
    return { problem: `the date ${monthFirst[0]} is not day/month/year`, example: monthFirst[0] ?? '' };
  if (slashed.length > 0 && !parts.some(([, day = '']) => Number(day) > 12))
    return {
      problem: `dates such as ${first} can be read as day/month or month/day; write them like 2026-11-23`,
      example: first,
    };
  const pairs = texts.map((text) => {
    const [, day, month, year] = SLASHED.exec(text) ?? [];
    return [text, day === undefined ? text : `${year}-${month}-${day}`] as const;
  });
  return { dates: new Map(pairs.filter(([, date]) => isDate(date))) };
}
