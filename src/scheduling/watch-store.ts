/** What the watch asks of the store: runs that were given up, and which late or missed ones operators were told of. */
import type { Db, Trx } from '../storage/database.ts';
import type { Alarm } from './alarm-card.ts';
import type { SlotState } from './store.ts';

/** What became of these runs; one that was never written down is not in it. */
export async function statesOf(db: Db, runs: readonly string[]): Promise<Map<string, SlotState>> {
  if (runs.length === 0) return new Map();
  const rows = await db.selectFrom('slots').select(['run_id', 'state']).where('run_id', 'in', runs).execute();
  return new Map(rows.map(({ run_id, state }) => [run_id, state as SlotState]));
}

/** Runs due since an instant that their policy gave up because nothing ran them in time, and of which nobody was told yet. */
export async function missedRuns(db: Db, since: Date): Promise<Alarm[]> {
  const rows = await db
    .selectFrom('slots')
    .select(['run_id', 'rule', 'due_at'])
    .where('state', '=', 'skipped')
    .where('reason', 'like', 'missed:%')
    .where('due_at', '>=', since)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('alarms')
            .select('alarms.run_id')
            .whereRef('alarms.run_id', '=', 'slots.run_id')
            .where('alarms.kind', '=', 'missed'),
        ),
      ),
    )
    .orderBy('due_at')
    .execute();
  return rows.map(({ run_id, rule, due_at }) => ({ runId: run_id, rule, dueAt: due_at, kind: 'missed' }));
}

/** Notes that operators are being told. Returns the ones that no other instance has noted. */
export async function claimAlarms(trx: Trx, alarms: readonly Alarm[], now: Date): Promise<Alarm[]> {
  if (alarms.length === 0) return [];
  const rows = await trx
    .insertInto('alarms')
    .values(alarms.map(({ runId, kind }) => ({ run_id: runId, kind, raised_at: now })))
    .onConflict((conflict) => conflict.columns(['run_id', 'kind']).doNothing())
    .returning(['run_id', 'kind'])
    .execute();
  const ours = new Set(rows.map(({ run_id, kind }) => `${kind} ${run_id}`));
  return alarms.filter(({ runId, kind }) => ours.has(`${kind} ${runId}`));
}
