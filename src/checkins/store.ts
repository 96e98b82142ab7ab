/**
 * Keeps milestones, check-ins, their history and which cards were sent for them. The only writer of these tables. Decides
 * nothing: every change of a check-in is a `Decision` of the lifecycle, saved under the row lock it was made with.
 */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { CheckinRow, MilestoneRow, StoredAnswer } from '../storage/tables/checkins.ts';
import type { Answer, Checkin, Decision } from './lifecycle.ts';
import type { Milestone, MilestoneChange } from './milestone.ts';

type Reader = Db | Trx;
export type Stored<Row> = {
  [Column in keyof Row]: Column extends 'answer' ? StoredAnswer | null : Row[Column];
};

export type CheckinMessage = {
  readonly key: string;
  readonly checkinId: string;
  /** Of a card in a channel: the channel's id. */
  readonly personId: string;
  readonly role: 'owner' | 'reviewer' | 'channel';
};

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

export async function saveMilestone(trx: Trx, change: MilestoneChange, now: Date): Promise<void> {
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
      milestone: JSON.stringify(change.milestone),
    })
    .execute();
}

/** The round after the one that was asked for now; undefined ends the rounds. */
export async function saveNextRound(trx: Trx, milestoneId: string, next: string | undefined): Promise<void> {
  await trx
    .updateTable('milestones')
    .set({ next_round: next ?? null })
    .where('id', '=', milestoneId)
    .execute();
}

