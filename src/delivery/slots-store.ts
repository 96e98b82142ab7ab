/**
 * The send slots of the tenant, which all instances take from one row by the database's clock; and how much of the limit may be
 * used, which is cut for all of them when Teams asks the tenant for less, and grows back.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import { LONGEST_REST, SHARE } from './pacing.ts';

/** The share now, the same wherever it stands in one statement. */
const shareNow: RawBuilder<number> = sql`least(1, share
  + ${SHARE.growth}::float8 * greatest(0, extract(epoch from statement_timestamp() - share_at)::float8))`;

/** How far ahead slots are leased at most, at the slowest pace and by several instances. Milliseconds. */
const LEASED_AHEAD = 5 * 60_000;

/**
 * When the next slot is. What lies farther ahead than any rest, with what is leased behind it, is left from a clock that was put
 * back since; waiting for it would stop all instances for as long.
 */
const nextSlot: RawBuilder<Date> = sql`case
  when next_at > clock_timestamp() + ${LONGEST_REST + LEASED_AHEAD}::float8 * interval '1 millisecond' then clock_timestamp()
  else greatest(next_at, clock_timestamp()) end`;

/**
 * Takes the next `count` send slots of the tenant for this instance alone, `each` milliseconds apart or, after a cut, farther.
 * Returns how many milliseconds from now the first one is, and how far apart they are.
 */
export async function reserveSlots(
  db: Db | Trx,
  count: number,
  each: number,
): Promise<{ readonly first: number; readonly each: number }> {
  const span = sql`(${count * each}::float8 / ${shareNow}) * interval '1 millisecond'`;
  const result = await sql<{ first: number; each: number }>`
    update send_slots set next_at = ${nextSlot} + ${span}
    where scope = 'tenant'
    returning (extract(epoch from next_at - ${span} - clock_timestamp()) * 1000)::float8 as first,
      (${each}::float8 / ${shareNow}) as each`.execute(db);
  const [row] = result.rows;
  return { first: Math.max(0, row?.first ?? 0), each: row?.each ?? each };
}

/**
 * Cuts the share for all instances, once for what several saw together, and lets nothing leave for `rest` milliseconds but what
 * has a slot. Returns the share that holds now.
 */
export async function cutShare(db: Db, rest: number): Promise<number> {
  const { rows } = await sql<{ share: number }>`
    update send_slots set
      share = case when share_at > statement_timestamp() - ${SHARE.together}::float8 * interval '1 millisecond' then share
        else greatest(${SHARE.least}::float8, ${shareNow} / 2) end,
      share_at = case when share_at > statement_timestamp() - ${SHARE.together}::float8 * interval '1 millisecond' then share_at
        else statement_timestamp() end,
      next_at = greatest(${nextSlot}, clock_timestamp() + ${rest}::float8 * interval '1 millisecond')
    where scope = 'tenant' returning share`.execute(db);
  return rows[0]?.share ?? 1;
}

/** The share of the limit that may be used now. */
export async function currentShare(db: Db): Promise<number> {
  const { rows } = await sql<{ share: number }>`
    select ${shareNow} as share from send_slots where scope = 'tenant'`.execute(db);
  return rows[0]?.share ?? 1;
}
