/** The send slots of the tenant, which all instances take from one row by the database's clock. */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';

/**
 * Takes the next `count` send slots of the tenant, `each` milliseconds apart, for this instance alone. Returns how many
 * milliseconds from now the first one is.
 */
export async function reserveSlots(db: Db | Trx, count: number, each: number): Promise<number> {
  const span = sql`${count * each}::float8 * interval '1 millisecond'`;
  const result = await sql<{ wait: number }>`
    update send_slots set next_at = greatest(next_at, clock_timestamp()) + ${span}
    where scope = 'tenant'
    returning (extract(epoch from next_at - ${span} - clock_timestamp()) * 1000)::float8 as wait`.execute(db);
  return Math.max(0, result.rows[0]?.wait ?? 0);
}
