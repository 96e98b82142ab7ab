/**
 * The watch over the channels that carry a milestone: which there are, what Graph tells of them, and a look at each in its
 * time. Off unless the trust has chosen it, because the consent behind it delivers every message of a channel.
 */
import { AppError, messageOf } from '../kernel/errors.ts';
import type { Clock } from '../kernel/time.ts';
import { type NoticeResources, type Receipt, receiveNotices, workNotices } from './notices-service.ts';
import { addWatches, listWatches, removeWatch } from './store.ts';
import { type TendResources, tend } from './tend-service.ts';
import { createVouching } from './vouching.ts';
import { isDue, type Watch } from './watch.ts';

export type ChannelsResources = TendResources & NoticeResources & { readonly clock: Clock };

export interface Channels {
  /** Takes what Graph tells; undefined when it is no notice at all. Answer 202 once it resolves. */
  receive(body: unknown): Promise<Receipt | undefined>;
  /** Brings the watches in step, tends those that are due (`anyway`: all), and works through what was told. */
  look(now: Date, options?: { readonly anyway: boolean }): Promise<void>;
  /** Whether a body, still unread, carries the secret of a channel that is watched. */
  vouches(body: Buffer): Promise<boolean>;
  watches(): Promise<readonly Watch[]>;
  start(): void;
  stop(): Promise<void>;
}

const LOOK_EVERY = 60_000;

export function createChannels(resources: ChannelsResources): Channels {
  const { db, listener, clock, log } = resources;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let stopped = false;

  async function reconcile(now: Date): Promise<readonly Watch[]> {
    const places = await listener.places();
    await addWatches(db, places, now);
    const wanted = new Map(places.map((place) => [place.channelId, place.teamId]));
    const watches = await listWatches(db);
    const gone = watches.filter(({ channelId, teamId }) => wanted.get(channelId) !== teamId);
    for (const watch of gone) await leave(watch);
    return gone.length > 0 ? listWatches(db) : watches;
  }

  /** No milestone is asked there any more. */
  async function leave({ channelId, subscription }: Watch): Promise<void> {
    try {
      if (subscription) await resources.subscriptions.end(subscription.id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // It lapses within the hour by itself, and what it tells meanwhile is of no open thread.
      log.warn('a subscription could not be ended', { channel: channelId, code: error.code });
    }
    await removeWatch(db, channelId);
  }

  async function look(now: Date, anyway: boolean): Promise<void> {
    await workNotices(resources, now);
    for (const watch of await reconcile(now))
      if (!stopped && (anyway || isDue(watch, now))) await tend(resources, watch.channelId, now, { anyway });
  }

  /** One look at a time in this process; whoever asks while one waits its turn is served by that one. */
  function inTurn(now: Date, anyway: boolean): Promise<void> {
    if (waiting && !anyway) return waiting;
    const turn = working.then(() => {
      if (waiting === turn) waiting = undefined;
      return look(now, anyway);
    });
    if (!anyway) waiting = turn;
    working = turn.then(
      () => undefined,
      (error: unknown) => log.error('channels could not be looked after', { reason: messageOf(error) }),
    );
    return turn;
  }

  return {
    receive: (body) => receiveNotices(resources, body, clock.now()),
    vouches: createVouching(async () =>
      (await listWatches(db)).map(({ channelId }) => resources.secretOf(channelId)),
    ),
    look: (now, options) => inTurn(now, options?.anyway ?? false),
    watches: () => listWatches(db),
    start: () => {
      void inTurn(clock.now(), false);
      timer = setInterval(() => void inTurn(clock.now(), false), LOOK_EVERY);
    },
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await working;
    },
  };
}
