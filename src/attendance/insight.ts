/**
 * What in a week is worth saying, by a written policy (docs/decisions/nudges.md): at most three things, the gap first,
 * then what moved or stands out beyond noise, then the registers; and the one thing to try. It claims no cause, makes no
 * trend of two weeks and ranks nobody.
 */

import type { GroupWeek } from './fold.ts';
import { totalsOfGroup } from './imports.ts';
import { standingOut } from './noise.ts';
import type { Release } from './release.ts';

/** The one group that misses clearly more than the rest of them together; undefined when none stands out, or two do. */
export function standOut(groups: readonly GroupWeek[]): GroupWeek | undefined {
  const days = groups.every((group) => group.type === 'day');
  const index = standingOut(groups.map(totalsOfGroup), days);
  return index === undefined ? undefined : groups[index];
}

export type GapMove =
  | 'narrowed'
  | 'narrowed-others-missed-more'
  | 'widened'
  | 'both-less'
  | 'both-less-gap-wider'
  | 'both-more'
  | 'within-noise'
  | 'unchanged';

/**
 * What the gap did since the week before, judged by the whole days that the reader sees; a change of those days that is
 * within noise is called that. Null when one side is not shown.
 */
export function gapMove(release: Release): GapMove | null {
  const { gap, before } = release;
  if (!gap || !before?.gap) return null;
  const group = gap.disadvantaged - before.gap.disadvantaged;
  const others = gap.others - before.gap.others;
  if (group === 0 && others === 0) return 'unchanged';
  if (!before.gapMoved && !before.schoolMoved) return 'within-noise';
  if (group < 0 && others < 0) return group > others ? 'both-less-gap-wider' : 'both-less';
  if (group > 0 && others > 0) return 'both-more';
  if (group === others) return 'unchanged';
  if (!before.gapMoved) return 'within-noise';
  if (group < others) return group < 0 ? 'narrowed' : 'narrowed-others-missed-more';
  return 'widened';
}

export type Insight =
  | { readonly kind: 'gap'; readonly move: GapMove | null }
  | { readonly kind: 'school'; readonly change: 'up' | 'down' | 'level' | 'alone' }
  | { readonly kind: 'stand-out'; readonly day: string | null; readonly year: string | null }
  /** Sessions whose reason is not known yet; for the head alone. */
  | { readonly kind: 'registers'; readonly awaited: number };

/** At most three things worth saying of a week, in the order in which a card says them. */
export function insightsOf(release: Release): Insight[] {
  const { standOutDay: day, standOutYear: year, reasonsAwaited: awaited } = release;
  const third: Insight[] =
    day || year
      ? [{ kind: 'stand-out', day, year }]
      : awaited !== null
        ? [{ kind: 'registers', awaited }]
        : [];
  return [
    { kind: 'gap', move: gapMove(release) },
    ...(release.school ? [{ kind: 'school' as const, change: schoolChange(release) }] : []),
    ...third,
  ];
}

function schoolChange({ school, before }: Release): 'up' | 'down' | 'level' | 'alone' {
  const then = before?.school?.perHundred;
  if (!school || then === undefined) return 'alone';
  if (!before?.schoolMoved || school.perHundred === then) return 'level';
  return school.perHundred > then ? 'up' : 'down';
}

/**
 * Whether a card would tell its readers anything new: where not, none is sent. A first week and a closure are news; what
 * stood out in the release before as well is not.
 */
export function hasNews(release: Release, last: Release | undefined): boolean {
  if (!release.before || release.shut.length > 0) return true;
  return insightsOf(release).some((insight) => {
    if (insight.kind === 'gap')
      return insight.move !== null && insight.move !== 'unchanged' && insight.move !== 'within-noise';
    if (insight.kind === 'stand-out')
      return insight.day !== (last?.standOutDay ?? null) || insight.year !== (last?.standOutYear ?? null);
    return insight.kind === 'school' && (insight.change === 'up' || insight.change === 'down');
  });
}

/**
 * What could be tried this week, doable and kind, the best fit first. A wider gap comes before anything else, since
 * disadvantaged pupils come first; then what stands out; then what went well; then habits that always help.
 */
export function suggestionsFor(release: Release): string[] {
  const move = gapMove(release);
  const { standOutDay: day, standOutYear } = release;
  const year = standOutYear && yearName(standOutYear);
  const wider = move === 'widened' || move === 'both-less-gap-wider' || move === 'both-more';
  const smaller = move === 'narrowed' || move === 'both-less';
  return [
    ...(wider ? [GREET_FIRST] : []),
    ...(day && year ? [`choose one ${day} barrier to remove with ${year} families.`] : []),
    ...(day ? [`ask three families what makes ${day}s hard, and change one thing.`] : []),
    ...(year ? [`ask the ${year} team which one barrier they could remove with families.`] : []),
    ...(smaller ? ['ask one family what helped, and do it for another.'] : []),
    'make one call home that asks what would help, before it asks about the absence.',
    'choose one family to thank for the days their child was in, and say so by name.',
    ...(wider ? [] : [GREET_FIRST]),
  ];
}

const GREET_FIRST = 'greet first the pupils who carry most, and call home the same day when one is away.';

/** The best fit of those that the school has not said are not right for it. When all are, the best fit. */
export function oneThing(release: Release, declined: readonly string[] = []): string {
  const suggestions = suggestionsFor(release);
  return suggestions.find((one) => !declined.includes(one)) ?? suggestions[0] ?? '';
}

/** `Year 5`, `Reception`, `nursery`. */
export function yearName(key: string): string {
  if (key === 'R') return 'Reception';
  return key === 'N' ? 'nursery' : `Year ${key}`;
}
