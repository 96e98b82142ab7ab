/** Keeps pauses. A run that is being written and a pause that begins do not overlap: one waits for the other. */
import { type Selectable, sql } from 'kysely';
import { newId } from '../kernel/ids.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { PauseRow } from '../storage/tables/scheduling.ts';
import type { Pause, PauseScope } from './pauses.ts';

/** Those that last, and those that ended since an instant; the oldest first. */
export async function readPauses(db: Db | Trx, since: Date): Promise<Pause[]> {
  const rows = await db
    .selectFrom('pauses')
    .selectAll()
    .where((where) => where.or([where('until', 'is', null), where('until', '>=', since)]))
    .orderBy('since')
    .execute();
  return rows.map(pauseFrom);
}

/** For the transaction of a run: a pause that begins meanwhile waits until it is written, and then finds its deliveries. */
export async function keepOutPauses(trx: Trx): Promise<void> {
  await sql`lock table pauses in share mode`.execute(trx);
}

/** Undefined when the same is paused already. */
export async function addPause(trx: Trx, pause: Omit<Pause, 'id' | 'until'>): Promise<Pause | undefined> {
  const [kind, subject] = columnsOf(pause.scope);
  const { reason, by, since } = pause;
  const row = await trx
    .insertInto('pauses')
    .values({ id: newId('pause'), kind, subject, reason, paused_by: by, since, until: null })
    .onConflict((conflict) => conflict.columns(['kind', 'subject']).where('until', 'is', null).doNothing())
    .returningAll()
    .executeTakeFirst();
  return row && pauseFrom(row);
}

/** Undefined when it is not paused. */
export async function endPause(trx: Trx, scope: PauseScope, now: Date): Promise<Pause | undefined> {
  const [kind, subject] = columnsOf(scope);
  const row = await trx
    .updateTable('pauses')
    .set({ until: now })
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('until', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row && pauseFrom(row);
}

function columnsOf(scope: PauseScope): readonly [kind: string, subject: string] {
  if (scope.kind === 'everything') return ['everything', ''];
  return scope.kind === 'rule' ? ['rule', scope.rule] : ['school', scope.urn];
}

function pauseFrom(row: Selectable<PauseRow>): Pause {
  const scope: PauseScope =
    row.kind === 'rule'
      ? { kind: 'rule', rule: row.subject }
      : row.kind === 'school'
        ? { kind: 'school', urn: row.subject }
        : { kind: 'everything' };
  return {
    id: row.id,
    scope,
    reason: row.reason,
    by: row.paused_by,
    since: row.since,
    ...(row.until ? { until: row.until } : {}),
  };
}
