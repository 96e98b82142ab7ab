/**
 * Keeps milestones and their history. The only writer of these tables. Decides nothing: what changed is worked out by
 * `milestone.ts`.
 */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { MilestoneRow } from '../storage/tables/checkins.ts';
import type { Milestone, MilestoneChange } from './milestone.ts';

type Reader = Db | Trx;

/** Other instances that start at the same time wait here, so that a change enters the history once. */
export async function lockMilestones(trx: Trx): Promise<void> {
  await sql`lock table milestones in share row exclusive mode`.execute(trx);
}

/**
 * Taken before a day's asks lock any check-in, so that a sync at the same time (which holds the milestones and then wants
 * check-ins) is either wholly before or wholly after it.
 */
export async function announceAsks(trx: Trx): Promise<void> {
  await sql`lock table milestones in row exclusive mode`.execute(trx);
}

export async function readMilestones(db: Reader): Promise<Milestone[]> {
  const rows = await db.selectFrom('milestones').selectAll().orderBy('id').execute();
  return rows.map(toMilestone);
}

export async function readMilestone(db: Reader, id: string): Promise<Milestone | undefined> {
  const row = await db.selectFrom('milestones').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toMilestone(row);
}

/** `by`: the id of whoever changed it; Waymark for a file. */
export async function saveMilestone(trx: Trx, change: MilestoneChange, by: string, now: Date): Promise<void> {
  const row = fromMilestone(change.milestone, now);
  const { id: _id, ...changed } = row;
  await trx
    .insertInto('milestones')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
  await trx
    .insertInto('milestone_history')
    .values({
      milestone_id: row.id,
      at: now,
      change: change.kind,
      changed_by: by,
      milestone: JSON.stringify(change.milestone),
    })
    .execute();
}

/** One change of a milestone; `by` is missing of those from before it was kept. */
export type MilestoneStep = {
  readonly seq: number;
  readonly at: Date;
  readonly change: MilestoneChange['kind'];
  readonly by?: string;
  readonly milestone: Milestone;
};

/** Its changes, the newest first. The newest one's `seq` is the version that a card shows. */
export async function readSteps(db: Reader, milestoneId: string, limit: number): Promise<MilestoneStep[]> {
  const rows = await db
    .selectFrom('milestone_history')
    .selectAll()
    .where('milestone_id', '=', milestoneId)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    seq: Number(row.seq),
    at: row.at,
    change: row.change,
    ...(row.changed_by === null ? {} : { by: row.changed_by }),
    milestone: row.milestone as Milestone,
  }));
}

/** The rounds after those that were asked for now; undefined ends a milestone's rounds. */
export async function saveNextRounds(
  trx: Trx,
  rounds: readonly { readonly milestoneId: string; readonly next: string | undefined }[],
): Promise<void> {
  if (rounds.length === 0) return;
  await sql`
    update milestones set next_round = given.next
    from jsonb_to_recordset(${JSON.stringify(rounds)}::jsonb) as given("milestoneId" text, next text)
    where milestones.id = given."milestoneId"`.execute(trx);
}

export function toMilestone(row: MilestoneRow): Milestone {
  return {
    id: row.id,
    title: row.title,
    strand: row.strand,
    ...(row.school_urn === null ? {} : { schoolUrn: row.school_urn }),
    ...(row.team_id === null ? {} : { teamId: row.team_id }),
    ...(row.reviewer === null ? {} : { reviewer: row.reviewer }),
    ownerId: row.owner_id,
    measure: row.measure,
    unit: row.unit,
    target: row.target,
    ...(row.direction ? { direction: row.direction } : {}),
    due: row.due,
    everyWeeks: row.every_weeks,
    ...(row.cadence ? { cadence: row.cadence } : {}),
    firstRound: row.first_round,
    ...(row.ask_in === 'channel' ? { askIn: 'channel' as const } : {}),
    ...(row.next_round === null ? {} : { nextRound: row.next_round }),
    ended: row.ended,
    ...(row.weekly_asked ? { weeklyAsked: true } : {}),
  };
}

function fromMilestone(milestone: Milestone, now: Date): MilestoneRow {
  return {
    id: milestone.id,
    title: milestone.title,
    strand: milestone.strand,
    school_urn: milestone.schoolUrn ?? null,
    team_id: milestone.teamId ?? null,
    reviewer: milestone.reviewer ?? null,
    owner_id: milestone.ownerId,
    measure: milestone.measure,
    unit: milestone.unit,
    target: milestone.target,
    direction: milestone.direction ?? null,
    due: milestone.due,
    every_weeks: milestone.everyWeeks,
    cadence: milestone.cadence ?? null,
    first_round: milestone.firstRound,
    ask_in: milestone.askIn ?? 'chat',
    next_round: milestone.nextRound ?? null,
    ended: milestone.ended,
    weekly_asked: milestone.weeklyAsked ?? null,
    changed_at: now,
  };
}
