/**
 * What a marks file does to the weeks already held: new, unchanged, corrected, or refused because sessions would be lost.
 * Pure: takes what the file says and what is held, gives a plan and a receipt. How a file is read stands in `marks.ts`.
 */
import type { Refusal } from '../kernel/errors.ts';
import { absentOf, attendedOf, changeBetween, type Totals } from './engine.ts';
import type { FoldedWeek, GroupWeek } from './fold.ts';
import type { MarksProblem } from './marks.ts';
import { decimal, fraction, percent, scale } from './rates.ts';

export type WeekReceipt = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly state: 'new' | 'unchanged' | 'corrected';
  readonly pupils: number;
  /** Sessions with a mark among those that should have one, in percent with one decimal. */
  readonly complete: string;
  /** How far the school's attendance moved, in points with one decimal; null unless it was corrected. */
  readonly moved: string | null;
};

export type ImportReceipt = {
  readonly kind: 'receipt';
  readonly importId: string;
  readonly rows: number;
  readonly weeks: readonly WeekReceipt[];
  /** What was dropped, what is old, and in one sentence what corrections did. */
  readonly notes: readonly string[];
};

/** Nothing of the file was kept. */
export type ImportRefusal = Refusal & { readonly problems: readonly MarksProblem[]; readonly more: number };

/** What of a held week an import is measured against. */
export type Held = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly version: number;
  readonly marks: number;
  readonly dates: readonly string[];
  readonly fingerprint: string;
  readonly all: GroupWeek | undefined;
};

export type ImportPlan = {
  readonly save: readonly { readonly folded: FoldedWeek; readonly version: number }[];
  readonly receipts: readonly WeekReceipt[];
  readonly losses: readonly MarksProblem[];
};

/** `replace`: the sender says that the file is the whole truth of its weeks, so that what is not in it may go. */
export function planImport(
  weeks: readonly FoldedWeek[],
  held: readonly Held[],
  replace: boolean,
): ImportPlan {
  const save: { folded: FoldedWeek; version: number }[] = [];
  const receipts: WeekReceipt[] = [];
  const losses: MarksProblem[] = [];
  for (const folded of weeks) {
    const before = held.find((one) => one.schoolUrn === folded.schoolUrn && one.week === folded.week);
    const same = before?.fingerprint === folded.fingerprint;
    const loss = before && !same && !replace ? lossOf(folded, before) : undefined;
    if (loss) losses.push({ line: 0, column: '', reason: loss });
    if (!same) save.push({ folded, version: (before?.version ?? 0) + 1 });
    receipts.push(receiptOf(folded, before, same));
  }
  return { save, receipts, losses };
}

function lossOf(folded: FoldedWeek, before: Held): string | undefined {
  const gone = before.dates.filter((date) => !folded.dates.includes(date));
  const where = `school ${folded.schoolUrn}, week ${folded.week}`;
  if (gone.length > 0)
    return `${where}: the file has no marks for ${gone.join(', ')}, which are held already`;
  const fewer = before.marks - folded.marks;
  return fewer > 0
    ? `${where}: ${fewer} marks that are held already are not in the file (${folded.marks} of ${before.marks})`
    : undefined;
}

function receiptOf(folded: FoldedWeek, before: Held | undefined, same: boolean): WeekReceipt {
  const all = folded.groups.find((group) => group.type === 'all');
  const change = !same && before?.all && all && changeBetween(totalsOfGroup(before.all), totalsOfGroup(all));
  return {
    schoolUrn: folded.schoolUrn,
    week: folded.week,
    state: same ? 'unchanged' : before ? 'corrected' : 'new',
    pupils: all?.pupils ?? 0,
    complete: (all && percent(completeness(all), 1)) ?? '0.0',
    moved: before && !same ? (change ? decimal(scale(change, 100), 1) : '0.0') : null,
  };
}

/** `Corrections moved 3 weeks' figures by up to 0.3 points.`, or nothing. */
export function correctionNote(receipts: readonly WeekReceipt[]): string | undefined {
  const corrected = receipts.filter((one) => one.state === 'corrected');
  if (corrected.length === 0) return undefined;
  const most = corrected
    .map((one) => (one.moved ?? '0.0').replace('-', ''))
    .reduce((left, right) => (Number(left) >= Number(right) ? left : right));
  return corrected.length === 1
    ? `One week was corrected; its figures moved by ${most}.`
    : `${corrected.length} weeks were corrected; figures moved by up to ${most}.`;
}

export function totalsOfGroup(group: GroupWeek): Totals {
  const absent = absentOf(group);
  return { possible: attendedOf(group) + absent, absent };
}

/** Sessions with a mark over sessions that should have one; null when the school held none. */
export function completeness(group: GroupWeek) {
  const marked = totalsOfGroup(group).possible + group.notPossible;
  return fraction(marked, marked + group.missing);
}
