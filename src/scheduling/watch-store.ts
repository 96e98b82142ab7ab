/** What the watch asks of the store: runs that were given up, and which late or missed ones operators were told of. */
import type { Db, Trx } from '../storage/database.ts';
import type { Alarm } from './alarm-card.ts';
import type { Slot } from './slots.ts';

/** Slots that were due by an instant, however long ago, and of which nothing has come: neither done nor given up. */
export async function openRuns(db: Db, by: Date): Promise<Slot[]> {
  const rows = await db
    .selectFrom('slots')
    .select(['rule', 'slot_key', 'due_at'])
    .where('state', 'in', ['due', 'claimed', 'failed'])
    .where('due_at', '<=', by)
    .orderBy('due_at')
    .execute();
  return rows.map(({ rule, slot_key, due_at }) => ({ rule, key: slot_key, at: due_at }));
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
