/** The ledger's messages that are sent again by hand: each attempt once, set aside under a key of its own. */
import { sql } from 'kysely';
import type { Trx } from '../storage/database.ts';
import type { DeliveryState, Draft } from './message.ts';
import { BEFORE, type TargetRow, targetOf } from './store.ts';

const AGAIN = '/again';

/** The run of what is sent again by hand of a run: its own, where that is one already. */
export function againOf(runId: string): string {
  return runId.endsWith(AGAIN) ? runId : `${runId}${AGAIN}`;
}

/**
 * Takes up a message that was withheld, to be sent under its own key; what waited past its time still shows how things stand.
 * `fate`: what the report says of it then.
 */
export async function takeUp(
  trx: Trx,
  { runId, id }: { readonly runId: string; readonly id: string },
  now: Date,
  fate?: string,
): Promise<Draft[]> {
  return (await setAside(trx, runId, ['cancelled'], id, fate)).map(({ expiresAt, ...draft }) => ({
    ...draft,
    ...(expiresAt && expiresAt > now ? { expiresAt } : {}),
    runId: againOf(runId),
  }));
}

/** Sets messages of a run aside, or the one named, to be written again under their keys; each once, so a second press finds none. */
export async function setAside(
  trx: Trx,
  runId: string,
  states: readonly DeliveryState[],
  id?: string,
  fate?: string,
): Promise<Draft[]> {
  const { rows } = await sql<
    TargetRow & Pick<Draft, 'key' | 'card' | 'urgent'> & { expires_at: Date | null }
  >`
    update deliveries d set key = d.key || ${BEFORE}, reason = coalesce(${fate ?? null}::text, d.reason),
      updated_at = clock_timestamp()
    where d.run_id = ${runId} and d.state = any(${[...states]}::text[]) and d.key not like ${`%${BEFORE}`}
      and d.recalled_at is null
      ${id === undefined ? sql`and (d.state <> 'cancelled' or d.reason like 'paused:%')` : sql`and d.id = ${id}`}
      and not exists (select 1 from deliveries other where other.key = d.key || ${BEFORE})
    returning d.key, d.card, d.urgent, d.expires_at, d.target_kind, d.person_id, d.team_id, d.channel_id`.execute(
    trx,
  );
  return rows.map((row) => ({
    key: row.key.slice(0, -BEFORE.length),
    card: row.card,
    ...(row.urgent ? { urgent: true } : {}),
    target: targetOf(row),
    ...(row.expires_at ? { expiresAt: row.expires_at } : {}),
  }));
}
