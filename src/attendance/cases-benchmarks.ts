/**
 * Worked cases on published figures: finds the row in the file that the case names, holds the identities of the DfE's
 * data on it and works the rates out again. Both years' column names are read (`education_phase`, `school_type`).
 */
import Papa from 'papaparse';
import { z } from 'zod/v4';
import { add, type Fraction, fraction, parseDecimal, percent, scale } from './rates.ts';

/** The text of a file that a case names, relative to the cases file; undefined when there is none. */
export type BenchmarkReader = (path: string) => string | undefined;

type Row = Readonly<Record<string, string | undefined>>;
const Count = z.int().min(0);
const PHASE_COLUMNS = ['education_phase', 'school_type'];

export function benchmarkRow(input: unknown, read: BenchmarkReader): unknown {
  const parsed = z
    .object({
      file: z.string(),
      select: z.record(z.string(), z.string()),
      possible: Count,
      attended: Count,
      present: Count.optional(),
      aea: Count.optional(),
      authorised: Count.optional(),
      unauthorised: Count.optional(),
    })
    .parse(input);
  const rows = rowsOf(parsed.file, read);
  if (!rows) return { problem: `${parsed.file} is not there` };
  const row = rows.find((candidate) =>
    Object.entries(parsed.select).every(([name, value]) => cellOf(candidate, name) === value),
  );
  if (!row) return { problem: `${parsed.file} has no such row` };
  const counts = countsOf(row);
  if (!counts) return { problem: 'the row holds no counts (DfE has hidden them)' };
  const stated = Object.entries(counts).filter(([name, value]) => {
    const given = parsed[name as keyof typeof parsed];
    return given !== undefined && given !== value;
  });
  if (stated.length > 0) return { problem: `the file says ${JSON.stringify(Object.fromEntries(stated))}` };
  const problem = identityProblem(counts);
  if (problem) return { problem };
  return {
    attendance_rate_1dp: percent(fraction(counts.attended, counts.possible), 1),
    absence_rate_2dp: percent(fraction(counts.possible - counts.attended, counts.possible), 2),
  };
}

export type PublishedCounts = {
  readonly possible: number;
  readonly attended: number;
  readonly present: number;
  readonly aea: number;
  readonly authorised: number;
  readonly unauthorised: number;
};

/** The session counts of a published row, or undefined when DfE shows a letter instead. */
export function countsOf(row: Row): PublishedCounts | undefined {
  const whole = (name: string) => (/^\d+$/.test(row[name] ?? '') ? Number(row[name]) : Number.NaN);
  const counts = {
    possible: whole('possible_sessions'),
    attended: whole('overall_attendance'),
    present: whole('present_sessions'),
    aea: whole('approved_educational_activity'),
    authorised: whole('authorised_absence'),
    unauthorised: whole('unauthorised_absence'),
  };
  return Object.values(counts).every(Number.isSafeInteger) ? counts : undefined;
}

/** Which identity a row breaks: possible = attended + absent, attended = present + approved activity. */
function identityProblem(counts: PublishedCounts): string | undefined {
  if (counts.present + counts.aea !== counts.attended)
    return 'present and approved activity are not what attended';
  if (counts.attended + counts.authorised + counts.unauthorised !== counts.possible)
    return 'attended and absent are not what was possible';
  return undefined;
}

/** Before 2025/26 DfE weighted the phases by enrolments for its all-schools rate; pooling gives another figure. */
export function weightedTotal(input: unknown, read: BenchmarkReader): unknown {
  const { file, phases } = z
    .object({
      file: z.string(),
      phases: z.array(z.object({ possible: Count, attended: Count, census_enrolments: Count })).min(1),
    })
    .parse(input);
  const row = rowsOf(file, read)?.find(
    (candidate) =>
      candidate.geographic_level === 'National' && cellOf(candidate, 'education_phase') === 'Total',
  );
  const published = parseDecimal(row?.attendance_perc ?? '');
  const enrolled = phases.reduce((sum, phase) => sum + phase.census_enrolments, 0);
  const weighted = phases.reduce<Fraction>(
    (sum, phase) =>
      add(sum, {
        of: BigInt(phase.attended) * BigInt(phase.census_enrolments),
        over: BigInt(phase.possible),
      }),
    { of: 0n, over: 1n },
  );
  const sumOf = (pick: 'attended' | 'possible') => phases.reduce((sum, phase) => sum + phase[pick], 0);
  return {
    published_attendance_2dp: published && percent(scale(published, 1, 100), 2),
    weighted_2dp: percent(scale(weighted, 1, enrolled), 2),
    pooled_2dp: percent(fraction(sumOf('attended'), sumOf('possible')), 2),
  };
}

function rowsOf(file: string, read: BenchmarkReader): readonly Row[] | undefined {
  const text = read(file);
  return text === undefined
    ? undefined
    : Papa.parse<Row>(text.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: true }).data;
}

function cellOf(row: Row, name: string): string | undefined {
  if (!PHASE_COLUMNS.includes(name)) return row[name];
  return PHASE_COLUMNS.map((column) => row[column]).find((value) => value !== undefined);
}
