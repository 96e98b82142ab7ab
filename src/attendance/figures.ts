/**
 * Counts to figures: what a shown group attended and missed, rounded, with its ends blurred. Every figure is made of the
 * blurred sessions, so that two of them never tell more together than those sessions would. Knows nothing of who is shown.
 */
import { absenceRate, attendanceRate, changeBetween, daysPerTenPupils, type Totals } from './engine.ts';
import type { GroupWeek } from './fold.ts';
import { decimal, parseDecimal, percent, roundHalfUp, scale } from './rates.ts';
import type { ShownDays, ShownFigure, ShownGap } from './release-shape.ts';
import { type Bound, blurEnds, type Rule } from './suppression.ts';

/** Sessions after blurring: what a figure is made of, and all that may be added up further. */
export type Shown = { readonly totals: Totals; readonly bound: Bound };

export function shownOf(totals: Totals, rule: Rule): Shown {
  return blurEnds(totals, rule);
}

/** Sums of shown sessions. Bounds that point both ways leave nothing to say: undefined. */
export function poolShown(parts: readonly Shown[]): Shown | undefined {
  const bounds = new Set(parts.map((part) => part.bound).filter((bound) => bound !== 'exact'));
  if (parts.length === 0 || bounds.size > 1) return undefined;
  const [bound = 'exact'] = bounds;
  const sum = (pick: 'possible' | 'absent') => parts.reduce((total, part) => total + part.totals[pick], 0);
  return { totals: { possible: sum('possible'), absent: sum('absent') }, bound };
}

export function figureOf({ totals, bound }: Shown): ShownFigure | null {
  const rate = attendanceRate(totals);
  const attendance = percent(rate, 1);
  return rate && attendance !== null
    ? { perHundred: Number(roundHalfUp(scale(rate, 100))), attendance, bound }
    : null;
}

/** Days that ten of the pupils missed between them, in a week of `schoolDays` days. */
export function daysOf(totals: Totals, schoolDays: number): ShownDays | null {
  const missed = percent(absenceRate(totals), 2);
  const days = daysPerTenPupils(totals, schoolDays);
  return missed === null || days === null ? null : { days: Number(roundHalfUp(days)), missed };
}

/** Days for a week of another length, from a share in percent. */
function inWeekOf(missed: string, schoolDays: number): number {
  const rate = parseDecimal(missed) ?? { of: 0n, over: 1n };
  return Number(roundHalfUp(scale(rate, 10 * schoolDays, 100)));
}

/** A published figure of days as of a week of `schoolDays` days, so that a short week compares with a whole one. */
export function rescaled(shown: ShownDays, schoolDays: number): ShownDays {
  return { ...shown, days: inWeekOf(shown.missed, schoolDays) };
}

export function gapOf(group: Totals, others: Totals, schoolDays: number): ShownGap | null {
  const left = daysOf(group, schoolDays);
  const right = daysOf(others, schoolDays);
  return (
    left &&
    right && {
      disadvantaged: left.days,
      others: right.days,
      missed: { disadvantaged: left.missed, others: right.missed },
    }
  );
}

export function rescaledGap(gap: ShownGap | null, schoolDays: number): ShownGap | null {
  if (!gap?.missed) return gap;
  return {
    ...gap,
    disadvantaged: inWeekOf(gap.missed.disadvantaged, schoolDays),
    others: inWeekOf(gap.missed.others, schoolDays),
  };
}

/** Whole days that the group missed in all: two sessions a day, halves up. */
export function daysInAll(totals: Totals): number {
  return Number(roundHalfUp({ of: BigInt(totals.absent), over: 2n }));
}

/** How far attendance moved, in points with one decimal. */
export function movedBy(before: Totals, after: Totals): string | null {
  const change = changeBetween(before, after);
  return change && decimal(scale(change, 100), 1);
}

export function groupsOf(groups: readonly GroupWeek[], type: GroupWeek['type']): GroupWeek[] {
  // A day on which all was closed has no pupils and still says something; any other group without pupils does not.
  return groups.filter(
    (group) => group.type === type && (group.pupils > 0 || (type === 'day' && group.notPossible > 0)),
  );
}
