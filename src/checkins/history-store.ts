/** Reads what milestones and check-ins were at a past instant, from their histories. Writes nothing. */
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';
import type { StoredAnswer } from '../storage/tables/checkins.ts';
import type { CheckinState } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';
import type { LastStep } from './report.ts';

/** Each milestone as it stood just before `instant`, the ended ones included. */
export async function milestonesBefore(db: Db, instant: Date): Promise<Milestone[]> {
  const { rows } = await sql<{ milestone: Milestone }>`
    select distinct on (milestone_id) milestone from milestone_history
    where at < ${instant} order by milestone_id, seq desc`.execute(db);
  return rows.map(({ milestone }) => milestone);
}

/** The last step of each check-in before `instant`. */
export async function stepsBefore(db: Db, instant: Date): Promise<LastStep[]> {
  const { rows } = await sql<{
    milestone_id: string;
    round: string;
    state: CheckinState;
    at: Date;
    answer: StoredAnswer | null;
  }>`
    select distinct on (step.checkin_id) checkin.milestone_id, checkin.round, step.state, step.at, step.answer
    from checkin_history step join checkins checkin on checkin.id = step.checkin_id
    where step.at < ${instant} order by step.checkin_id, step.version desc`.execute(db);
  return rows.map(({ milestone_id, answer, ...step }) => ({
    ...step,
    milestoneId: milestone_id,
    ...(answer ? { answer } : {}),
  }));
}
