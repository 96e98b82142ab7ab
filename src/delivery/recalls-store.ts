/**
 * The ledger's changes by operators: all that a run delivered is taken back, or read so that a word can be put on it. A message
 * sent again belongs to its run. What is taken back takes no later face (store.ts) and is sent again by nobody.
 */
import { sql } from 'kysely';
import type { Card } from '../cards/elements.ts';
import type { Trx } from '../storage/database.ts';
import type { Revision } from './message.ts';
import { againOf } from './resends-store.ts';

function runs(runId: string): string[] {
  return [...new Set([runId, againOf(runId)])];
}

/**
 * Puts the face on all messages of a run, for ever. Returns how many were with their readers, or may be, and the keys of all.
 * What waits to be sent is not withdrawn here.
 */
export async function recallFaces(
  trx: Trx,
  runId: string,
  face: Card,
): Promise<{ readonly delivered: number; readonly keys: readonly string[] }> {
  const { rows } = await sql<{ key: string; out: boolean }>`
    update deliveries set card = ${JSON.stringify(face)}::jsonb, card_version = card_version + 1, edit_attempts = 0,
      edit_not_before = clock_timestamp(), edit_problem = null, recalled_at = clock_timestamp(),
      updated_at = clock_timestamp()
    where run_id = any(${runs(runId)}::text[]) and recalled_at is null
    returning key, state in ('delivered', 'sending', 'uncertain') as out`.execute(trx);
  return { delivered: rows.filter(({ out }) => out).length, keys: rows.map(({ key }) => key) };
}

/** The faces of a run's messages that their readers have, or are still to get. */
export async function facesOfRun(trx: Trx, runId: string): Promise<Revision[]> {
  const rows = await trx
    .selectFrom('deliveries')
    .select(['key', 'card'])
    .where('run_id', 'in', runs(runId))
    .where('recalled_at', 'is', null)
    .where('state', 'in', ['due', 'claimed', 'sending', 'delivered', 'uncertain'])
    .orderBy('seq')
    .execute();
  return rows.map(({ key, card }) => ({ key, card: card as Card }));
}
