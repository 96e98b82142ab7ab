/** Deletes rows that were kept long enough, by the register of processing, and counts what there is. Refuses to know what any row means. */
import { sql } from 'kysely';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { Keeping } from './processing.ts';

/** Rows of one transaction, so that none holds locks for long. */
const BATCH = 1_000;

export type ByDays = Extract<Keeping, { until: 'days' }>;
export type Child = { readonly table: string; readonly column: string };

/** Before when: an instant, or an ISO week as text. */
export type Before = Date | string;

/**
 * Deletes what `keep` no longer keeps, and first the rows of `children` that belong to it (their parents' key is `key`). Returns
 * how many rows went, children not counted.
 */
export async function deleteOld(
  db: Db,
  table: string,
  keep: ByDays,
  before: Before,
  children: { readonly key: string; readonly of: readonly Child[] } | undefined,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const gone = await inTransaction(db, (trx) => deleteBatch(trx, table, keep, before, children));
    deleted += gone;
    if (gone < BATCH) return deleted;
  }
}

async function deleteBatch(
  trx: Trx,
  table: string,
  keep: ByDays,
  before: Before,
  children: { readonly key: string; readonly of: readonly Child[] } | undefined,
): Promise<number> {
  const old = sql`select ctid${children ? sql`, ${sql.ref(children.key)} as key` : sql``} from ${sql.table(table)} t
    where ${conditions(keep, before)} limit ${BATCH} for update skip locked`;
  if (!children) {
    const { numAffectedRows } =
      await sql`delete from ${sql.table(table)} where ctid in (select ctid from (${old}) o)`.execute(trx);
    return Number(numAffectedRows ?? 0);
  }
  const { rows } = await sql<{ key: string }>`select key from (${old}) o`.execute(trx);
  if (rows.length === 0) return 0;
  const keys = sql.join(rows.map(({ key }) => key));
  for (const child of children.of)
    await sql`delete from ${sql.table(child.table)} where ${sql.ref(child.column)} in (${keys})`.execute(trx);
  await sql`delete from ${sql.table(table)} where ${sql.ref(children.key)} in (${keys})`.execute(trx);
  return rows.length;
}

function conditions({ since, only, unless = [] }: ByDays, before: Before) {
  return sql.join(
    [
      sql`t.${sql.ref(since)} < ${before}`,
      ...(only ? [sql`t.${sql.ref(only.column)}::text in (${sql.join([...only.in])})`] : []),
      ...unless.map(
        ({ table, key, column }) =>
          sql`not exists (select 1 from ${sql.table(table)} c where c.${sql.ref(column)} = t.${sql.ref(key)})`,
      ),
    ],
    sql` and `,
  );
}

/** How many rows a table has, and the day or week of the oldest where there is one: an hour could be one person's. */
export async function countRows(
  db: Db,
  table: string,
  since: string | undefined,
): Promise<{ readonly rows: number; readonly oldest?: string }> {
  const oldest = since ? sql`min(${sql.ref(since)})::text` : sql`null::text`;
  const { rows } = await sql<{ n: number; oldest: string | null }>`
    select count(*)::int as n, ${oldest} as oldest from ${sql.table(table)}`.execute(db);
  const [found] = rows;
  return { rows: found?.n ?? 0, ...(found?.oldest ? { oldest: found.oldest.slice(0, 10) } : {}) };
}
