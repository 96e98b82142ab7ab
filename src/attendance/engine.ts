/**
 * Counts sessions: one pupil's period, totals, pooled groups, gaps and changes. Pure and in integers. Sources: DfE,
 * "Pupil absence in schools in England" methodology (persistent and severe absence, pooling) and the identities of its
 * data files (possible = attended + absent; attended = present + approved activity). Who may see a figure: suppression.
 */
import { isLegacy, isMissing, ruleOf, type SessionClass } from './codes.ts';
import { decimal, type Fraction, fraction, scale, subtract } from './rates.ts';

/** Sessions by what they count as. Late ones are counted again: before the close they are present, after it absent. */
export type Tally = {
  readonly present: number;
  readonly approved: number;
  readonly authorised: number;
  readonly unauthorised: number;
  readonly notPossible: number;
  readonly notCollected: number;
  readonly missing: number;
  readonly invalid: number;
  readonly outsideRoll: number;
  readonly lateBefore: number;
  readonly lateAfter: number;
};

export type Totals = { readonly possible: number; readonly absent: number };

export type Day = { readonly date: string; readonly am: string | null; readonly pm: string | null };

export type PupilPeriod = {
  readonly days: readonly Day[];
  readonly onRollFrom?: string | undefined;
  /** The last day on roll, itself counted (DfE's Monitor your school attendance guide). */
  readonly onRollTo?: string | undefined;
  readonly compulsoryAge?: boolean | undefined;
};

type Counts = { -readonly [Name in keyof Tally]: number };

const COUNTED_AS: Readonly<Record<SessionClass, keyof Tally>> = {
  present: 'present',
  'approved-activity': 'approved',
  authorised: 'authorised',
  unauthorised: 'unauthorised',
  'not-possible': 'notPossible',
  'not-collected': 'notCollected',
};

function noSessions(): Counts {
  return {
    present: 0,
    approved: 0,
    authorised: 0,
    unauthorised: 0,
    notPossible: 0,
    notCollected: 0,
    missing: 0,
    invalid: 0,
    outsideRoll: 0,
    lateBefore: 0,
    lateAfter: 0,
  };
}

/** One pupil's sessions with what a person should look at, each said once, in order of appearance. */
export function tallyPupil(period: PupilPeriod): {
  readonly tally: Tally;
  readonly warnings: readonly string[];
} {
  const counts = noSessions();
  const warnings = new Set<string>();
  for (const day of period.days) {
    const outside =
      (period.onRollFrom !== undefined && day.date < period.onRollFrom) ||
      (period.onRollTo !== undefined && day.date > period.onRollTo);
    for (const mark of [day.am, day.pm]) {
      const warning = countMark(counts, mark?.trim() ?? null, day.date, outside);
      if (warning) warnings.add(warning);
      if (!outside && mark?.trim() === 'X' && period.compulsoryAge) warnings.add('X_ON_COMPULSORY_AGE');
    }
  }
  return { tally: counts, warnings: [...warnings] };
}

function countMark(counts: Counts, mark: string | null, date: string, outside: boolean): string | undefined {
  const rule = mark === null ? undefined : ruleOf(mark);
  // A blank of someone who has left is nobody's missing register, so it is outside the roll too.
  if (outside && rule?.counts !== 'not-collected') {
    counts.outsideRoll += 1;
    return undefined;
  }
  if (mark === null || isMissing(mark)) {
    counts.missing += 1;
    return undefined;
  }
  if (!rule) {
    counts.invalid += 1;
    return `INVALID_CODE:${mark}`;
  }
  counts[COUNTED_AS[rule.counts]] += 1;
  if (mark === 'L') counts.lateBefore += 1;
  if (mark === 'U') counts.lateAfter += 1;
  return isLegacy(rule, date) ? `LEGACY_CODE:${mark}` : undefined;
}

export function attendedOf(tally: Pick<Tally, 'present' | 'approved'>): number {
  return tally.present + tally.approved;
}

export function absentOf(tally: Pick<Tally, 'authorised' | 'unauthorised'>): number {
  return tally.authorised + tally.unauthorised;
}

export function totalsOf(tally: Tally): Totals {
  return { possible: attendedOf(tally) + absentOf(tally), absent: absentOf(tally) };
}

/** Null when no session was possible: such a rate is undefined, not 0% and not 100%. */
export function attendanceRate(totals: Totals): Fraction | null {
  return fraction(totals.possible - totals.absent, totals.possible);
}

export function absenceRate(totals: Totals): Fraction | null {
  return fraction(totals.absent, totals.possible);
}

/** Persistent absence: 10% or more of the pupil's own possible sessions, exactly 10% included (DfE methodology 3.1). */
export function isPersistent(totals: Totals): boolean | null {
  return totals.possible > 0 ? totals.absent * 10 >= totals.possible : null;
}

/** Severe absence: half or more of the pupil's own possible sessions. */
export function isSevere(totals: Totals): boolean | null {
  return totals.possible > 0 ? totals.absent * 2 >= totals.possible : null;
}

/** The absence band of five points, lower bound included: `0-5` … `45-50`, `50+` (DfE pupil distribution dashboard). */
export function bandOf(totals: Totals): string | null {
  if (totals.possible <= 0) return null;
  const step = Math.floor((totals.absent * 20) / totals.possible);
  return step >= 10 ? '50+' : `${step * 5}-${step * 5 + 5}`;
}

/** A group's sessions pooled: never the mean of its pupils' percentages (DfE methodology 3.2). */
export function pool(members: readonly Totals[]): Totals {
  return members.reduce<Totals>(
    (sum, one) => ({ possible: sum.possible + one.possible, absent: sum.absent + one.absent }),
    { possible: 0, absent: 0 },
  );
}

export type GroupSummary = {
  readonly totals: Totals;
  /** Pupils with at least one possible session: the denominator of the persistent absence rate. */
  readonly pupils: number;
  readonly persistent: number;
  readonly severe: number;
};

export function summarise(members: readonly Totals[]): GroupSummary {
  const counted = members.filter((member) => member.possible > 0);
  return {
    totals: pool(members),
    pupils: counted.length,
    persistent: counted.filter(isPersistent).length,
    severe: counted.filter(isSevere).length,
  };
}

/** The group's absence less the others', as a fraction; positive when the group misses more. */
export function gapBetween(group: Totals, others: Totals): Fraction | null {
  const left = absenceRate(group);
  const right = absenceRate(others);
  return left && right ? subtract(left, right) : null;
}

/** Attendance now less attendance before, as a fraction; positive when more sessions are attended. */
export function changeBetween(before: Totals, after: Totals): Fraction | null {
  const left = attendanceRate(after);
  const right = attendanceRate(before);
  return left && right ? subtract(left, right) : null;
}

/** Two sessions are a day. One decimal, since half days are real: `3.5`. */
export function daysMissed(absentSessions: number): string {
  return decimal({ of: BigInt(absentSessions), over: 2n }, 1);
}

/**
 * Days that ten pupils of the group missed between them in a week of `schoolDays` days. Made from the pooled rate, so
 * that weeks of different lengths, joiners and leavers stay comparable.
 */
export function daysPerTenPupils(totals: Totals, schoolDays: number): Fraction | null {
  const rate = absenceRate(totals);
  return rate && scale(rate, 10 * schoolDays);
}
