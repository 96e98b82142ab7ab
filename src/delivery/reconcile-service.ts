/**
 * Finds out what became of uncertain messages in channels, where Waymark may read what is posted there: one that stands there is
 * delivered; one that is provably absent goes back to the ledger as due, and is sent again as any other, unless it was withdrawn. All
 * else stays uncertain, and is an operator's to send again. Settles through the ledger's own guard: an answer that came meanwhile wins.
 */
import { messageOf } from '../kernel/errors.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { fateOf, type SeenPost, withOutlook } from './fate.ts';
import { claimLooks, type Look } from './looks-store.ts';
import { type Settlement, settleSends } from './store.ts';

/** What apps have posted in a channel, read to the end; or why it may not be read, as words for the report. */
export type Reading =
  | { readonly kind: 'read'; readonly posts: readonly SeenPost[] }
  | { readonly kind: 'denied'; readonly why: string };

export type ReconcileParts = {
  readonly db: Db;
  readonly log: Log;
  /** Throws what heals by itself. */
  readonly read: (place: { teamId: string; channelId: string }, since: Date) => Promise<Reading>;
  /** Whether a message may be sent at this hour: not while its rule or its school is paused, nor in quiet hours. */
  readonly maySend: (message: Pick<Look, 'runId' | 'channelId' | 'urgent' | 'sentAt'>) => Promise<boolean>;
  /** There is something to send. */
  readonly wake: () => void;
};

export type Reconciler = {
  /** Looks for what is due to be looked for. Returns how many messages are in no doubt any more. */
  look(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
};

const LOOK_EVERY = 30_000;
const MOST = 50;
/** Graph's clock and the database's may differ by so much. Milliseconds. */
const MARGIN = 5 * 60_000;
/** After so many attempts a person should look why. */
const MOST_ATTEMPTS = 6;

export function createReconciler(parts: ReconcileParts): Reconciler {
  const { db, log } = parts;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> | undefined;

  async function settlementOf(look: Look, reading: Reading): Promise<Settlement | undefined> {
    const { id, attempts, version, reason, withdrawn } = look;
    // Whatever face it was sent with: the newest one is then put on it.
    const shown = { version: version ?? 0 };
    const stays = (outlook: string): Settlement | undefined => {
      const told = withOutlook(reason, outlook);
      return told === reason ? undefined : { id, attempts, state: 'uncertain', reason: told, ...shown };
    };
    if (reading.kind === 'denied') return stays(reading.why);
    const fate = fateOf(id, reading.posts, look.age);
    switch (fate.kind) {
      case 'arrived':
        return { id, attempts, state: 'delivered', activityId: fate.activityId, ...shown };
      case 'open':
        return stays(fate.why);
      case 'absent':
        if (withdrawn !== null) return { id, attempts, state: 'cancelled', reason: withdrawn };
        if (look.recalled) return stays('not there, and taken back');
        if (attempts >= MOST_ATTEMPTS) return stays(`not there, after ${MOST_ATTEMPTS} attempts`);
        if (!(await parts.maySend(look))) return stays('not there; it waits for a pause or the night to end');
        return { id, attempts, state: 'due', reason: 'was not there when the channel was read', wait: 0 };
    }
  }

  /** All messages of one channel by one reading. */
  async function lookIn(looks: readonly Look[]): Promise<number> {
    const [first] = looks;
    if (!first) return 0;
    const since = new Date(Math.min(...looks.map(({ sentAt }) => sentAt.getTime())) - MARGIN);
    let reading: Reading;
    try {
      reading = await parts.read(first, since);
    } catch (error) {
      log.warn('a channel could not be read for a message', { reason: messageOf(error) });
      return 0;
    }
    let known = 0;
    for (const look of looks) {
      const settlement = await settlementOf(look, reading);
      if (!settlement) continue;
      const taken = await settleSends(db, look.holder, [settlement]);
      if (settlement.state === 'uncertain') continue;
      known += taken;
      log.info('an uncertain message was looked for', { delivery: look.id, state: settlement.state });
      if (settlement.state === 'due' || taken > 0) parts.wake();
    }
    return known;
  }

  async function look(): Promise<number> {
    const looks = await claimLooks(db, MOST);
    let known = 0;
    for (const own of Map.groupBy(looks, ({ channelId }) => channelId).values()) known += await lookIn(own);
    return known;
  }

  return {
    look,
    start: () => {
      timer ??= setInterval(() => {
        looking ??= look()
          .catch((error: unknown) =>
            log.error('uncertain messages could not be looked for', { reason: messageOf(error) }),
          )
          .finally(() => (looking = undefined));
      }, LOOK_EVERY);
    },
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await looking;
    },
  };
}
