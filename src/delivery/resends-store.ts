/** The ledger's messages that are sent again by hand: each attempt once, set aside under a key of its own. */
import { sql } from 'kysely';
import type { Trx } from '../storage/database.ts';
import type { DeliveryState, Draft } from './message.ts';
import { BEFORE, type TargetRow, targetOf } from './store.ts';

/** Sets messages of a run aside, or the one named, to be written again under their keys; each once, so a second press finds none. */
export async function setAside(
  trx: Trx,
  runId: string,
  states: readonly DeliveryState[],
  id?: string,
): Promise<Draft[]> {
  const { rows } = await sql<TargetRow & Pick<Draft, 'key' | 'card' | 'urgent'>>`
    update deliveries d set key = d.key || ${BEFORE}, updated_at = clock_timestamp()
    where d.run_id = ${runId} and d.state = any(${[...states]}::text[]) and d.key not like ${`%${BEFORE}`}
      and d.recalled_at is null
      ${id === undefined ? sql`and (d.state <> 'cancelled' or d.reason like 'paused:%')` : sql`and d.id = ${id}`}
      and not exists (select 1 from deliveries other where other.key = d.key || ${BEFORE})
    returning d.key, d.card, d.urgent, d.target_kind, d.person_id, d.team_id, d.channel_id`.execute(trx);
  return rows.map((row) => ({ ...row, key: row.key.slice(0, -BEFORE.length), target: targetOf(row) }));
}
