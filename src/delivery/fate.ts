/**
 * What became of a message whose sending was in doubt, judged from all that apps posted in its channel since. It counts as absent
 * only when nothing that was read could be it, and only once so much time has gone by that Teams and Graph must agree. Pure.
 */
import { markIn } from './activity.ts';

/** A post by an app; `content`: the cards that it carries, as text; `hidden`: not all of it was shown. */
export type SeenPost = { readonly id: string; readonly hidden: boolean; readonly content: string };

export type Fate =
  | { readonly kind: 'arrived'; readonly activityId: string }
  | { readonly kind: 'absent' }
  /** To be looked for again, for what is said of it. */
  | { readonly kind: 'open'; readonly why: string };

/** Longer than Teams was ever seen to take to show a message that it had taken. Minutes. */
export const SETTLED_AFTER = 15;

/** Minutes after the sending at which it is looked for; then no more. */
export const LOOKS = [1, 5, SETTLED_AFTER + 1, 60, 360, 1_440] as const;

/** `age`: minutes since it was sent, by one clock, before the reading began. */
export function fateOf(deliveryId: string, posts: readonly SeenPost[], age: number): Fate {
  const own = posts.filter(({ content }) => markIn(content) === deliveryId);
  // Should it stand there twice, the first is kept up to date.
  const [first] = own.map(({ id }) => id).sort();
  if (first) return { kind: 'arrived', activityId: first };
  if (posts.some(({ hidden, content }) => hidden && !markIn(content)))
    return { kind: 'open', why: 'a message there was deleted or cannot be seen, and may be it' };
  if (age < SETTLED_AFTER) return { kind: 'open', why: 'not there yet' };
  return { kind: 'absent' };
}

/** What is added to a message's reason, once. */
export function withOutlook(reason: string | null, outlook: string): string {
  const [before = ''] = (reason ?? '').split(OUTLOOK);
  return `${before}${OUTLOOK}${outlook}`;
}

const OUTLOOK = '; looked for: ';
