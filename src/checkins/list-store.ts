/** Keeps how far the milestones' SharePoint list was read and what was last written to its rows. The only writer of both tables. */
import type { Db, Trx } from '../storage/database.ts';
import type { ListSetting, RowProblem } from './list-rows.ts';
import { LISTED } from './milestone.ts';

/** What its state is kept by. */
export function listName({ site, list }: Pick<ListSetting, 'site' | 'list'>): string {
  return `${site}/${list}`;
}

/** Whether the last look found no row of this milestone any more. */
export async function isRowGone(
  db: Db,
  setting: Pick<ListSetting, 'site' | 'list'>,
  milestoneId: string,
): Promise<boolean> {
  const state = await readListState(db, listName(setting));
  return state?.problems.some(({ row, gone }) => gone && milestoneId === `${LISTED}${row}`) ?? false;
}

export type ListState = {
  readonly link?: string;
  readonly problems: readonly RowProblem[];
  readonly lookedAt: Date;
};

export async function readListState(db: Db, list: string): Promise<ListState | undefined> {
  const row = await db
    .selectFrom('milestone_list_state')
    .selectAll()
    .where('list', '=', list)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    ...(row.link === null ? {} : { link: row.link }),
    problems: row.problems as readonly RowProblem[],
    lookedAt: row.looked_at,
  };
}

export async function saveListState(
  trx: Trx,
  list: string,
  { link, problems, lookedAt }: ListState,
): Promise<void> {
  const changed = { link: link ?? null, problems: JSON.stringify(problems), looked_at: lookedAt };
  await trx
    .insertInto('milestone_list_state')
    .values({ list, ...changed })
    .onConflict((conflict) => conflict.column('list').doUpdateSet(changed))
    .execute();
}

/** `mark`: of what was last written of its approvals, `planMark`: of the milestone itself; absent when nothing was. */
export type KeptRow = {
  readonly milestoneId: string;
  readonly rowId: string;
  readonly mark?: string;
  readonly planMark?: string;
};

export async function readListRows(db: Db): Promise<ReadonlyMap<string, KeptRow>> {
  const rows = await db.selectFrom('milestone_list_rows').selectAll().execute();
  return new Map(
    rows.map((row) => [
      row.milestone_id,
      {
        milestoneId: row.milestone_id,
        rowId: row.row_id,
        ...(row.written === null ? {} : { mark: row.written }),
        ...(row.plan_written === null ? {} : { planMark: row.plan_written }),
      },
    ]),
  );
}

export async function saveListRow(
  db: Db | Trx,
  { milestoneId, rowId, mark, planMark }: KeptRow,
  now: Date,
): Promise<void> {
  const changed = {
    row_id: rowId,
    written: mark ?? null,
    written_at: mark === undefined ? null : now,
    plan_written: planMark ?? null,
  };
  await db
    .insertInto('milestone_list_rows')
    .values({ milestone_id: milestoneId, ...changed })
    .onConflict((conflict) => conflict.column('milestone_id').doUpdateSet(changed))
    .execute();
}
