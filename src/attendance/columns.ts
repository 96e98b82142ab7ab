/**
 * Which of the three layouts a file has, known by its columns, and what their values may be. A value is read or refused,
 * never guessed. Columns that no figure needs are named once and dropped unread.
 */
import { COLUMNS, type Column } from './aliases.ts';

export type Layout = 'long' | 'wide' | 'totals';

export const HALF_DAYS = [
  'MonAM',
  'MonPM',
  'TueAM',
  'TuePM',
  'WedAM',
  'WedPM',
  'ThuAM',
  'ThuPM',
  'FriAM',
  'FriPM',
] as const satisfies readonly Column[];

/** What only this layout has, and what it needs beside. */
const LAYOUTS: Readonly<
  Record<Layout, { readonly own: readonly Column[]; readonly also: readonly Column[] }>
> = {
  long: { own: ['date', 'session', 'mark'], also: ['school_urn', 'pupil_id'] },
  wide: { own: HALF_DAYS, also: ['school_urn', 'pupil_id', 'week_commencing'] },
  totals: {
    own: ['group_type', 'group', 'pupils', 'possible', 'attended', 'authorised', 'unauthorised'],
    also: ['school_urn', 'week_commencing'],
  },
};
const PUPIL: readonly Column[] = ['upn', 'year_group', 'reg_group', 'pp', 'sen', 'dob', 'compulsory_age'];
const OPTIONAL: Readonly<Record<Layout, readonly Column[]>> = {
  long: [...PUPIL, 'minutes_late'],
  wide: PUPIL,
  totals: ['late_before', 'late_after', 'missing', 'not_possible'],
};
/** Part of the layouts; read only where a school's pupils may be shown. */
const NAMES: readonly Column[] = ['surname', 'forename'];

export type Header = {
  readonly kind: 'header';
  readonly layout: Layout;
  /** Where each column stands; -1 when the file does not have it. */
  readonly at: Readonly<Record<Column, number>>;
  readonly width: number;
  readonly dropped: readonly string[];
};

type HeaderProblems = { readonly kind: 'problems'; readonly problems: readonly string[] };

export type HeaderOptions = {
  /** A file of one school that is named by the caller needs no URN column. */
  readonly schoolGiven: boolean;
  readonly nameOf: (cell: string) => Column | undefined;
};

/** The header's columns, or what is wrong with it. */
export function readHeader(cells: readonly string[], options: HeaderOptions): Header | HeaderProblems {
  if (cells.length === 1 && /[;\t|]/.test(cells[0] ?? ''))
    return refuseHeader([
      'the columns are not separated by commas; save the file as “CSV (comma delimited)”',
    ]);
  const names = cells.map((cell) => options.nameOf(cell) ?? cell.trim().toLowerCase());
  const columns = new Set<string>(names);
  const scores = (['long', 'wide', 'totals'] as const).map((layout) => ({
    layout,
    found: LAYOUTS[layout].own.filter((name) => columns.has(name)).length / LAYOUTS[layout].own.length,
  }));
  if (scores.filter(({ found }) => found === 1).length > 1)
    return refuseHeader(['the columns are of two layouts at once; keep those of one']);
  const { layout } = scores.reduce((best, one) => (one.found > best.found ? one : best));
  const needed = needs(layout, columns, options.schoolGiven);
  const missing = needed.filter((name) => !columns.has(name));
  const used = new Set<string>([...needed, ...OPTIONAL[layout], 'school_urn', 'pupil_id', ...NAMES]);
  const twice = names.filter((name, index) => used.has(name) && names.indexOf(name) !== index);
  const problems = [
    ...missing.map((name) => `the column ${name} is missing`),
    ...[...new Set(twice)].map((name) => `the column ${name} stands twice`),
  ];
  if (problems.length > 0) return refuseHeader(problems);
  const place = (name: Column) => (used.has(name) ? names.indexOf(name) : -1);
  const at = Object.fromEntries(COLUMNS.map((name) => [name, place(name)])) as Record<Column, number>;
  // The pupil number stands in for the system's own where the file has only that.
  if (at.pupil_id < 0) at.pupil_id = at.upn;
  return {
    kind: 'header',
    layout,
    at,
    width: cells.length,
    dropped: cells.flatMap((cell, index) =>
      cell.trim() === '' || used.has(names[index] ?? '') ? [] : [nameIn(cell)],
    ),
  };
}

function needs(layout: Layout, columns: ReadonlySet<string>, schoolGiven: boolean): Column[] {
  const { own, also } = LAYOUTS[layout];
  return [...also, ...own].filter(
    (name) => !(name === 'school_urn' && schoolGiven) && !(name === 'pupil_id' && columns.has('upn')),
  );
}

function refuseHeader(problems: readonly string[]): HeaderProblems {
  return { kind: 'problems', problems };
}

/** A column's name as a message may show it: short, and without a sign that could act anywhere. */
function nameIn(cell: string): string {
  const name = cell
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ /-]/gu, '')
    .replace(/^[-/\s]+/, '')
    .replace(/\s+/g, '_');
  return name.slice(0, 30) || 'a column without a usable name';
}

/** `7`, `Year 7`, `Y7`, `R` and `Reception` become `7` and `R`; nursery is `N`. Undefined for anything else. */
export function readYearGroup(text: string): string | undefined {
  const name = text.toLowerCase();
  if (/^(r|reception|year r|yr)$/.test(name)) return 'R';
  if (/^(n[12]?|nursery)$/.test(name)) return 'N';
  const year = /^(?:year ?|y)?(\d{1,2})$/.exec(name)?.[1];
  return year !== undefined && Number(year) >= 1 && Number(year) <= 14 ? String(Number(year)) : undefined;
}

export function readYesNo(text: string): 'yes' | 'no' | undefined {
  const word = text.toLowerCase();
  if (['y', 'yes', 'true', '1', 't'].includes(word)) return 'yes';
  return ['n', 'no', 'false', '0', 'f'].includes(word) ? 'no' : undefined;
}

/** N none, K SEN support, E education, health and care plan. */
export function readSen(text: string): 'N' | 'K' | 'E' | undefined {
  const code = text.toUpperCase();
  return code === 'N' || code === 'K' || code === 'E' ? code : undefined;
}

/** A tutor group as schools name them: `5A`, `9 Kestrel`, `10-Brunel`. Empty is none. */
export function readRegGroup(text: string): string | undefined {
  return /^(?:[\p{L}\p{N}](?:[\p{L}\p{N} /.&'’-]{0,18}[\p{L}\p{N}.])?)?$/u.test(text) ? text : undefined;
}
