/**
 * Whether a change is more than the usual ups and downs. Absence comes in spells: one child who is ill for three days is
 * six sessions at once, so ten pupils' counts jump far more than a coin's would. Pure; judges counts and names no cause.
 */
import { attendanceRate, type Totals } from './engine.ts';

/**
 * Variance of a count of missed sessions, as a multiple of the count. For events that come in lumps it is the mean of the
 * squared lump over the mean lump. Spells of one to five days, shorter ones likelier (50, 20, 15, 5 and 10 in a hundred),
 * give 23.8 over 4.1 sessions, 5.8; taken as 6.
 */
const SPELL = 6;
/** One day's absence is both its sessions at once. */
const DAY = 2;
/** Two spreads for the one change a card speaks of; three and a half where the largest of several groups is looked for. */
const CHANGE_SPREADS = 2;
const STAND_OUT_SPREADS = 3.5;

/** Whether a group's rate moved beyond noise between two weeks. */
export function rateMoved(now: Totals, before: Totals): boolean {
  return beyond([
    { totals: now, sign: 1 },
    { totals: before, sign: -1 },
  ]);
}

export type TwoGroups = { readonly group: Totals; readonly others: Totals };

/** Whether the difference of two groups moved beyond noise between two weeks; all four counts are uncertain. */
export function gapMoved(now: TwoGroups, before: TwoGroups): boolean {
  return beyond([
    { totals: now.group, sign: 1 },
    { totals: now.others, sign: -1 },
    { totals: before.group, sign: -1 },
    { totals: before.others, sign: 1 },
  ]);
}

type Term = { readonly totals: Totals; readonly sign: 1 | -1 };

/** Rounded by nothing: rates are compared as they are, since only yes or no leaves here. */
function beyond(terms: readonly Term[]): boolean {
  if (terms.some(({ totals }) => attendanceRate(totals) === null)) return false;
  const difference = terms.reduce(
    (sum, { totals, sign }) => sum + (sign * totals.absent) / totals.possible,
    0,
  );
  const variance = terms.reduce(
    (sum, { totals }) => sum + (SPELL * Math.max(1, totals.absent)) / totals.possible ** 2,
    0,
  );
  return difference ** 2 >= CHANGE_SPREADS ** 2 * variance;
}

/**
 * Which of several groups misses clearly more than the rest of them together: at least a quarter more than expected, and
 * more than chance would explain in any of them. `days`: the groups are weekdays, so a spell falls on all of them alike.
 * The index; undefined when none stands out, or two do.
 */
export function standingOut(groups: readonly Totals[], days: boolean): number | undefined {
  const lump = days ? DAY : SPELL;
  const possible = groups.reduce((sum, one) => sum + one.possible, 0);
  const absent = groups.reduce((sum, one) => sum + one.absent, 0);
  const found = groups.flatMap((own, index) => {
    if (possible === own.possible) return [];
    const share = own.possible / (possible - own.possible);
    const expected = (absent - own.absent) * share;
    const excess = own.absent - expected;
    const clear = excess > 0 && own.absent >= expected * 1.25;
    // What is expected is a count itself, and as uncertain.
    const variance = lump * Math.max(1, expected) * (1 + share);
    return clear && excess ** 2 >= STAND_OUT_SPREADS ** 2 * variance ? [index] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

/**
 * A group's week before, from the share of sessions it missed as published, in percent: of as many sessions as now. Good
 * enough to judge by, and made of nothing that was not shown.
 */
export function shownBefore(now: Totals, missedPercent: string): Totals {
  return { possible: now.possible, absent: Math.round((now.possible * Number(missedPercent)) / 100) };
}
