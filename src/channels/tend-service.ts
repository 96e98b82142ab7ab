/**
 * Tends the watch over one channel: looks what kind of channel it is, keeps its subscription alive, and sweeps the threads
 * that changed. Graph's failures become states: some pass, some are told. Nothing of the channel is read unless a thread of
 * ours is open in it, and then nothing but that thread.
 */

import type { Draft, Outbox } from '../delivery/message.ts';
import type { ChannelReader } from '../directory/channels-graph.ts';
import type { Listening, Subscribed, Subscriptions } from '../directory/subscriptions.ts';
import { AppError } from '../kernel/errors.ts';
import { inTransaction } from '../storage/database.ts';
import type { Thread } from './ports.ts';
import { handleReplies, type ReplyResources } from './replies-service.ts';
import { isStopped, stoppedCard } from './report-card.ts';
import { claimWatch, releaseWatch, saveWatch, type WatchChange } from './store.ts';
import {
  beginningOf,
  isDue,
  isRead,
  isReadThroughDue,
  isTold,
  planSubscription,
  SUBSCRIPTION_LIFE,
  stateAfter,
  stateFrom,
  type Watch,
  type WatchState,
} from './watch.ts';

export type TendResources = ReplyResources & {
  readonly reader: ChannelReader;
  readonly subscriptions: Subscriptions;
  /** Where Graph is to tell of a channel; undefined: nowhere, so all channels are swept. */
  readonly listening: (channelId: string) => Listening | undefined;
  readonly outbox: Outbox;
  /** Who is told that replies are not read. */
  readonly keeper: () => Promise<string>;
};

/** Pages of one look; the next goes on where it ended. */
const MOST_PAGES = 100;

/** Looks after one channel, unless another instance is at it or nothing is due. */
export async function tend(
  resources: TendResources,
  channelId: string,
  now: Date,
  options: { readonly anyway: boolean },
): Promise<void> {
  const { db } = resources;
  const watch = await claimWatch(db, channelId);
  if (!watch) return;
  try {
    if (options.anyway || isDue(watch, now)) await look(resources, watch, now);
  } finally {
    await releaseWatch(db, channelId);
  }
}

async function look(resources: TendResources, watch: Watch, now: Date): Promise<void> {
  const { db, reader, log } = resources;
  const { channelId } = watch;
  let named = watch;
  try {
    const facts = await reader.facts(watch);
    if (
      watch.teamName !== undefined &&
      (watch.teamName !== facts.team || watch.channelName !== facts.channel)
    )
      log.info('a team or channel has another name', { channel: channelId });
    named = { ...watch, teamName: facts.team, channelName: facts.channel };
    const wanted = stateFrom(facts, resources.listening(channelId) !== undefined);
    const state = await subscribe(resources, named, wanted, now);
    await saveWatch(db, channelId, { team_name: facts.team, channel_name: facts.channel });
    if (isRead(state.state)) await sweep(resources, named, now);
    await settle(resources, named, state.state, { trouble: state.trouble ?? null, tended_at: now }, now);
  } catch (error) {
    if (!isGraphs(error)) throw error;
    const state = stateAfter(error.code) ?? watch.state;
    log.warn('a channel could not be looked after', { channel: channelId, code: error.code });
    // What may no longer be read is no longer told either; the place in it stays, for when it may be again.
    const silent = isRead(state) ? {} : { subscription_id: null, subscription_ends: null };
    await settle(resources, named, state, { ...silent, trouble: error.code, tended_at: now }, now);
  }
}

/** Brings the subscription in step. When that fails the channel is swept all the same. */
async function subscribe(
  resources: TendResources,
  watch: Watch,
  wanted: WatchState,
  now: Date,
): Promise<{ readonly state: WatchState; readonly trouble?: string }> {
  const { subscriptions, db, log } = resources;
  const { subscription, channelId } = watch;
  const listening = resources.listening(channelId);
  const plan = planSubscription(wanted, subscription, now);
  if (plan === 'end' && subscription) {
    await subscriptions.end(subscription.id);
    await saveWatch(db, channelId, { subscription_id: null, subscription_ends: null });
  }
  if (!listening || plan === 'keep' || plan === 'end') return { state: wanted };
  try {
    const made = await obtain(resources, watch, listening, plan, now);
    await saveWatch(db, channelId, { subscription_id: made.id, subscription_ends: made.ends });
    // Nobody told us of what came before it was made.
    if (plan === 'create') await saveWatch(db, channelId, { read_through_at: null });
    return { state: 'listening' };
  } catch (error) {
    if (!isGraphs(error) || stateAfter(error.code) !== undefined) throw error;
    log.warn('Graph does not tell of a channel', { channel: channelId, code: error.code });
    return { state: error.code === 'graph-refused' ? 'sweeping' : wanted, trouble: error.code };
  }
}

