/**
 * The watch over one channel: what may be read there, when its subscription is made, renewed or ended, and when it is looked
 * at again. Pure; times are given. What is done about it is `tend-service.ts`.
 */
import type { ChannelFacts } from '../directory/channels-graph.ts';
import type { WatchStateRow } from '../storage/tables/channels.ts';

/**
 * `listening`: Graph tells us. `sweeping`: nobody tells, we look. `private`: not ours to read. `denied`: the team has not
 * consented, or no longer. `archived`: nobody can write there. `lost`: it is gone.
 */
export type WatchState = WatchStateRow;

export type Watch = {
  readonly teamId: string;
  readonly channelId: string;
  readonly teamName?: string;
  readonly channelName?: string;
  readonly state: WatchState;
  readonly since: Date;
  /** The code of what went wrong at the last look; the state stands meanwhile. */
  readonly trouble?: string;
  readonly subscription?: { readonly id: string; readonly ends: Date };
  readonly link?: string;
  readonly sweptAt?: Date;
  readonly readThroughAt?: Date;
  readonly tendedAt?: Date;
};

const MINUTE = 60_000;
/** Every copy of the reference allows sixty minutes for a channel's messages; some allow three days. */
export const SUBSCRIPTION_LIFE = 55 * MINUTE;
/** Renewed once less than this is left: two looks may fail, and it still has not lapsed. */
const RENEWED_BEFORE = 30 * MINUTE;

/** How long until a channel is looked at again. */
const PAUSE: Readonly<Record<WatchState, number>> = {
  new: 0,
  listening: 5 * MINUTE,
  sweeping: 2 * MINUTE,
  lost: 15 * MINUTE,
  archived: 15 * MINUTE,
  denied: 15 * MINUTE,
  private: 60 * MINUTE,
};
/** Threads are read through this often whatever the delta tells: it is not written down that a reply changes its thread. */
const READ_THROUGH_EVERY = 60 * MINUTE;

/** What the facts allow, before anything of the channel is read. `told`: Graph can reach us. */
export function stateFrom(facts: Pick<ChannelFacts, 'kind' | 'archived'>, told: boolean): WatchState {
  if (facts.archived) return 'archived';
  if (facts.kind === 'private') return 'private';
  return facts.kind === 'shared' || !told ? 'sweeping' : 'listening';
}

/** The state that a failure of Graph leaves; undefined for one that passes and changes nothing. */
export function stateAfter(code: string): WatchState | undefined {
  if (code === 'graph-denied') return 'denied';
  return code === 'graph-not-found' ? 'lost' : undefined;
}

export function isRead(state: WatchState): boolean {
  return state === 'listening' || state === 'sweeping';
}

export function isDue(watch: Watch, now: Date): boolean {
  const { tendedAt, subscription } = watch;
  if (!tendedAt || now.getTime() - tendedAt.getTime() >= PAUSE[watch.state]) return true;
  return subscription !== undefined && planSubscription('listening', subscription, now) === 'renew';
}

/** What to do about the subscription of a channel in that state. */
export function planSubscription(
  state: WatchState,
  subscription: Watch['subscription'],
  now: Date,
): 'keep' | 'create' | 'renew' | 'end' {
  if (state !== 'listening') return subscription ? 'end' : 'keep';
  if (!subscription) return 'create';
  return subscription.ends.getTime() - now.getTime() < RENEWED_BEFORE ? 'renew' : 'keep';
}

export function isReadThroughDue({ readThroughAt }: Watch, now: Date): boolean {
  return !readThroughAt || now.getTime() - readThroughAt.getTime() >= READ_THROUGH_EVERY;
}

/** Where a round begins when Graph gives no place to go on from: a day before the last look, or before the watch began. */
export function beginningOf({ sweptAt, since }: Watch): Date {
  return new Date((sweptAt ?? since).getTime() - 24 * 60 * MINUTE);
}

/** Whether those who keep the installation are told: of what stops replies being read, and not of what comes right again. */
export function isTold(before: WatchState, after: WatchState): boolean {
  return before !== after && !isRead(after) && after !== 'new';
}
