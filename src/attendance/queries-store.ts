/** Figures that somebody asked to be checked, in SQL. The only writer of their table; decides nothing. */
import { inBatches } from '../storage/batch.ts';
import type { Db, Trx } from '../storage/database.ts';
import { TOGETHER } from './imports-store.ts';

export type Query = {
  readonly id: string;
  readonly schoolUrn: string;
  readonly week: string;
  readonly asker: string;
  readonly reason: string;
  readonly state: 'open' | 'right' | 'wrong';
  readonly answeredBy: string | null;
};

/** One open query a school week and asker: a second press finds the first. */
export async function openQuery(
  trx: Trx,
  query: Pick<Query, 'id' | 'schoolUrn' | 'week' | 'asker' | 'reason'>,
  at: Date,
): Promise<boolean> {
  const before = await trx
    .selectFrom('nudge_queries')
    .select('id')
    .where('school_urn', '=', query.schoolUrn)
    .where('week', '=', query.week)
    .where('asker', '=', query.asker)
    .where('state', '=', 'open')
    .executeTakeFirst();
  if (before) return false;
  const added = await trx
    .insertInto('nudge_queries')
    .values({
      id: query.id,
      school_urn: query.schoolUrn,
      week: query.week,
      asker: query.asker,
      reason: query.reason,
      asked_at: at,
      state: 'open',
      answered_by: null,
      answered_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function readQuery(db: Db | Trx, id: string): Promise<Query | undefined> {
  const row = await db.selectFrom('nudge_queries').selectAll().where('id', '=', id).executeTakeFirst();
  return row && queryOf(row);
}

const queriesOf = inBatches(async (db, weeks: readonly string[]): Promise<readonly Query[][]> => {
  const rows = await db
    .selectFrom('nudge_queries')
    .selectAll()
    .where('week', 'in', [...new Set(weeks)])
    .where('state', '!=', 'right')
    .orderBy('asked_at')
    .execute();
  return weeks.map((week) => rows.filter((row) => row.week === week).map(queryOf));
}, TOGETHER);

/** Queries about a school's week that still mark it: open, or found wrong and not yet corrected. */
export function readQueries(db: Db | Trx, week: string): Promise<readonly Query[]> {
  return queriesOf(db, week);
}

function queryOf(row: {
  id: string;
  school_urn: string;
  week: string;
  asker: string;
  reason: string;
  state: string;
  answered_by: string | null;
}): Query {
  return {
    id: row.id,
    schoolUrn: row.school_urn,
    week: row.week,
    asker: row.asker,
    reason: row.reason,
    state: row.state === 'right' || row.state === 'wrong' ? row.state : 'open',
    answeredBy: row.answered_by,
  };
}

/** False when somebody answered it before. */
export async function answerQuery(
  trx: Trx,
  id: string,
  answer: { readonly state: 'right' | 'wrong'; readonly by: string; readonly at: Date },
): Promise<boolean> {
  const changed = await trx
    .updateTable('nudge_queries')
    .set({ state: answer.state, answered_by: answer.by, answered_at: answer.at })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}
