/**
 * What in a week is worth saying, by a written policy: what the gap did, which day or year group stands out beyond noise,
 * and the one thing to try. It claims no cause, makes no trend of two weeks and ranks nobody.
 */

import type { GroupWeek } from './fold.ts';
import { totalsOfGroup } from './imports.ts';
import type { Release } from './release.ts';

/**
 * The one group that misses clearly more than the rest of them together: at least a quarter more than expected, and more
 * than chance would explain. Absences come in whole days, two sessions at once, so the spread of a count of sessions is
 * the root of twice the count; three such spreads are asked for, as several groups are looked at. Undefined when none stands out, or two do.
 */
export function standOut(groups: readonly GroupWeek[]): GroupWeek | undefined {
  const all = groups.map(totalsOfGroup);
  const possible = all.reduce((sum, one) => sum + one.possible, 0);
  const absent = all.reduce((sum, one) => sum + one.absent, 0);
  const found = groups.filter((_, index) => {
    const own = all[index];
    if (!own || possible === own.possible) return false;
    const expected = ((absent - own.absent) * own.possible) / (possible - own.possible);
    const excess = own.absent - expected;
    return excess > 0 && own.absent >= expected * 1.25 && excess * excess >= 18 * expected;
  });
  return found.length === 1 ? found[0] : undefined;
}

export type GapMove =
  | 'narrowed'
  | 'narrowed-others-missed-more'
  | 'widened'
  | 'both-less'
  | 'both-less-gap-wider'
  | 'both-more'
  | 'unchanged';

/** What the gap did since the week before, judged by the whole days that the reader sees. Null when one side is not shown. */
export function gapMove(release: Release): GapMove | null {
  const { gap } = release;
  const before = release.before?.gap;
  if (!gap || !before) return null;
  const group = gap.disadvantaged - before.disadvantaged;
  const others = gap.others - before.others;
  if (group < 0 && others < 0) return group > others ? 'both-less-gap-wider' : 'both-less';
  if (group > 0 && others > 0) return 'both-more';
  if (group < others) return group < 0 ? 'narrowed' : 'narrowed-others-missed-more';
  return group > others ? 'widened' : 'unchanged';
}

/**
 * One thing for this week, doable and kind; the first that fits. A wider gap comes before anything else, since
 * disadvantaged pupils come first; then what stands out; then what went well; then a habit that always helps.
 */
export function oneThing(release: Release): string {
  const move = gapMove(release);
  const { standOutDay: day, standOutYear } = release;
  const year = standOutYear && yearName(standOutYear);
  if (move === 'widened' || move === 'both-less-gap-wider' || move === 'both-more')
    return 'greet first the pupils who carry most, and call home the same day when one is away.';
  if (day && year) return `choose one ${day} barrier to remove with ${year} families.`;
  if (day) return `ask three families what makes ${day}s hard, and change one thing.`;
  if (year) return `ask the ${year} team which one barrier they could remove with families.`;
  if (move === 'narrowed' || move === 'both-less')
    return 'ask one family what helped, and do it for another.';
  return 'make one call home that asks what would help, before it asks about the absence.';
}

/** `Year 5`, `Reception`, `nursery`. */
export function yearName(key: string): string {
  if (key === 'R') return 'Reception';
  return key === 'N' ? 'nursery' : `Year ${key}`;
}
