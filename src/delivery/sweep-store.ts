/** What time does to the ledger: leases lapse, and messages come to be of no use. */
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';
import type { DeliveryState } from './message.ts';

/**
 * What time has done: leases that lapsed, messages that are of no use any more. A claim goes back to due; a message that was
 * being posted when its holder went silent is uncertain, for nobody knows whether it left. With `everyLease`, all leases of
 * others count as lapsed: for the one process that holds an embedded store.
 */
export async function sweep(
  db: Db,
  now: Date,
  everyLease?: { readonly except: string },
): Promise<{ readonly lapsed: number; readonly uncertain: number; readonly expired: number }> {
  const lapsed = everyLease
    ? sql`lease_holder is distinct from ${everyLease.except}`
    : sql`lease_until < clock_timestamp()`;
  // Of what was being sent the holder stays named: if it lives, its own answer may still settle this attempt.
  const { rows } = await sql<{ state: string; count: number }>`
    with swept as (
      update deliveries set
        state = case state when 'claimed' then 'due' when 'sending' then 'uncertain' else 'expired' end,
        reason = case state when 'sending' then 'the sender stopped while posting; it may have arrived'
          when 'due' then 'not sent in time' else reason end,
        lease_holder = case when state <> 'claimed' then lease_holder end, lease_until = null,
        settled_at = case when state <> 'claimed' then clock_timestamp() end, updated_at = clock_timestamp()
      where settled_at is null
        and (state in ('claimed', 'sending') and ${lapsed} or state = 'due' and expires_at <= ${now})
      returning state
    )
    select state, count(*)::int as count from swept group by state`.execute(db);
  const count = (state: DeliveryState) => rows.find((row) => row.state === state)?.count ?? 0;
  return { lapsed: count('due'), uncertain: count('uncertain'), expired: count('expired') };
}
