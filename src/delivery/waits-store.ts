/** Asks the ledger how long nothing is to be done. Changes nothing. */
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';

/** Milliseconds until the next send or edit is due (0: now); undefined when there is none. Claims of others do not count. */
export async function nextDueIn(db: Db): Promise<number | undefined> {
  // What is due now is found by the first of them: all of them are read only when there is none.
  const result = await sql<{ wait: number | null }>`
    select coalesce(
      (select 0 from deliveries where settled_at is null and state = 'due' and not_before <= clock_timestamp()
        order by urgent desc, seq limit 1),
      (select extract(epoch from min(at) - clock_timestamp()) * 1000 from (
        select min(not_before) as at from deliveries where settled_at is null and state = 'due'
        union all
        select min(greatest(edit_not_before, coalesce(edit_lease_until, edit_not_before))) from deliveries
        where state = 'delivered' and shown_version < card_version and edit_problem is null
      ) times))::float8 as wait`.execute(db);
  return waitOf(result.rows);
}

/** Milliseconds until the first lease lapses; undefined when nothing is claimed or being sent. */
export async function nextLapseIn(db: Db): Promise<number | undefined> {
  const result = await sql<{ wait: number | null }>`
    select (extract(epoch from min(lease_until) - clock_timestamp()) * 1000)::float8 as wait
    from deliveries where settled_at is null and state in ('claimed', 'sending')`.execute(db);
  return waitOf(result.rows);
}

function waitOf(rows: readonly { readonly wait: number | null }[]): number | undefined {
  const wait = rows[0]?.wait;
  return wait === null || wait === undefined ? undefined : Math.max(0, wait);
}
