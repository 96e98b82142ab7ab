/** Reads what milestones and check-ins were at a past instant, and who sent them, from their histories. Writes nothing. */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { StoredAnswer } from '../storage/tables/checkins.ts';
import type { Milestone } from './milestone.ts';
import type { Approval } from './report.ts';
import type { Point } from './trend.ts';

/** Each milestone as it stood just before `instant`, the ended ones included. */
export async function milestonesBefore(db: Db, instant: Date): Promise<Milestone[]> {
  const { rows } = await sql<{ milestone: Milestone }>`
    select distinct on (milestone_id) milestone from milestone_history
    where at < ${instant} order by milestone_id, seq desc`.execute(db);
  return rows.map(({ milestone }) => milestone);
}

/** Whether this person has ever sent the answer of a check-in. */
export async function hasSent(db: Db | Trx, checkinId: string, personId: string): Promise<boolean> {
  const step = await db
    .selectFrom('checkin_history')
    .select('seq')
    .where('checkin_id', '=', checkinId)
    .where('actor', '=', personId)
    .where('event', '=', 'submit')
    .executeTakeFirst();
  return step !== undefined;
}

type ApprovalRow = { milestone_id: string; round: string; at: Date; answer: StoredAnswer | null };

/** The newest approval of each milestone that had one before `instant`: nothing comes after an approval. */
export async function lastApprovedBefore(db: Db, instant: Date): Promise<Approval[]> {
  const { rows } = await sql<ApprovalRow>`
    select milestone.id as milestone_id, last.round, last.decided_at as at, last.answer
    from milestones milestone cross join lateral (
      select round, decided_at, answer from checkins
      where milestone_id = milestone.id and state = 'approved' and decided_at < ${instant}
      order by decided_at desc, round desc limit 1) last`.execute(db);
  return rows.map(toApproval);
}

/** More rounds than any milestone has in its time. */
const MOST_POINTS = 200;

/** The approved check-ins of a milestone, the oldest first. */
export async function readPoints(db: Db, milestoneId: string): Promise<Point[]> {
  const rows = await db
    .selectFrom('checkins')
    .select(['round', 'answer'])
    .where('milestone_id', '=', milestoneId)
    .where('state', '=', 'approved')
    .orderBy('round', 'desc')
    .orderBy('decided_at', 'desc')
    .limit(MOST_POINTS)
    .execute();
  return rows.flatMap(({ round, answer }) => (answer ? [{ round, answer }] : [])).reverse();
}

function toApproval({ milestone_id, answer, ...approval }: ApprovalRow): Approval {
  return { ...approval, milestoneId: milestone_id, ...(answer ? { answer } : {}) };
}
