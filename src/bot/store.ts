/**
 * The record of inbound activities: each is taken once, whatever Teams repeats. A repeat of a finished one gets the stored
 * answer. Keeps no words of anybody: keys, times, and the answer to an invoke.
 */
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';

export type Taken =
  | { readonly kind: 'new' }
  /** Another turn has it and is not done. */
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly response: unknown };

/**
 * How long a turn may hold an activity before a repeat may take it over: longer than Teams waits (15 s) and longer than
 * any turn lasts (5 s, then it is acknowledged), so only a turn that died is ever taken over.
 */
const ABANDONED_AFTER_SECONDS = 20;

/** Takes an activity, or says who has it. */
export async function takeActivity(db: Db, key: string): Promise<Taken> {
  const taken = await sql<{ key: string }>`
    insert into activities (key, received_at, state) values (${key}, clock_timestamp(), 'running')
    on conflict (key) do update set received_at = clock_timestamp()
      where activities.state = 'running'
        and activities.received_at < clock_timestamp() - make_interval(secs => ${ABANDONED_AFTER_SECONDS})
    returning key`.execute(db);
  if (taken.rows.length > 0) return { kind: 'new' };
  const row = await db
    .selectFrom('activities')
    .select(['state', 'response'])
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.state === 'done' ? { kind: 'done', response: row.response } : { kind: 'running' };
}

/** Marks it done. `response` is the body of an invoke's answer, or the id of the reply to a message. */
export async function finishActivity(db: Db, key: string, response: unknown): Promise<void> {
  const kept = JSON.stringify(response ?? null);
  await sql`update activities set state = 'done', response = ${kept} where key = ${key}`.execute(db);
}

/** Lets a repeat try again, after a fault that changed nothing. */
export async function releaseActivity(db: Db, key: string): Promise<void> {
  await db.deleteFrom('activities').where('key', '=', key).where('state', '=', 'running').execute();
}

/** The stored answer of an earlier activity. */
export async function responseOf(db: Db, key: string): Promise<unknown> {
  const row = await db.selectFrom('activities').select('response').where('key', '=', key).executeTakeFirst();
  return row?.response ?? undefined;
}

/** What was kept of the message that a reply answered: its `{replyId, ref}`. `keysBegin`: of the conversation's messages. */
export async function keptOfReply(db: Db, keysBegin: string, replyId: string): Promise<unknown> {
  const found = await sql<{ response: unknown }>`
    select response from activities
    where starts_with(key, ${keysBegin}) and response->>'replyId' = ${replyId}
    limit 1`.execute(db);
  return found.rows[0]?.response;
}

/** Forgets activities older than `days`; Teams repeats within minutes, edits come later. */
export async function forgetActivities(db: Db, days: number): Promise<number> {
  const gone = await sql`
    delete from activities where received_at < clock_timestamp() - make_interval(days => ${days})`.execute(
    db,
  );
  return Number(gone.numAffectedRows ?? 0);
}
