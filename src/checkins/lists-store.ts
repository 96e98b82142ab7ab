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

/** The manager's newest card on which something still waits, other than this check-in; undefined when there is none. */
export async function openCardOf(
  trx: Trx,
  readerId: string,
  exceptCheckin: string,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom('checkin_messages as message')
    .innerJoin('checkins as checkin', 'checkin.id', 'message.checkin_id')
    .select('message.key')
    .where('message.person_id', '=', readerId)
    .where('message.role', '=', 'reviewer')
    .where('checkin.state', '=', 'submitted')
    .where('checkin.id', '<>', exceptCheckin)
    .orderBy('message.sent_at', 'desc')
    .orderBy('message.key')
    .limit(1)
    .executeTakeFirst();
  return row?.key;
}
