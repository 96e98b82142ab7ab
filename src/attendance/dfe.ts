/**
 * Reads the DfE's published attendance files ("Pupil attendance in schools", weekly and year to date) and holds each row to
 * the identities of its own columns through our engine. Both years' column names are known; any other shape is refused by
 * name. What a figure is compared with is decided in `benchmarks.ts`.
 */
import Papa from 'papaparse';
import { ruleOf, type SessionClass } from './codes.ts';
import { attendanceRate } from './engine.ts';
import { add, type Fraction, parseDecimal, scale, subtract } from './rates.ts';

export type Phase = 'primary' | 'secondary' | 'special' | 'all';
export type AreaLevel = 'national' | 'regional' | 'local-authority';

/** Sessions of one area, phase and period, as published. */
export type PublishedRow = {
  readonly line: number;
  readonly level: AreaLevel;
  /** The area's official code, such as E92000001, and its name. */
  readonly area: string;
  readonly areaName: string;
  readonly phase: Phase;
  /** `2025-W37`, `2025/26`, or a day: `2025-09-08`. */
  readonly period: string;
  readonly possible: number;
  readonly attended: number;
  readonly enrolments: number;
  /** As published, in percent. */
  readonly rate: Fraction;
  readonly persistent: string | null;
};

export type RowProblem = { readonly line: number; readonly reason: string };

export type PublishedFile =
  | { readonly kind: 'not-known'; readonly reason: string }
  | {
      readonly kind: 'published';
      readonly rows: readonly PublishedRow[];
      /** Rows that the DfE has hidden itself (`c` for a local authority with one school). */
      readonly hidden: number;
      readonly problems: readonly RowProblem[];
    };

type Row = Readonly<Record<string, string | undefined>>;

const LEVELS: Readonly<Record<string, AreaLevel>> = {
  National: 'national',
  Regional: 'regional',
  'Local authority': 'local-authority',
};
const PHASES: Readonly<Record<string, Phase>> = {
  Primary: 'primary',
  Secondary: 'secondary',
  Special: 'special',
  Total: 'all',
};
/** `education_phase` since 2025/26, `school_type` before and in the file of all codes. */
const PHASE_COLUMNS = ['education_phase', 'school_type'] as const;
const NEEDED = [
  'time_period',
  'time_identifier',
  'geographic_level',
  'possible_sessions',
  'overall_attendance',
  'overall_absence',
  'present_sessions',
  'approved_educational_activity',
  'authorised_absence',
  'unauthorised_absence',
  'late_sessions',
  'total_enrolments',
  'attendance_perc',
] as const;
const HIDDEN = new Set(['c', 'z', 'x', 'low', 'u', 'NA', '']);
const PRESENT = 'reason_present';
/** A code's column names it first: `reason_i_authorised_illness`, `reason_c1_…`. F is in the sums without a column. */
const CODE_COLUMN = /^reason_([a-z]\d?)_/;

export function readPublished(text: string): PublishedFile {
  const { data, meta } = Papa.parse<Row>(text.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: true });
  const columns = meta.fields ?? [];
  if (columns.includes('session_count') && columns.includes('attendance_reason'))
    return notKnown(
      'this is the shape of the statistics service’s API, one row a reason; take the file with one column a reason',
    );
  const missing = [...NEEDED.filter((name) => !columns.includes(name))];
  if (!PHASE_COLUMNS.some((name) => columns.includes(name)))
    return notKnown(`it has no column ${PHASE_COLUMNS.join(' or ')}`);
  if (missing.length > 0) return notKnown(`it has no column ${missing.join(', ')}`);
  const rows: PublishedRow[] = [];
  const problems: RowProblem[] = [];
  let hidden = 0;
  data.forEach((row, index) => {
    const line = index + 2;
    if (HIDDEN.has(row.possible_sessions ?? '')) {
      hidden += 1;
      return;
    }
    const read = readRow(row, line);
    if (typeof read === 'string') problems.push({ line, reason: read });
    else rows.push(read);
  });
  return { kind: 'published', rows, hidden, problems: [...problems, ...rateProblems(rows)] };
}

function notKnown(reason: string): PublishedFile {
  return { kind: 'not-known', reason };
}

function readRow(row: Row, line: number): PublishedRow | string {
  const phase = PHASES[PHASE_COLUMNS.map((name) => row[name]).find((value) => value !== undefined) ?? ''];
  const level = LEVELS[row.geographic_level ?? ''];
  const period = periodOf(row);
  if (!phase || !level || !period) return 'its phase, level or period is not known';
  const rate = parseDecimal(row.attendance_perc ?? '');
  const enrolments = whole(row, 'total_enrolments');
  if (!rate || enrolments === undefined) return 'its attendance or enrolments are no number';
  const counts = countsOf(row);
  if (typeof counts === 'string') return counts;
  const [area, areaName] = areaOf(row, level);
  const persistent = parseDecimal(row.pa_perc ?? '') ? (row.pa_perc ?? null) : null;
  return { line, level, area, areaName, phase, period, ...counts, enrolments, rate, persistent };
}

