/**
 * How fast messages may leave: one spacing for the whole tenant, one token bucket for each conversation. Times are
 * milliseconds relative to "now", whoever's now it is: the ledger passes the database's. Keeps no state of its own.
 *
 * Teams allows one bot in one conversation 7 sends in 1 s, 8 in 2 s, 60 in 30 s and 1,800 in an hour, and an app in a
 * tenant 50 requests a second (older page: 30). Source: Microsoft Learn, "Optimize your bot with rate limiting".
 */

/** A bucket holds `burst` tokens and gains `perSecond`. No window of T seconds sees more than burst + perSecond × T. */
export type Bucket = { readonly burst: number; readonly perSecond: number };

export type Limits = {
  /** Requests a second in the tenant, over all instances; undefined lifts the cap. */
  readonly tenantPerSecond?: number;
  readonly conversation: Bucket;
};

/**
 * One bucket that keeps all four windows: 7 + 0.498 × 1 s, 2 s, 30 s and 3,600 s stay at or under 7, 8, 60 and 1,800.
 * It is slower than Teams allows only for a conversation that gets more than seven unasked messages at once.
 */
export const DEFAULT_LIMITS: Limits = { tenantPerSecond: 50, conversation: { burst: 7, perSecond: 0.498 } };

/**
 * Milliseconds between two sends of the tenant. One per cent slower than the limit: at exactly 20.0 ms, 1,500 sends broke a
 * sliding window of one second about 700 times; at 20.2 ms not once (platform notes, floors).
 */
export function spacing(limits: Limits): number {
  return limits.tenantPerSecond === undefined ? 0 : 1010 / limits.tenantPerSecond;
}

/** A second, and a little for the way there being quicker for one message than for the next. */
const WINDOW = 1_005;

/**
 * Milliseconds to wait so that no second sees more than `perSecond` sends, given when the last ones left. The slots alone do
 * not promise that: after a stall of the process the late ones would leave together.
 */
export function windowWait(left: readonly number[], perSecond: number, now: number): number {
  const first = left.at(-perSecond);
  return first === undefined ? 0 : Math.max(0, first + WINDOW - now);
}

/**
 * Additive increase, multiplicative decrease: how much of the tenant's limit all instances use together. Halved when Teams asks
 * for less, and `growth` of the limit more each second, so that half of it is made up in 50 s: a limit that is lower than it is
 * believed to be (the published one was 30 a second, and is 50) is then met once in some seconds. Two cuts are one when they come
 * `together` (milliseconds): what was on its way when the first was made says nothing new.
 */
export const SHARE = { growth: 0.01, least: 1 / 16, together: 1_000 } as const;

/** So many conversations asked for a rest within so many milliseconds: not they are meant, but the tenant. */
const SPREAD = { conversations: 3, within: 1_000 } as const;
/** What a tenant is asked for is waited out so long, and then tried with little. Milliseconds. */
export const LONGEST_REST = 5 * 60_000;

/** A conversation that answered 429 at an instant, and how long it is to rest. Milliseconds. */
export type Throttle = { readonly owner: string; readonly at: number; readonly rest: number };

/**
 * How long all of the tenant is to rest; undefined when each conversation has to for itself. Teams says 429 alike for both. Each
 * conversation keeps its own limits here, so that several at once are the tenant's. The least that one of them asked for.
 */
export function tenantRest(throttles: readonly Throttle[], now: number): number | undefined {
  const late = throttles.filter(({ at }) => at > now - SPREAD.within);
  if (new Set(late.map(({ owner }) => owner)).size < SPREAD.conversations) return undefined;
  return Math.min(LONGEST_REST, ...late.map(({ at, rest }) => Math.max(0, at + rest - now)));
}

/** A thousandth of a millisecond: the database keeps microseconds, and a sum of roundings must not cost a send. */
const ROUNDING = 0.001;

/**
 * A send from a bucket whose debt is `debt` milliseconds (how far its theoretical next send lies ahead of now; zero or less:
 * full). Allowed: the new debt. Not allowed: how long to wait. This is the generic cell rate algorithm (ITU-T I.371).
 */
export function takeToken(
  debt: number,
  bucket: Bucket,
): { readonly kind: 'go'; readonly debt: number } | { readonly kind: 'wait'; readonly wait: number } {
  const each = 1000 / bucket.perSecond;
  const owed = Math.max(0, debt);
  const tolerance = (bucket.burst - 1) * each;
  if (owed <= tolerance + ROUNDING) return { kind: 'go', debt: owed + each };
  return { kind: 'wait', wait: owed - tolerance };
}

/** What the ledger knows of a conversation, relative to now in milliseconds. */
export type Pace = { readonly owner: string; readonly debt: number; readonly throttled: number };

export type WavePlan = {
  readonly go: readonly string[];
  readonly wait: readonly { readonly id: string; readonly wait: number }[];
};

/** Which of `items` may go now. Items keep their order; a conversation that must rest holds up only its own. */
export function planWave(
  items: readonly { readonly id: string; readonly owner: string }[],
  paces: readonly Pace[],
  bucket: Bucket,
): WavePlan {
  const known = new Map(paces.map((pace) => [pace.owner, pace]));
  const debts = new Map<string, number>();
  const go: string[] = [];
  const wait: { id: string; wait: number }[] = [];
  for (const item of items) {
    const pace = known.get(item.owner);
    if (pace && pace.throttled > 0) {
      wait.push({ id: item.id, wait: pace.throttled });
      continue;
    }
    const taken = takeToken(debts.get(item.owner) ?? pace?.debt ?? 0, bucket);
    if (taken.kind === 'wait') wait.push({ id: item.id, wait: taken.wait });
    else {
      debts.set(item.owner, taken.debt);
      go.push(item.id);
    }
  }
  return { go, wait };
}

/**
 * What sends take from a conversation's bucket, all at one instant: `cost` is added to its debt, and they may go only where
 * the debt is `room` at most. The same rule as `takeToken`, for the store to apply to a debt that another instance may have
 * changed meanwhile. Milliseconds.
 */
export type Toll = { readonly owner: string; readonly cost: number; readonly room: number };

/** In the order of the owners' names, so that instances lock their rows in one order. `owners`: one for each send. */
export function tollsOf(owners: readonly string[], bucket: Bucket): Toll[] {
  const each = 1000 / bucket.perSecond;
  const sends = new Map<string, number>();
  for (const owner of owners) sends.set(owner, (sends.get(owner) ?? 0) + 1);
  return [...sends]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([owner, count]) => ({ owner, cost: count * each, room: (bucket.burst - count) * each + ROUNDING }));
}
