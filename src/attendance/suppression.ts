/**
 * Which groups may be shown so that no figure points to a child, alone or by subtraction. The rule of ten is this
 * project's own, from a research service's output control (UKLLC guidebook: fewer than 10 masked, in rows and columns);
 * no DfE rule for a school's own reports was found. A group that is hidden takes the next smallest with it.
 */

export type Sized = { readonly id: string; readonly pupils: number };

/** `few`: fewer pupils than the threshold. `protects`: big enough, but hidden so that a small one cannot be worked out. */
export type HiddenBecause = 'few' | 'protects';

export type Disclosure = {
  readonly total: boolean;
  readonly shown: readonly string[];
  readonly hidden: ReadonlyMap<string, HiddenBecause>;
};

/**
 * Decides for groups that together make up the total. The total is shown from `threshold` pupils up; a small group is
 * hidden, with one group hidden alone the next smallest goes too, and when all that is hidden is still fewer than
 * `threshold` pupils nothing but the total is shown.
 */
export function disclose(total: number, groups: readonly Sized[], threshold: number): Disclosure {
  const hidden = new Map<string, HiddenBecause>();
  for (const group of groups) if (group.pupils < threshold) hidden.set(group.id, 'few');
  if (hidden.size === 1) {
    const next = groups
      .filter((group) => !hidden.has(group.id))
      .reduce<Sized | undefined>(
        (least, group) => (least && least.pupils <= group.pupils ? least : group),
        undefined,
      );
    if (next) hidden.set(next.id, 'protects');
  }
  const together = groups.reduce((sum, group) => sum + (hidden.has(group.id) ? group.pupils : 0), 0);
  // The groups may not cover the total (a pupil without a mark in the column); what is left over counts as hidden.
  const rest = Math.max(0, total - groups.reduce((sum, group) => sum + group.pupils, 0));
  const out = together + rest;
  if (total < threshold || (out > 0 && out < threshold)) {
    for (const group of groups) if (!hidden.has(group.id)) hidden.set(group.id, 'protects');
  }
  return {
    total: total >= threshold,
    shown: groups.filter((group) => !hidden.has(group.id)).map((group) => group.id),
    hidden,
  };
}
