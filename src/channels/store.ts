/**
 * The watch over each channel, and which replies have been handled. The only writer of `channel_watches` and
 * `channel_replies`. A watch is tended by one instance at a time, for a lease by the database's clock.
 */
import { sql } from 'kysely';
import type { ChannelPlace } from '../directory/subscriptions.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { ChannelWatchRow } from '../storage/tables/channels.ts';
import type { Watch } from './watch.ts';

type Stored = {
  [Column in keyof ChannelWatchRow]: Column extends 'state' ? Watch['state'] : ChannelWatchRow[Column];
};

/** Seconds: longer than a look takes with Graph slow; a process that dies leaves the channel for so long. */
const LEASE_SECONDS = 120;

export async function listWatches(db: Db | Trx): Promise<Watch[]> {
  const rows = await db.selectFrom('channel_watches').selectAll().orderBy('channel_id').execute();
  return rows.map(watchFrom);
}

/** Begins to watch these, and nothing of those that are watched already. */
export async function addWatches(db: Db, places: readonly ChannelPlace[], now: Date): Promise<void> {
  if (places.length === 0) return;
  await db
    .insertInto('channel_watches')
    .values(places.map(({ teamId, channelId }) => ({ channel_id: channelId, team_id: teamId, since: now })))
    .onConflict((conflict) => conflict.column('channel_id').doNothing())
    .execute();
}

export async function removeWatch(db: Db, channelId: string): Promise<void> {
  await db.deleteFrom('channel_watches').where('channel_id', '=', channelId).execute();
}

/** The watch, for this instance alone; undefined while another tends it. */
export async function claimWatch(db: Db, channelId: string): Promise<Watch | undefined> {
  const row = await db
    .updateTable('channel_watches')
    .set({ lease_until: sql<Date>`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})` })
    .where('channel_id', '=', channelId)
    .where((where) =>
      where.or([where('lease_until', 'is', null), where('lease_until', '<', sql<Date>`clock_timestamp()`)]),
    )
    .returningAll()
    .executeTakeFirst();
  return row && watchFrom(row);
}

export async function releaseWatch(db: Db, channelId: string): Promise<void> {
  await db
    .updateTable('channel_watches')
    .set({ lease_until: null })
    .where('channel_id', '=', channelId)
    .execute();
}

/** What is written of a watch; what is left out stays, and null takes away. */
export type WatchChange = Partial<
  Pick<
    ChannelWatchRow,
    | 'team_name'
    | 'channel_name'
    | 'trouble'
    | 'subscription_id'
    | 'subscription_ends'
    | 'delta_link'
    | 'swept_at'
    | 'read_through_at'
    | 'tended_at'
    | 'since'
  >
> & { readonly state?: Watch['state'] };

export async function saveWatch(db: Db | Trx, channelId: string, change: WatchChange): Promise<void> {
  await db.updateTable('channel_watches').set(change).where('channel_id', '=', channelId).execute();
}

/** By its subscription; undefined for one that is not, or no longer, ours. */
export async function watchOf(db: Db, subscriptionId: string): Promise<Watch | undefined> {
  const row = await db
    .selectFrom('channel_watches')
    .selectAll()
    .where('subscription_id', '=', subscriptionId)
    .executeTakeFirst();
  return row && watchFrom(row);
}

/** The edition of each of these messages that was handled. */
export async function handledEditions(
  db: Db,
  channelId: string,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (messageIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('channel_replies')
    .select(['message_id', 'edition'])
    .where('channel_id', '=', channelId)
    .where('message_id', 'in', [...messageIds])
    .execute();
  return new Map(rows.map((row) => [row.message_id, row.edition]));
}

export type Handled = {
  readonly channelId: string;
  readonly messageId: string;
  readonly edition: Date;
  readonly outcome: string;
  readonly personId?: string | undefined;
};

/** False when this edition, or a later one, has been handled: then nothing was written. */
export async function takeReply(trx: Trx, reply: Handled, now: Date): Promise<boolean> {
  const row = {
    edition: reply.edition,
    outcome: reply.outcome,
    person_id: reply.personId ?? null,
    handled_at: now,
  };
  const taken = await trx
    .insertInto('channel_replies')
    .values({ channel_id: reply.channelId, message_id: reply.messageId, ...row })
    .onConflict((conflict) =>
      conflict
        .columns(['channel_id', 'message_id'])
        .doUpdateSet(row)
        .where('channel_replies.edition', '<', reply.edition),
    )
    .returning('message_id')
    .executeTakeFirst();
  return taken !== undefined;
}

function watchFrom(row: Stored): Watch {
  return {
    teamId: row.team_id,
    channelId: row.channel_id,
    ...(row.team_name === null ? {} : { teamName: row.team_name }),
    ...(row.channel_name === null ? {} : { channelName: row.channel_name }),
    state: row.state,
    since: row.since,
    ...(row.trouble === null ? {} : { trouble: row.trouble }),
    ...(row.subscription_id === null || row.subscription_ends === null
      ? {}
      : { subscription: { id: row.subscription_id, ends: row.subscription_ends } }),
    ...(row.delta_link === null ? {} : { link: row.delta_link }),
    ...(row.swept_at === null ? {} : { sweptAt: row.swept_at }),
    ...(row.read_through_at === null ? {} : { readThroughAt: row.read_through_at }),
    ...(row.tended_at === null ? {} : { tendedAt: row.tended_at }),
  };
}
