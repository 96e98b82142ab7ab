/**
 * Runs worked cases, each an input with the figures a person worked out by hand, through the same functions that the
 * cards use. A kind it does not know, or an input it cannot read, is a failed case that says so; never a skipped one.
 */
import { z } from 'zod/v4';
import { type BenchmarkReader, benchmarkRow, weightedTotal } from './cases-benchmarks.ts';
import {
  calendarWeek,
  headroomCase,
  penalty,
  reasonCase,
  recovery,
  scheduleUtc,
  transition,
} from './cases-rules.ts';
import {
  absenceRate,
  absentOf,
  attendanceRate,
  attendedOf,
  bandOf,
  changeBetween,
  daysMissed,
  gapBetween,
  isPersistent,
  isSevere,
  pool,
  summarise,
  tallyPupil,
  totalsOf,
} from './engine.ts';
import { add, fraction, percent, scale } from './rates.ts';
import { disclose } from './suppression.ts';
import { isUpn } from './upn.ts';

export type CaseResult = {
  readonly id: string;
  readonly kind: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly pass: boolean;
};

const CasesFile = z.object({
  cases: z.array(z.object({ id: z.string(), kind: z.string(), input: z.unknown(), expected: z.unknown() })),
});
const Count = z.int().min(0);
const TotalsShape = z.object({ possible: Count, absent: Count });
const Attended = z.object({ possible: Count, attended: Count });
const Mark = z.string().nullish();

/** Throws ZodError when the file is not a cases file at all. `read` gives the text of a file named in a case. */
export function runCases(json: unknown, read: BenchmarkReader): CaseResult[] {
  return CasesFile.parse(json).cases.map(({ id, kind, input, expected }) => {
    const actual = work(kind, input, read);
    return { id, kind, expected, actual, pass: agrees(expected, actual) };
  });
}

function work(kind: string, input: unknown, read: BenchmarkReader): unknown {
  const run = KINDS[kind];
  if (!run) return { problem: `no rule for cases of kind ${kind}` };
  try {
    return run(input, read);
  } catch (error) {
    if (error instanceof z.ZodError) return { problem: z.prettifyError(error) };
    throw error;
  }
}

/** Equal in every field that the case states. */
function agrees(expected: unknown, actual: unknown): boolean {
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => agrees(item, actual[index]))
    );
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, actual);
  if (typeof actual !== 'object' || actual === null) return false;
  const found = new Map<string, unknown>(Object.entries(actual));
  return Object.entries(expected).every(([name, value]) => agrees(value, found.get(name)));
}

const KINDS: Readonly<Record<string, (input: unknown, read: BenchmarkReader) => unknown>> = {
  pupil_period: pupilPeriod,
  pupil_totals: (input) => {
    const totals = TotalsShape.parse(input);
    return {
      ...rates(totals),
      absence_rate_2dp: percent(absenceRate(totals), 2),
      ...lines(totals),
      band: bandOf(totals),
    };
  },
  cohort,
  gap: (input) => {
    const { group, comparison } = z.object({ group: TotalsShape, comparison: TotalsShape }).parse(input);
    const gap = gapBetween(group, comparison);
    return {
      group_absence_1dp: percent(absenceRate(group), 1),
      comparison_absence_1dp: percent(absenceRate(comparison), 1),
      gap_pp_1dp: percent(gap, 1),
      gap_pp_2dp: percent(gap, 2),
    };
  },
  change: (input) => {
    const parsed = z.object({ previous: Attended, current: Attended }).parse(input);
    const previous = fromAttended(parsed.previous);
    const current = fromAttended(parsed.current);
    return {
      previous_1dp: percent(attendanceRate(previous), 1),
      current_1dp: percent(attendanceRate(current), 1),
      change_pp_1dp: percent(changeBetween(previous, current), 1),
    };
  },
  suppression,
  days_missed: (input) => ({
    days_missed: daysMissed(z.object({ absent_sessions: Count }).parse(input).absent_sessions),
  }),
  upn: (input) => ({ valid: isUpn(z.object({ upn: z.string() }).parse(input).upn) }),
  transition,
  headroom: headroomCase,
  recovery,
  penalty_threshold: penalty,
  n_deadline: reasonCase,
  calendar_week: calendarWeek,
  schedule_utc: scheduleUtc,
  benchmark_row: benchmarkRow,
  weighted_total: weightedTotal,
};

