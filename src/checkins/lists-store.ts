/**
 * Reads on which card a manager's reviews stand, and holds a manager's cards still while one is added. Writes nothing: the
 * rows are `store.ts`'s.
 */
import { sql } from 'kysely';
import type { Trx } from '../storage/database.ts';

/**
 * Of two reviews that come to a manager at the same time the second one joins the first one's card: whoever adds one waits
 * here until the other's transaction has ended. The check-in is written before.
 */
export async function lockReaders(trx: Trx, personIds: readonly string[]): Promise<void> {
  const sorted = [...new Set(personIds)].sort();
  if (sorted.length === 0) return;
  await sql`
    select pg_advisory_xact_lock(hashtext('reviews/' || reader.id))
    from (select id from unnest(${sorted}::text[]) as given (id) order by id) as reader`.execute(trx);
}

/** `since`: when it came; what joined it later is shown on it without a word. */
export type OpenCard = { readonly key: string; readonly since: Date };

/** The manager's newest card on which something still waits, other than this check-in; undefined when there is none. */
export async function openCardOf(
  trx: Trx,
  readerId: string,
  exceptCheckin: string,
): Promise<OpenCard | undefined> {
  const { rows } = await sql<OpenCard>`
    select message.key,
      (select min(first.sent_at) from checkin_messages first where first.key = message.key) as since
    from checkin_messages message join checkins checkin on checkin.id = message.checkin_id
    where message.person_id = ${readerId} and message.role = 'reviewer'
      and checkin.state = 'submitted' and checkin.id <> ${exceptCheckin}
    order by message.sent_at desc, message.key limit 1`.execute(trx);
  return rows[0];
}

/** What waits on any of a manager's cards, other than this check-in. */
export async function waitingOn(trx: Trx, readerId: string, exceptCheckin: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct checkin.id from checkin_messages message join checkins checkin on checkin.id = message.checkin_id
    where message.person_id = ${readerId} and message.role = 'reviewer'
      and checkin.state = 'submitted' and checkin.id <> ${exceptCheckin} order by checkin.id`.execute(trx);
  return rows.map(({ id }) => id);
}
