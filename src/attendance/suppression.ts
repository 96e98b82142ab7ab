/**
 * Which groups may be shown so that no figure points to a child, alone or by subtraction. The rule of ten is this
 * project's own, from a research service's output control (UKLLC guidebook: fewer than 10 masked, in rows and columns);
 * no DfE rule for a school's own reports was found. A group that is hidden takes the next smallest with it.
 */
import type { Totals } from './engine.ts';

/** `possible`: the group's possible sessions, where they are known. */
export type Sized = { readonly id: string; readonly pupils: number; readonly possible?: number };

/** `few`: fewer pupils than the threshold. `protects`: big enough, but hidden so that a small one cannot be worked out. */
export type HiddenBecause = 'few' | 'protects';

export type Disclosure = {
  readonly total: boolean;
  readonly shown: readonly string[];
  readonly hidden: ReadonlyMap<string, HiddenBecause>;
};

/** `sessions`: how many sessions the period held for a pupil who was there for all of it. */
export type Rule = { readonly threshold: number; readonly sessions: number };

type Size = { readonly pupils: number; readonly possible?: number | undefined };

/**
 * Enough pupils to be shown. Ten pupils of whom one came on Friday are nine pupils and a remainder too small to hide
 * them, so a group also needs nearly the sessions of ten: what any nine leave over is a tenth of what those nine have.
 */
export function isMany(size: Size, rule: Rule): boolean {
  return (
    size.pupils >= rule.threshold &&
    (size.possible === undefined || size.possible * 10 >= (rule.threshold * 10 - 1) * rule.sessions)
  );
}

/**
 * Decides for groups that together make up the total. The total is shown from `threshold` pupils up; a small group is
 * hidden, with one group hidden alone the next smallest goes too, and when all that is hidden is still fewer than
 * `threshold` pupils nothing but the total is shown.
 */
export function disclose(total: Size, groups: readonly Sized[], rule: Rule): Disclosure {
  const hidden = new Map<string, HiddenBecause>();
  for (const group of groups) if (!isMany(group, rule)) hidden.set(group.id, 'few');
  if (hidden.size === 1) {
    const next = groups
      .filter((group) => !hidden.has(group.id))
      .reduce<Sized | undefined>(
        (least, group) => (least && least.pupils <= group.pupils ? least : group),
        undefined,
      );
    if (next) hidden.set(next.id, 'protects');
  }
  const isShown = (group: Sized) => !hidden.has(group.id);
  // The groups may not cover the total (a pupil without a mark in the column); what is left over counts as hidden.
  const out = leftOver(total, groups.filter(isShown));
  if (!isMany(total, rule) || (out.pupils > 0 && !isMany(out, rule))) {
    for (const group of groups) if (!hidden.has(group.id)) hidden.set(group.id, 'protects');
  }
  return { total: isMany(total, rule), shown: groups.filter(isShown).map((group) => group.id), hidden };
}

function leftOver(total: Size, shown: readonly Sized[]): Size {
  const pupils = Math.max(0, total.pupils - shown.reduce((sum, group) => sum + group.pupils, 0));
  if (total.possible === undefined) return { pupils };
  const possible = shown.reduce((sum, group) => sum + (group.possible ?? 0), 0);
  return { pupils, possible: Math.max(0, total.possible - possible) };
}

/** Whether a figure of attendance is the number itself, or that number "or more", or "or fewer". */
export type Bound = 'exact' | 'at-least' | 'at-most';

/**
 * How many sessions must have been missed, and how many attended, for a group to be told of exactly. "Nobody was away" about
 * fifteen pupils says it of each one of them; one absence more than a tenth of nine pupils' sessions says it of no nine.
 */
export function leastSessions(rule: Rule): number {
  return Math.ceil(((rule.threshold - 1) * rule.sessions) / 10) + 1;
}

/** Neither nearly everybody in every session nor nearly nobody. */
export function isMixed(totals: Totals, rule: Rule): boolean {
  const least = leastSessions(rule);
  return totals.absent >= least && totals.possible - totals.absent >= least;
}

/** The sessions as they may be shown of a whole school: at its ends all that may be said is "so many or more". */
export function blurEnds(totals: Totals, rule: Rule): { readonly totals: Totals; readonly bound: Bound } {
  const least = leastSessions(rule);
  const { possible, absent } = totals;
  if (isMixed(totals, rule)) return { totals, bound: 'exact' };
  return absent < least
    ? { totals: { possible, absent: Math.min(least, possible) }, bound: 'at-least' }
    : { totals: { possible, absent: Math.max(0, possible - least) }, bound: 'at-most' };
}

/**
 * Whether a group may be named as missing more than the rest, without a figure. That says it missed at least so much: all of
 * it must still fit into the sessions of others than any nine of its pupils, and leave enough absences to the rest.
 */
export function mayName(own: Totals, rest: Totals, rule: Rule): boolean {
  const room = own.possible - own.absent >= (rule.threshold - 1) * rule.sessions;
  return room && isMixed(rest, rule);
}

/** Pupils who share both answers: what two comparisons of one release have in common. */
export type Corner = { readonly pupils: number; readonly possible: number; readonly attended: number };

/**
 * Whether two ways of parting the same pupils in two may both be shown. Their four corners are fixed by the shown sums but
 * for one number; the sessions by which it can still vary must hide nine pupils, or each corner must bear being known.
 */
export function mayCross(corners: readonly [Corner, Corner, Corner, Corner], rule: Rule): boolean {
  const least = Math.ceil((rule.threshold * rule.sessions) / 10);
  const [both, left, right, none] = corners;
  const absent = (corner: Corner) => corner.possible - corner.attended;
  const up = Math.min(absent(both), absent(none), left.attended, right.attended);
  const down = Math.min(both.attended, none.attended, absent(left), absent(right));
  if (up + down >= least) return true;
  return corners.every(
    (corner) =>
      corner.pupils === 0 || (isMany(corner, rule) && corner.attended >= least && absent(corner) >= least),
  );
}