function areaOf(row: Row, level: AreaLevel): readonly [string, string] {
  if (level === 'national') return [row.country_code ?? '', row.country_name ?? ''];
  if (level === 'regional') return [row.region_code ?? '', row.region_name ?? ''];
  return [row.new_la_code ?? '', row.la_name ?? ''];
}

function periodOf(row: Row): string | undefined {
  const { time_period: time = '', time_identifier: identifier = '' } = row;
  const week = /^(?:Week )?(\d{1,2})$/.exec(identifier)?.[1];
  if (row.breakdown === 'Daily') {
    const day = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(row.attendance_date ?? '');
    return day ? `${day[3]}-${day[2]}-${day[1]}` : undefined;
  }
  if (week && /^\d{4}$/.test(time)) return `${time}-W${week.padStart(2, '0')}`;
  const year = /^(\d{4})(\d{2})$/.exec(time);
  return year && identifier === 'Academic year' ? `${year[1]}/${year[2]}` : undefined;
}

function whole(row: Row, name: string): number | undefined {
  const text = row[name] ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * The row's sessions by class, counted from its codes by our own table and compared with its sums. Authorised absence may
 * hold more: the DfE still receives a few sessions coded F, which most files give no column.
 */
function countsOf(row: Row): { possible: number; attended: number } | string {
  const sums = {
    possible: whole(row, 'possible_sessions'),
    attended: whole(row, 'overall_attendance'),
    absent: whole(row, 'overall_absence'),
    present: whole(row, 'present_sessions'),
    'approved-activity': whole(row, 'approved_educational_activity'),
    authorised: whole(row, 'authorised_absence'),
    unauthorised: whole(row, 'unauthorised_absence'),
    late: whole(row, 'late_sessions'),
  };
  const [name] = Object.entries(sums).find(([, value]) => value === undefined) ?? [];
  if (name) return `its sessions (${name}) are no whole number`;
  const of = (key: keyof typeof sums) => sums[key] ?? 0;
  const counted: Partial<Record<SessionClass, number>> = { present: whole(row, PRESENT) ?? 0 };
  const late: number[] = [];
  for (const [column, text] of Object.entries(row)) {
    const code = column.startsWith(PRESENT) ? undefined : CODE_COLUMN.exec(column)?.[1]?.toUpperCase();
    const rule = code ? ruleOf(code) : undefined;
    if (!rule) continue;
    const sessions = Number(text);
    counted[rule.counts] = (counted[rule.counts] ?? 0) + sessions;
    if (rule.code === 'L' || rule.code === 'U') late.push(sessions);
  }
  if (of('possible') !== of('attended') + of('absent')) return 'possible is not attended and absent';
  if (of('attended') !== of('present') + of('approved-activity'))
    return 'attended is not present and approved activity';
  if (of('absent') !== of('authorised') + of('unauthorised'))
    return 'absent is not authorised and unauthorised';
  if (of('late') !== late.reduce((sum, one) => sum + one, 0)) return 'late is not L and U';
  for (const part of ['present', 'approved-activity', 'unauthorised'] as const)
    if (of(part) !== (counted[part] ?? 0)) return `${part} is not the sum of its codes`;
  if ((counted.authorised ?? 0) > of('authorised')) return 'authorised is less than the sum of its codes';
  return { possible: of('possible'), attended: of('attended') };
}

const BILLION = 10n ** 9n;

/** Rows whose published rate is not what our engine makes of their sessions. */
function rateProblems(rows: readonly PublishedRow[]): RowProblem[] {
  const phases = Map.groupBy(rows, (row) => [row.level, row.area, row.period].join('|'));
  return rows.flatMap((row) => {
    const own = rateOf(row);
    if (isClose(own, row.rate)) return [];
    const parts = (phases.get([row.level, row.area, row.period].join('|')) ?? []).filter(
      ({ phase }) => phase !== 'all',
    );
    if (row.phase === 'all' && parts.length > 0 && isClose(weightedRate(parts), row.rate)) return [];
    return [{ line: row.line, reason: 'its attendance is not what its sessions give' }];
  });
}

/** In percent, from the sessions alone. */
function rateOf({ possible, attended }: PublishedRow): Fraction {
  const rate = attendanceRate({ possible, absent: possible - attended });
  return rate ? scale(rate, 100) : { of: 0n, over: 1n };
}

/**
 * How the DfE made "all schools" to 2024/25: the phases' rates weighted by their enrolments in the census. Since 2025/26
 * the sessions are pooled, as everywhere in Waymark, so the two years differ by the method (attendance.md 2).
 */
function weightedRate(phases: readonly PublishedRow[]): Fraction {
  const enrolled = phases.reduce((sum, row) => sum + row.enrolments, 0);
  const total = phases.reduce<Fraction>((sum, row) => add(sum, scale(rateOf(row), row.enrolments)), {
    of: 0n,
    over: 1n,
  });
  return enrolled > 0 ? scale(total, 1, enrolled) : total;
}

/** To a billionth of a point, or to the last decimal that is published where those are fewer. */
function isClose(own: Fraction, published: Fraction): boolean {
  const { of, over } = subtract(own, published);
  const apart = of < 0n ? -of : of;
  const finest = published.over * 2n < BILLION ? published.over * 2n : BILLION;
  return apart * finest <= over;
}