/** False when that round was opened before, or the milestone still has a live one: then nothing was written. */
export async function insertCheckin(trx: Trx, checkin: Checkin, now: Date): Promise<boolean> {
  const added = await trx
    .insertInto('checkins')
    .values({ ...fromCheckin(checkin), opened_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) return false;
  await addHistory(trx, checkin, 'open', 'waymark', now);
  return true;
}

export async function readCheckin(db: Reader, id: string): Promise<Checkin | undefined> {
  const row = await db.selectFrom('checkins').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toCheckin(row);
}

/** The row, locked until the transaction ends: whoever comes second sees what the first one made of it. */
export async function lockCheckin(trx: Trx, id: string): Promise<Checkin | undefined> {
  const row = await trx
    .selectFrom('checkins')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toCheckin(row);
}

/** Locks several, in one order for all, before anything else of them is touched. */
export async function lockCheckins(trx: Trx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .selectFrom('checkins')
    .select('id')
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute();
}

export async function saveDecision(trx: Trx, decision: Decision, actor: string, now: Date): Promise<void> {
  const { id, ...changed } = fromCheckin(decision.next);
  await trx.updateTable('checkins').set(changed).where('id', '=', id).execute();
  await addHistory(trx, decision.next, decision.event, actor, now);
}

/** Notes that the owner was asked again. No version: what the card shows has not changed. */
export async function saveAsk(
  trx: Trx,
  checkin: Pick<Checkin, 'id' | 'version'>,
  ask: { readonly asked: number; readonly askOn: string },
): Promise<boolean> {
  const changed = await trx
    .updateTable('checkins')
    .set({ asked: ask.asked, ask_on: ask.askOn, resting: false })
    .where('id', '=', checkin.id)
    .where('version', '=', checkin.version)
    .where('state', 'in', ['open', 'returned'])
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** The check-in of each milestone that is open, submitted or returned; at most one a milestone. */
export async function readLive(db: Reader): Promise<Checkin[]> {
  const rows = await db
    .selectFrom('checkins')
    .selectAll()
    .where('state', 'in', ['open', 'submitted', 'returned'])
    .orderBy('id')
    .execute();
  return rows.map(toCheckin);
}

/** The newest approved check-in of each milestone; of all milestones when none are named. */
export async function readLastApproved(db: Reader, milestoneIds?: readonly string[]): Promise<Checkin[]> {
  if (milestoneIds?.length === 0) return [];
  let query = db
    .selectFrom('checkins')
    .selectAll()
    .distinctOn('milestone_id')
    .where('state', '=', 'approved')
    .orderBy('milestone_id')
    .orderBy('decided_at', 'desc')
    .orderBy('round', 'desc');
  if (milestoneIds) query = query.where('milestone_id', 'in', [...milestoneIds]);
  return (await query.execute()).map(toCheckin);
}

/** Keeps which cards were sent for a check-in; a repeat changes nothing. */
export async function addMessages(trx: Trx, messages: readonly CheckinMessage[], now: Date): Promise<void> {
  if (messages.length === 0) return;
  await trx
    .insertInto('checkin_messages')
    .values(
      messages.map((message) => ({
        key: message.key,
        checkin_id: message.checkinId,
        person_id: message.personId,
        role: message.role,
        sent_at: now,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function readMessages(db: Reader, checkinIds: readonly string[]): Promise<CheckinMessage[]> {
  if (checkinIds.length === 0) return [];
  const rows = await db
    .selectFrom('checkin_messages')
    .selectAll()
    .where('checkin_id', 'in', [...checkinIds])
    .orderBy('sent_at')
    .orderBy('key')
    .execute();
  return rows.map((row) => ({
    key: row.key,
    checkinId: row.checkin_id,
    personId: row.person_id,
    role: row.role,
  }));
}

async function addHistory(
  trx: Trx,
  checkin: Checkin,
  event: string,
  actor: string,
  now: Date,
): Promise<void> {
  await trx
    .insertInto('checkin_history')
    .values({
      checkin_id: checkin.id,
      version: checkin.version,
      event,
      actor,
      at: now,
      state: checkin.state,
      answer: checkin.answer ? JSON.stringify(checkin.answer) : null,
      comment: checkin.comment ?? null,
    })
    .execute();
}

export function toMilestone(row: MilestoneRow): Milestone {
  return {
    id: row.id,
    title: row.title,
    strand: row.strand,
    ...(row.school_urn === null ? {} : { schoolUrn: row.school_urn }),
    ownerId: row.owner_id,
    measure: row.measure,
    unit: row.unit,
    target: row.target,
    due: row.due,
    everyWeeks: row.every_weeks,
    firstRound: row.first_round,
    ...(row.ask_in === 'channel' ? { askIn: 'channel' as const } : {}),
    ...(row.next_round === null ? {} : { nextRound: row.next_round }),
    ended: row.ended,
  };
}

function fromMilestone(milestone: Milestone, now: Date): MilestoneRow {
  return {
    id: milestone.id,
    title: milestone.title,
    strand: milestone.strand,
    school_urn: milestone.schoolUrn ?? null,
    owner_id: milestone.ownerId,
    measure: milestone.measure,
    unit: milestone.unit,
    target: milestone.target,
    due: milestone.due,
    every_weeks: milestone.everyWeeks,
    first_round: milestone.firstRound,
    ask_in: milestone.askIn ?? 'chat',
    next_round: milestone.nextRound ?? null,
    ended: milestone.ended,
    changed_at: now,
  };
}

export function toCheckin(row: Stored<CheckinRow>): Checkin {
  const answer: Answer | null = row.answer;
  return {
    id: row.id,
    milestoneId: row.milestone_id,
    round: row.round,
    ownerId: row.owner_id,
    state: row.state,
    version: row.version,
    ...(answer ? { answer } : {}),
    unchanged: row.unchanged,
    ...(row.submitted_at ? { submittedAt: row.submitted_at } : {}),
    ...(row.help_asked_at ? { helpAskedAt: row.help_asked_at } : {}),
    asked: row.asked,
    ...(row.ask_on === null ? {} : { askOn: row.ask_on }),
    resting: row.resting,
    ...(row.comment === null ? {} : { comment: row.comment }),
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.decided_at ? { decidedAt: row.decided_at } : {}),
  };
}

function fromCheckin(checkin: Checkin) {
  return {
    id: checkin.id,
    milestone_id: checkin.milestoneId,
    round: checkin.round,
    owner_id: checkin.ownerId,
    state: checkin.state,
    version: checkin.version,
    answer: checkin.answer ? JSON.stringify(checkin.answer) : null,
    unchanged: checkin.unchanged,
    submitted_at: checkin.submittedAt ?? null,
    help_asked_at: checkin.helpAskedAt ?? null,
    asked: checkin.asked,
    ask_on: checkin.askOn ?? null,
    resting: checkin.resting,
    comment: checkin.comment ?? null,
    decided_by: checkin.decidedBy ?? null,
    decided_at: checkin.decidedAt ?? null,
  };
}
