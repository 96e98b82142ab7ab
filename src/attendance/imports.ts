/**
 * What a marks file does to a week that is held: new, unchanged, corrected, or refused because sessions would be lost.
 * Pure: takes what the file says and what is held, gives the week to keep and a receipt. How a file is read stands in
 * `marks.ts`.
 */
import type { Refusal } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { absentOf, attendedOf, changeBetween, type Totals } from './engine.ts';
import type { FoldedWeek, GroupWeek } from './fold.ts';
import type { MarksProblem } from './problems.ts';
import { decimal, fraction, percent, scale } from './rates.ts';
import { encodeSheet, mayBeRenumbered, mergeSheets, type Sheet } from './sheet.ts';

export type WeekReceipt = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly state: 'new' | 'unchanged' | 'corrected';
  /** `totals`: sums of the school's own system, which need not say what is missing. */
  readonly counted?: 'totals';
  readonly pupils: number;
  /** Sessions with a mark among those that should have one, in percent with one decimal. */
  readonly complete: string;
  /** How far the school's attendance moved, in points with one decimal; null unless it was corrected. */
  readonly moved: string | null;
  /** Sessions that were held otherwise before. */
  readonly changed: number;
  /** Sessions without a mark, and with N, a reason not yet known; by weekday, 1 Monday, where there are any. */
  readonly missing: number;
  readonly unexplained: number;
  readonly missingDays: readonly number[];
};

export type ImportReceipt = {
  readonly kind: 'receipt';
  readonly importId: string;
  /** False for a file that was only checked: nothing was saved. */
  readonly saved: boolean;
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
  /** Undefined for a week that came as totals, or whose sheet is no longer kept. */
  readonly sheet: Sheet | undefined;
};

export type SheetBytes = { readonly pupils: number; readonly bytes: Buffer };

export type WeekPlan = {
  readonly folded: FoldedWeek;
  readonly receipt: WeekReceipt;
  readonly version: number;
  readonly body: SheetBytes | undefined;
  /** Why the file must not replace what is held; undefined when it may. */
  readonly loss: string | undefined;
  readonly takenBack: number;
  readonly kept: number;
};

export type WeekOptions = {
  /** The sender says that the file is the whole truth of its weeks, so that what is not in it may go. */
  readonly replace: boolean;
  readonly fold: (sheet: Sheet, bytes: Buffer) => FoldedWeek;
};

/** A week of marks, joined to what is held of it. */
export function planSheet(fresh: Sheet, held: Held | undefined, options: WeekOptions): WeekPlan {
  const joined = held?.sheet && !options.replace ? mergeSheets(held.sheet, fresh) : undefined;
  const compared = held?.sheet && options.replace ? mergeSheets(held.sheet, fresh) : joined;
  const sheet = joined?.sheet ?? fresh;
  const bytes = encodeSheet(sheet);
  const folded = options.fold(sheet, bytes);
  const doubled = joined && held?.sheet && mayBeRenumbered(held.sheet, fresh, joined);
  const loss = doubled
    ? `school ${folded.schoolUrn}, week ${folded.week}: has none of the pupils held, and as many in the same groups; have their numbers changed? A column upn would tell, and a part of a school is sent with the rest in one file`
    : held && !held.sheet && !options.replace
      ? lossOf(folded, held)
      : undefined;
  return {
    ...planned(folded, held, compared?.changed ?? 0),
    body: { pupils: sheet.rows.length, bytes },
    loss,
    takenBack: joined?.takenBack ?? 0,
    kept: joined?.kept ?? 0,
  };
}

/** A week that the school counted itself. It may not push out marks, which say more, unless that is meant. */
export function planTotals(folded: FoldedWeek, held: Held | undefined, replace: boolean): WeekPlan {
  const loss =
    held?.sheet && !replace
      ? `school ${folded.schoolUrn}, week ${folded.week}: is held from marks, which say more than totals`
      : undefined;
  const plan = planned(folded, held, 0);
  const receipt: WeekReceipt = { ...plan.receipt, counted: 'totals' };
  return { ...plan, receipt, body: undefined, loss, takenBack: 0, kept: 0 };
}

function planned(folded: FoldedWeek, held: Held | undefined, changed: number) {
  const same = held?.fingerprint === folded.fingerprint;
  return {
    folded,
    version: (held?.version ?? 0) + 1,
    receipt: receiptOf(folded, held, same, changed),
  };
}

/** Without its sheet a week cannot be joined to a part of it, so a part is refused. */
function lossOf(folded: FoldedWeek, before: Held): string | undefined {
  if (before.fingerprint === folded.fingerprint) return undefined;
  const gone = before.dates.filter((date) => !folded.dates.includes(date));
  const where = `school ${folded.schoolUrn}, week ${folded.week}`;
  if (gone.length > 0)
    return `${where}: the file has no marks for ${gone.join(', ')}, which are held already`;
  const fewer = before.marks - folded.marks;
  return fewer > 0
    ? `${where}: ${fewer} marks that are held already are not in the file (${folded.marks} of ${before.marks})`
    : undefined;
}

function receiptOf(
  folded: FoldedWeek,
  before: Held | undefined,
  same: boolean,
  changed: number,
): WeekReceipt {
  const all = folded.groups.find((group) => group.type === 'all');
  const change = !same && before?.all && all && changeBetween(totalsOfGroup(before.all), totalsOfGroup(all));
  return {
    schoolUrn: folded.schoolUrn,
    week: folded.week,
    state: same ? 'unchanged' : before ? 'corrected' : 'new',
    pupils: all?.pupils ?? 0,
    complete: (all && percent(completeness(all), 1)) ?? '0.0',
    moved: before && !same ? (change ? decimal(scale(change, 100), 1) : '0.0') : null,
    changed,
    missing: all?.missing ?? 0,
    unexplained: all?.unexplained ?? 0,
    missingDays: folded.groups
      .filter((group) => group.type === 'day' && group.missing > 0)
      .map((group) => Number(group.key)),
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

/** What joining the file to the weeks held did that its sender may not expect. */
export function joinNotes(plans: readonly WeekPlan[]): string[] {
  const changed = plans.reduce((sum, plan) => sum + plan.receipt.changed, 0);
  const takenBack = plans.reduce((sum, plan) => sum + plan.takenBack, 0);
  const kept = Math.max(0, ...plans.map((plan) => plan.kept));
  return [
    ...(changed > 0 ? [`${count(changed, 'session')} differed from what was held.`] : []),
    ...(takenBack > 0
      ? [
          `${count(takenBack, 'mark')} held before ${takenBack === 1 ? 'is' : 'are'} blank in this file, and now here too.`,
        ]
      : []),
    ...(kept > 0
      ? [
          `Up to ${count(kept, 'pupil')} of a week held before ${kept === 1 ? 'is' : 'are'} not in the file; their marks stay.`,
        ]
      : []),
  ];
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
