/**
 * Notices between their arrival and their working through, so that none is lost with the process that took it. The only
 * writer of `channel_notices`. What is in one stays encrypted here and goes with its row.
 */
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';
import type { Sealed } from './sealed.ts';

export type KeptNotice = {
  readonly channelId: string;
  readonly rootId: string;
  readonly messageId: string;
  readonly content?: Sealed;
  readonly tokens?: readonly string[];
};
export type TakenNotice = KeptNotice & { readonly seq: number; readonly tries: number };

/** Seconds until a notice whose working through was cut short is taken again; twice as many with each try. */
const AGAIN_SECONDS = 30;

export async function keepNotices(db: Db, notices: readonly KeptNotice[], now: Date): Promise<void> {
  await db
    .insertInto('channel_notices')
    .values(
      notices.map(({ channelId, rootId, messageId, content, tokens }) => ({
        channel_id: channelId,
        root_id: rootId,
        message_id: messageId,
        content: content ? JSON.stringify(content) : null,
        tokens: tokens ? JSON.stringify(tokens) : null,
        received_at: now,
      })),
    )
    .execute();
}

/** The next notices that are due, for this instance alone for a while. */
export async function takeNotices(db: Db, count: number): Promise<TakenNotice[]> {
  const { rows } = await sql<{
    seq: number;
    channel_id: string;
    root_id: string;
    message_id: string;
    content: Sealed | null;
    tokens: readonly string[] | null;
    tries: number;
  }>`
    update channel_notices notice set tries = notice.tries + 1,
      not_before = clock_timestamp() + make_interval(secs => ${AGAIN_SECONDS} * (2 ^ least(notice.tries, 7)))
    from (
      select seq from channel_notices where not_before <= clock_timestamp()
      order by seq limit ${count} for update skip locked
    ) as due
    where notice.seq = due.seq
    returning notice.*`.execute(db);
  return rows
    .sort((one, other) => Number(one.seq) - Number(other.seq))
    .map((row) => ({
      seq: Number(row.seq),
      channelId: row.channel_id,
      rootId: row.root_id,
      messageId: row.message_id,
      ...(row.content ? { content: row.content } : {}),
      ...(row.tokens ? { tokens: row.tokens } : {}),
      tries: row.tries,
    }));
}

export async function removeNotice(db: Db, seq: number): Promise<void> {
  await db.deleteFrom('channel_notices').where('seq', '=', seq).execute();
}