function fromAttended(counts: z.infer<typeof Attended>) {
  return { possible: counts.possible, absent: counts.possible - counts.attended };
}

function rates(totals: z.infer<typeof TotalsShape>) {
  return {
    attendance_rate_1dp: percent(attendanceRate(totals), 1),
    absence_rate_1dp: percent(absenceRate(totals), 1),
  };
}

function lines(totals: z.infer<typeof TotalsShape>) {
  return { persistent_absent: isPersistent(totals), severe_absent: isSevere(totals) };
}

function pupilPeriod(input: unknown): unknown {
  const parsed = z
    .object({
      on_roll_from: z.string().nullish(),
      on_roll_to: z.string().nullish(),
      compulsory_school_age: z.boolean().nullish(),
      days: z.array(z.object({ date: z.string(), am: Mark, pm: Mark })),
    })
    .parse(input);
  const { tally, warnings } = tallyPupil({
    days: parsed.days.map((day) => ({ date: day.date, am: day.am ?? null, pm: day.pm ?? null })),
    onRollFrom: parsed.on_roll_from ?? undefined,
    onRollTo: parsed.on_roll_to ?? undefined,
    compulsoryAge: parsed.compulsory_school_age ?? undefined,
  });
  const totals = totalsOf(tally);
  return {
    possible: totals.possible,
    attended: attendedOf(tally),
    present: tally.present,
    aea: tally.approved,
    authorised: tally.authorised,
    unauthorised: tally.unauthorised,
    absent: absentOf(tally),
    not_possible: tally.notPossible,
    not_collected: tally.notCollected,
    missing: tally.missing,
    invalid: tally.invalid,
    outside_roll: tally.outsideRoll,
    late_before_close: tally.lateBefore,
    late_after_close: tally.lateAfter,
    ...rates(totals),
    ...lines(totals),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

function cohort(input: unknown): unknown {
  const { pupils } = z.object({ pupils: z.array(TotalsShape) }).parse(input);
  const summary = summarise(pupils);
  return {
    ...pool(pupils),
    ...rates(summary.totals),
    pupils_with_possible: summary.pupils,
    pa_pupils: summary.persistent,
    pa_rate_1dp: percent(fraction(summary.persistent, summary.pupils), 1),
    severe_pupils: summary.severe,
    mean_of_pupil_rates_1dp_WRONG: percent(meanOfRates(pupils), 1),
  };
}

/** What a cohort rate must not be; shown beside it in the cases as a warning. */
function meanOfRates(pupils: readonly z.infer<typeof TotalsShape>[]) {
  const each = pupils.map(attendanceRate).filter((rate) => rate !== null);
  const sum = each.reduce((total, rate) => add(total, rate), { of: 0n, over: 1n });
  return each.length > 0 ? scale(sum, 1, each.length) : null;
}

function suppression(input: unknown): unknown {
  const parsed = z
    .object({
      threshold: z.int().min(1),
      total: z.object({ pupils: Count }),
      groups: z.array(z.object({ id: z.string(), pupils: Count })),
    })
    .parse(input);
  const { total, shown, hidden } = disclose(parsed.total, parsed.groups, {
    threshold: parsed.threshold,
    sessions: 0,
  });
  const because = { few: 'primary', protects: 'secondary' } as const;
  const suppressed = parsed.groups.map((group) => group.id).filter((id) => hidden.has(id));
  return {
    total_shown: total,
    shown,
    suppressed,
    reason: Object.fromEntries([...hidden].map(([id, why]) => [id, because[why]])),
    gap_shown: total && suppressed.length === 0 && parsed.groups.length > 1,
  };
}
