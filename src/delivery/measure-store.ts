/** Reads what the ledger has open, for its measurements. Changes nothing. */
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';

/** `oldest`: seconds since the first of the `due` might have left; 0 when there is none. */
export type Open = { readonly due: number; readonly oldest: number; readonly uncertain: number };

/** Of uncertain messages those of the last seven days. */
export async function readOpen(db: Db): Promise<Open> {
  const { rows } = await sql<Open>`
    select count(*)::int as due,
      coalesce(extract(epoch from clock_timestamp() - min(not_before)), 0)::float8 as oldest,
      (select count(*)::int from deliveries where state = 'uncertain' and activity_id is null
        and settled_at > clock_timestamp() - interval '7 days') as uncertain
    from deliveries
    where settled_at is null and state in ('due', 'claimed') and not_before <= clock_timestamp()`.execute(db);
  return rows[0] ?? { due: 0, oldest: 0, uncertain: 0 };
}
