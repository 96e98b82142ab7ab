/** Reads the ledger for a report: what became of each message of a run. Changes nothing. */
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';
import type { DeliveryState, Target } from './message.ts';
import { BEFORE, targetOf } from './store.ts';

export type LedgerItem = {
  readonly id: string;
  readonly runId: string;
  readonly key: string;
  readonly target: Target;
  readonly state: DeliveryState;
  readonly reason?: string;
  readonly activityId?: string;
  readonly editProblem?: string;
  /** Its newest face is not the one shown. */
  readonly unshown?: true;
  readonly recalled?: true;
  /** Set aside, since it was sent again. */
  readonly again?: true;
};

/** All but the card: a ledger of a year has tens of thousands, and a report shows none. */
const COLUMNS = [
  'deliveries.id',
  'deliveries.run_id',
  'deliveries.key',
  'deliveries.target_kind',
  'deliveries.person_id',
  'deliveries.team_id',
  'deliveries.channel_id',
  'deliveries.state',
  'deliveries.reason',
  'deliveries.activity_id',
  'deliveries.recalled_at',
  'deliveries.shown_version',
  'deliveries.card_version',
  'deliveries.edit_problem',
] as const;

export async function listItems(db: Db, runId?: string): Promise<LedgerItem[]> {
  let query = db
    .selectFrom('deliveries')
    .leftJoin('gathered', (join) =>
      join
        .on('gathered.key', '=', sql<string>`regexp_replace(deliveries.key, ${`${BEFORE}$`}, '')`)
        .on('deliveries.state', '=', 'cancelled'),
    )
    .select([...COLUMNS, 'gathered.fate'])
    .orderBy('seq');
  if (runId !== undefined) query = query.where('deliveries.run_id', '=', runId);
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    key: row.key,
    target: targetOf(row),
    state: row.state as DeliveryState,
    // Of what was merged it is said into which card.
    ...((row.fate ?? row.reason) ? { reason: row.fate ?? row.reason ?? '' } : {}),
    ...(row.activity_id ? { activityId: row.activity_id } : {}),
    ...(row.recalled_at ? { recalled: true } : {}),
    ...(row.key.endsWith(BEFORE) ? { again: true } : {}),
    ...(row.state === 'delivered' && (row.shown_version ?? 0) < row.card_version ? { unshown: true } : {}),
    ...(row.edit_problem ? { editProblem: row.edit_problem } : {}),
  }));
}

/** How many of a run, or of all there is, are in each state: for whoever needs no names. */
export async function countStates(db: Db, runId?: string): Promise<ReadonlyMap<DeliveryState, number>> {
  const { rows } = await sql<{ state: DeliveryState; count: number }>`
    select state, count(*)::int as count from deliveries
    ${runId === undefined ? sql`` : sql`where run_id = ${runId}`} group by state`.execute(db);
  return new Map(rows.map(({ state, count }) => [state, count]));
}
