/** Published figures to compare with, in SQL. A newer file's row takes the place of an older one; decides nothing. */
import { sql } from 'kysely';
import { inBatches } from '../storage/batch.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { Benchmark } from './benchmarks.ts';
import { TOGETHER } from './imports-store.ts';

const BATCH = 1000;

/** Rows of the same area, phase and period are replaced unless they come from a file published later. */
export async function saveBenchmarks(trx: Trx, rows: readonly Benchmark[], at: Date): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH)
    await trx
      .insertInto('benchmarks')
      .values(
        rows.slice(from, from + BATCH).map((row) => ({
          level: row.level,
          area: row.area,
          area_name: row.areaName,
          phase: row.phase,
          period: row.period,
          possible: row.possible,
          attended: row.attended,
          published: row.published,
          imported_at: at,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['level', 'area', 'phase', 'period'])
          .doUpdateSet({
            area_name: sql`excluded.area_name`,
            possible: sql`excluded.possible`,
            attended: sql`excluded.attended`,
            published: sql`excluded.published`,
            imported_at: sql`excluded.imported_at`,
          })
          .where('benchmarks.published', '<=', sql<string>`excluded.published`),
      )
      .execute();
}

type Asked = { readonly phase: Benchmark['phase']; readonly periods: readonly string[] };

const benchmarksOf = inBatches(async (db, asked: readonly Asked[]): Promise<readonly Benchmark[][]> => {
  const rows = await db
    .selectFrom('benchmarks')
    .selectAll()
    .where('phase', 'in', [...new Set(asked.map(({ phase }) => phase))])
    .where('period', 'in', [...new Set(asked.flatMap(({ periods }) => periods))])
    .execute();
  const held = rows.map((row) => ({
    level: row.level,
    area: row.area,
    areaName: row.area_name,
    phase: row.phase,
    period: row.period,
    possible: Number(row.possible),
    attended: Number(row.attended),
    published: row.published,
  }));
  return asked.map(({ phase, periods }) =>
    held.filter((one) => one.phase === phase && periods.includes(one.period)),
  );
}, TOGETHER);

/** The schools of a trust ask for the same few rows at the same moment. */
export function readBenchmarks(
  db: Db | Trx,
  phase: Benchmark['phase'],
  periods: readonly string[],
): Promise<readonly Benchmark[]> {
  return benchmarksOf(db, { phase, periods });
}
