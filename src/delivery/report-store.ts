/** Reads the ledger for a report: what became of each message of a run. Changes nothing. */
import type { Db } from '../storage/database.ts';
import type { DeliveryState, Target } from './message.ts';
import { targetOf } from './store.ts';

export type LedgerItem = {
  readonly id: string;
  readonly runId: string;
  readonly key: string;
  readonly target: Target;
  readonly state: DeliveryState;
  readonly reason?: string;
  readonly activityId?: string;
  readonly editProblem?: string;
};

export async function listItems(db: Db, runId?: string): Promise<LedgerItem[]> {
  let query = db.selectFrom('deliveries').selectAll().orderBy('seq');
  if (runId !== undefined) query = query.where('run_id', '=', runId);
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    key: row.key,
    target: targetOf(row),
    state: row.state as DeliveryState,
    ...(row.reason ? { reason: row.reason } : {}),
    ...(row.activity_id ? { activityId: row.activity_id } : {}),
    ...(row.edit_problem ? { editProblem: row.edit_problem } : {}),
  }));
}
