/** Takes a published file of the DfE: all of it, or nothing with every row that contradicts itself. */
import { type Refusal, refuse } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import { benchmarksOf } from './benchmarks.ts';
import { saveBenchmarks } from './benchmarks-store.ts';
import { type RowProblem, readPublished } from './dfe.ts';

export type BenchmarksReceipt = {
  readonly kind: 'benchmarks';
  readonly rows: number;
  /** Rows whose figures the DfE hides itself. */
  readonly hidden: number;
  readonly periods: readonly string[];
};
export type BenchmarksRefusal = Refusal & { readonly problems: readonly RowProblem[] };

/** `published`: the ISO date on which the file came out, shown wherever its figures are. */
export async function importBenchmarks(
  db: Db,
  text: string,
  options: { readonly published: string; readonly now: Date; readonly by: string },
): Promise<BenchmarksReceipt | BenchmarksRefusal> {
  const file = readPublished(text);
  if (file.kind === 'not-known')
    return {
      ...refuse('benchmarks-refused', `Nothing was imported: ${file.reason}.`),
      problems: [],
    };
  if (file.problems.length > 0)
    return {
      ...refuse(
        'benchmarks-refused',
        `Nothing was imported: ${count(file.problems.length, 'row')} of the file ${file.problems.length === 1 ? 'contradicts itself' : 'contradict themselves'}.`,
      ),
      problems: file.problems,
    };
  const rows = benchmarksOf(file.rows, options.published);
  await inTransaction(db, async (trx) => {
    await saveBenchmarks(trx, rows, options.now);
    await writeAudit(trx, {
      at: options.now,
      actor: options.by,
      action: 'attendance.benchmarks',
      subject: options.published,
      detail: { rows: rows.length },
    });
  });
  const periods = [...new Set(rows.map((row) => row.period))].toSorted();
  return { kind: 'benchmarks', rows: rows.length, hidden: file.hidden, periods };
}