function isGraphs(error: unknown): error is AppError {
  return error instanceof AppError && error.code.startsWith('graph-');
}

/** Renewed while it lives; made again when it is gone; one that exists already is taken over. */
async function obtain(
  { subscriptions }: TendResources,
  watch: Watch,
  listening: Listening,
  plan: 'create' | 'renew',
  now: Date,
): Promise<Subscribed> {
  const ends = new Date(now.getTime() + SUBSCRIPTION_LIFE);
  if (plan === 'renew' && watch.subscription) {
    try {
      return await subscriptions.renew(watch.subscription.id, listening, ends);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'graph-not-found') throw error;
    }
  }
  try {
    return await subscriptions.create(watch, listening, ends);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'graph-conflict') throw error;
    const found = await subscriptions.find(watch, listening.url);
    if (!found) throw error;
    return subscriptions.renew(found.id, listening, ends);
  }
}

/** Reads what changed since the last look, page by page; each page's place is kept once its threads are handled. */
async function sweep(resources: TendResources, watch: Watch, now: Date): Promise<void> {
  const { db, listener, log } = resources;
  const { channelId } = watch;
  const threads = (await listener.threads()).filter((thread) => thread.channelId === channelId);
  if (threads.length === 0) {
    await saveWatch(db, channelId, { delta_link: null, swept_at: now });
    return;
  }
  let from: { readonly link: string } | { readonly since: Date } =
    watch.link === undefined ? { since: beginningOf(watch) } : { link: watch.link };
  let through = isReadThroughDue(watch, now) || watch.link === undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const changes = await changesFrom(resources, watch, from);
    if (changes === 'lost') {
      log.info('Graph forgot our place in a channel; reading its threads through', { channel: channelId });
      await saveWatch(db, channelId, { delta_link: null });
      from = { since: beginningOf(watch) };
      through = true;
      continue;
    }
    const changed = new Set(changes.threads);
    for (const thread of threads) if (changed.has(thread.rootId)) await readThrough(resources, thread, now);
    await saveWatch(db, channelId, { delta_link: changes.link });
    if (changes.last) break;
    from = { link: changes.link };
  }
  if (through) for (const thread of threads) await readThrough(resources, thread, now);
  await saveWatch(db, channelId, { swept_at: now, ...(through ? { read_through_at: now } : {}) });
}

async function changesFrom(
  { reader }: TendResources,
  watch: Watch,
  from: Parameters<ChannelReader['changes']>[1],
) {
  try {
    return await reader.changes(watch, from);
  } catch (error) {
    if (error instanceof AppError && error.code === 'graph-state-lost' && 'link' in from)
      return 'lost' as const;
    throw error;
  }
}

/** Every reply of a thread; a thread whose first message was deleted has none. */
async function readThrough(
  resources: ReplyResources & Pick<TendResources, 'reader'>,
  thread: Thread,
  now: Date,
): Promise<void> {
  try {
    await handleReplies(resources, thread, await resources.reader.replies(thread, thread.rootId), now);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'graph-not-found') throw error;
  }
}

/** Writes how it stands, and tells whoever keeps the installation when reading has come to an end. */
async function settle(
  { db, outbox, keeper, log }: TendResources,
  watch: Watch,
  state: WatchState,
  change: WatchChange,
  now: Date,
): Promise<void> {
  const moved = state !== watch.state;
  const ended = isStopped(state) && isTold(watch.state, state) ? state : undefined;
  const personId = ended && (await keeper());
  await inTransaction(db, async (trx) => {
    await saveWatch(trx, watch.channelId, { ...change, state, ...(moved ? { since: now } : {}) });
    if (!ended || !personId) return;
    const draft: Draft = {
      key: `channels/${watch.channelId}/${state}/${now.toISOString()}`,
      target: { kind: 'person', personId },
      card: stoppedCard(watch, ended),
    };
    await outbox.enqueue(trx, 'channels', [draft], now);
  });
  if (moved)
    log.info('a channel is watched otherwise', { channel: watch.channelId, from: watch.state, to: state });
}
