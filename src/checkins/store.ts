/**
 * Keeps check-ins, their history and which cards were sent for them. The only writer of these tables. Decides nothing: every
 * change of a check-in is a `Decision` of the lifecycle, written only to the row that it was judged by.
 */
import { sql } from 'kysely';
import { must } from '../kernel/guards.ts';
import { type AuditEntry, auditPart } from '../storage/audit.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { CheckinRow, StoredAnswer } from '../storage/tables/checkins.ts';
import type { Answer, Checkin, Decision, Escalated } from './lifecycle.ts';
import type { Opened } from './reminders.ts';

type Reader = Db | Trx;
/** Who wrote the present answer: the newest step that sent one. `table`: what a statement calls the check-ins that it reads. */
export function answeredBy(table: 'checkins' | 'checkin') {
  return sql<string | null>`(select step.actor from checkin_history step
    where step.checkin_id = ${sql.ref(`${table}.id`)} and step.event in ('submit', 'no-change')
    order by step.version desc limit 1)`.as('answered_by');
}

/** Of one statement whose every value is a parameter. */
const MOST_ROWS = 2_000;
export type Stored<Row> = {
  [Column in keyof Row]: Column extends 'answer' ? StoredAnswer | null : Row[Column];
};

export type CheckinMessage = {
  readonly key: string;
  readonly checkinId: string;
  /** Of a card in a channel: the channel's id. */
  readonly personId: string;
  readonly role: 'owner' | 'reviewer' | 'channel' | 'stand-in';
};

/**
 * Opens check-ins that nobody has answered, each with the first step of its history; one statement for all. Gives the ids of
 * those that were new: not where that round was opened before, nor where the milestone still has a live one.
 */
export async function insertCheckins(
  trx: Trx,
  checkins: readonly Checkin[],
  now: Date,
): Promise<ReadonlySet<string>> {
  if (checkins.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(checkins.map(fromCheckin))}::jsonb) as one(id text,
        milestone_id text, round text, owner_id text, state text, version int, asked int, ask_on text)
    ), opened as (
      insert into checkins (id, milestone_id, round, owner_id, state, version, unchanged, asked, ask_on, resting, opened_at)
      select id, milestone_id, round, owner_id, state, version, false, asked, ask_on, false, ${now} from given order by id
      on conflict do nothing returning id, version, state
    ), stepped as (
      insert into checkin_history (checkin_id, version, event, actor, at, state)
      select id, version, 'open', 'waymark', ${now}, state from opened order by id
    )
    select id from opened`.execute(trx);
  return new Set(rows.map(({ id }) => id));
}

export async function readCheckin(db: Reader, id: string): Promise<Checkin | undefined> {
  const row = await db
    .selectFrom('checkins')
    .selectAll()
    .select(answeredBy('checkins'))
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toCheckin(row);
}

/** The row, locked until the transaction ends: whoever comes second sees what the first one made of it. */
export async function lockCheckin(trx: Trx, id: string): Promise<Checkin | undefined> {
  const row = await trx
    .selectFrom('checkins')
    .selectAll()
    .select(answeredBy('checkins'))
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && toCheckin(row);
}

/** Locks several, in one order for all, before anything else of them is touched. */
export async function lockCheckins(trx: Trx, ids: readonly string[]): Promise<Checkin[]> {
  if (ids.length === 0) return [];
  const rows = await trx
    .selectFrom('checkins')
    .selectAll()
    .select(answeredBy('checkins'))
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map(toCheckin);
}

/**
 * One change of a check-in: what it was judged by, the decisions that follow one another, and what the audit says of them.
 * The last decision is what the row becomes; each is a step of the history.
 */
export type Change = {
  readonly before: Pick<Checkin, 'id' | 'version' | 'asked'>;
  readonly steps: readonly { readonly decision: Decision; readonly actor: string }[];
  readonly audits: readonly AuditEntry[];
  readonly at: Date;
};

/**
 * Writes changes, each with its history, its audit and the note that its cards are to be drawn anew: all of a change or, when
 * the row is no longer the one it was judged by, nothing of it (false). One statement for all of them. Of two changes of one
 * row at most one is written.
 */
export async function saveChanges(db: Reader, changes: readonly Change[]): Promise<readonly boolean[]> {
  const given = changes.map(({ before, steps }, item) => {
    const { next } = must(steps.at(-1), 'a decision').decision;
    return { item, id: before.id, version: before.version, asked: before.asked, next: fromCheckin(next) };
  });
  const steps = changes.flatMap((change, item) =>
    change.steps.map(({ decision: { next, event }, actor }) => ({
      item,
      version: next.version,
      event,
      actor,
      at: change.at,
      state: next.state,
      answer: next.answer,
      comment: wordsOf(next, event),
    })),
  );
  const answered = changes.flatMap(({ steps: made }, item) =>
    made.flatMap(({ decision: { event }, actor }) =>
      event === 'submit' || event === 'no-change' ? [{ item, person: actor }] : [],
    ),
  );
  const undrafted =
    answered.length === 0
      ? sql``
      : sql`, undrafted as (
      delete from checkin_drafts draft using written
        join jsonb_to_recordset(${JSON.stringify(answered)}::jsonb) as sender(item int, person text) using (item)
      where draft.milestone_id = written.milestone_id and draft.person_id = sender.person
    )`;
  const audits = changes.flatMap((change, item) => change.audits.map((entry) => ({ ...entry, item })));
  // Rows are locked in one order, whoever else writes several; a row that has moved on is then left by its version.
  const { rows } = await sql<{ item: number }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        as one(item int, id text, version int, asked int, next jsonb) limit ${changes.length}
    ), held as (
      select id from checkins where id in (select id from given) order by id for update
    ), written as (
      update checkins set state = next.state, version = next.version, answer = next.answer, unchanged = next.unchanged,
        submitted_at = next.submitted_at, help_asked_at = next.help_asked_at, asked = next.asked, ask_on = next.ask_on,
        resting = next.resting, comment = next.comment, question = next.question, reply = next.reply,
        decided_by = next.decided_by, decided_at = next.decided_at,
        told_to = case next.state when 'submitted' then told_to end,
        escalate_from = case next.state when 'submitted' then escalate_from end,
        escalated_to = case next.state when 'submitted' then escalated_to end
      from given join held on held.id = given.id, lateral jsonb_to_record(given.next) as next(state text, version int,
        answer jsonb, unchanged boolean, submitted_at timestamptz, help_asked_at timestamptz, asked int, ask_on text,
        resting boolean, comment text, question text, reply text, decided_by text, decided_at timestamptz)
      where checkins.id = given.id and checkins.version = given.version and checkins.asked = given.asked
      returning given.item, checkins.id, checkins.milestone_id
    ), stepped as (
      insert into checkin_history (checkin_id, version, event, actor, at, state, answer, comment)
      select written.id, step.version, step.event, step.actor, step.at, step.state, step.answer, step.comment
      from jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) as step(item int, version int, event text, actor text,
        at timestamptz, state text, answer jsonb, comment text) join written using (item)
      order by step.item, step.version
    ), noted as (
      insert into checkin_refreshes (checkin_id) select id from written order by id
    ), audited as (${auditPart(audits, 'written')})${undrafted}
    select item from written`.execute(db);
  const written = new Set(rows.map(({ item }) => item));
  return changes.map((_, item) => written.has(item));
}

/** What somebody wrote with this step, beside the answer itself. */
function wordsOf(next: Checkin, event: Decision['event']): string | undefined {
  if (event === 'question') return next.question;
  return event === 'reply' ? next.reply : next.comment;
}

/** Notes that the cards of these check-ins are to be drawn anew: who reads them has changed, or where they stand. */
export async function noteRefreshes(trx: Trx, checkinIds: readonly string[]): Promise<void> {
  if (checkinIds.length === 0) return;
  await trx
    .insertInto('checkin_refreshes')
    .values(checkinIds.map((checkin_id) => ({ checkin_id })))
    .execute();
}

export type Refresh = { readonly seq: number; readonly checkinId: string };

/** What is to be drawn anew, the oldest first. */
export async function readRefreshes(db: Reader, limit: number): Promise<Refresh[]> {
  const rows = await db.selectFrom('checkin_refreshes').selectAll().orderBy('seq').limit(limit).execute();
  return rows.map(({ seq, checkin_id }) => ({ seq: Number(seq), checkinId: checkin_id }));
}

/** Takes notes away whose cards have been drawn. Gives the check-ins of those that nobody else had taken. */
export async function dropRefreshes(trx: Trx, refreshes: readonly Refresh[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ checkin_id: string }>`
    delete from checkin_refreshes where seq = any(${refreshes.map(({ seq }) => seq)}::bigint[])
    returning checkin_id`.execute(trx);
  return new Set(rows.map((row) => row.checkin_id));
}

/** Notes that they were asked again; gives the ids of those that still waited. No version: what a card shows has not changed. */
export async function saveAsks(trx: Trx, checkins: readonly Checkin[]): Promise<ReadonlySet<string>> {
  if (checkins.length === 0) return new Set();
  const given = checkins.map(({ id, version, asked, askOn }) => ({ id, version, asked, ask_on: askOn }));
  const { rows } = await sql<{ id: string }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as one(id text, version int, asked int, ask_on text)
    ), held as (
      select id from checkins where id in (select id from given) order by id for update
    )
    update checkins set asked = given.asked, ask_on = given.ask_on, resting = false
    from given join held on held.id = given.id
    where checkins.id = given.id and checkins.version = given.version and checkins.state in ('open', 'returned')
    returning checkins.id`.execute(trx);
  return new Set(rows.map(({ id }) => id));
}

/** Notes that a check-in waits long. No version: what is decided on has not changed. False when it waits no more. */
export async function saveEscalation(
  trx: Trx,
  checkin: Pick<Checkin, 'id' | 'version'>,
  { told, from, to }: Escalated,
): Promise<boolean> {
  const changed = await trx
    .updateTable('checkins')
    .set({ told_to: told, escalate_from: from, escalated_to: to ?? null })
    .where('id', '=', checkin.id)
    .where('version', '=', checkin.version)
    .where('state', '=', 'submitted')
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
}

/** The check-in of each milestone that is open, submitted or returned; at most one a milestone. */
export async function readLive(db: Reader): Promise<Opened[]> {
  const rows = await db
    .selectFrom('checkins')
    .selectAll()
    .select(answeredBy('checkins'))
    .where('state', 'in', ['open', 'submitted', 'returned'])
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...toCheckin(row), openedAt: row.opened_at }));
}

/** The newest approved check-in of each of these milestones. */
export async function readLastApproved(db: Reader, milestoneIds: readonly string[]): Promise<Checkin[]> {
  if (milestoneIds.length === 0) return [];
  const { rows } = await sql<Stored<CheckinRow>>`
    select last.* from (select distinct unnest(${[...milestoneIds]}::text[]) as id) milestone
      cross join lateral (
        select * from checkins where milestone_id = milestone.id and state = 'approved'
        order by decided_at desc, round desc limit 1
      ) last`.execute(db);
  return rows.map(toCheckin);
}

/** Keeps which cards were sent for a check-in; a repeat changes nothing. */
export async function addMessages(trx: Trx, messages: readonly CheckinMessage[], now: Date): Promise<void> {
  for (let start = 0; start < messages.length; start += MOST_ROWS) {
    await trx
      .insertInto('checkin_messages')
      .values(
        messages.slice(start, start + MOST_ROWS).map((message) => ({
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
}

export async function readMessages(db: Reader, checkinIds: readonly string[]): Promise<CheckinMessage[]> {
  if (checkinIds.length === 0) return [];
  const rows = await db
    .selectFrom('checkin_messages')
    .selectAll()
    .where('checkin_id', '=', sql<string>`any(${[...checkinIds]}::text[])`)
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

/** For which check-ins a message was sent. */
export async function readMessagesOf(db: Reader, key: string): Promise<CheckinMessage[]> {
  const rows = await db.selectFrom('checkin_messages').selectAll().where('key', '=', key).execute();
  return rows.map((row) => ({
    key: row.key,
    checkinId: row.checkin_id,
    personId: row.person_id,
    role: row.role,
  }));
}

/** `answered_by`: read beside the row, where it matters who wrote the answer. */
export function toCheckin(row: Stored<CheckinRow> & { answered_by?: string | null }): Checkin {
  const answer: Answer | null = row.answer;
  return {
    id: row.id,
    milestoneId: row.milestone_id,
    round: row.round,
    ownerId: row.owner_id,
    state: row.state,
    version: row.version,
    ...(answer ? { answer } : {}),
    ...(row.answered_by ? { answeredBy: row.answered_by } : {}),
    unchanged: row.unchanged,
    ...(row.submitted_at ? { submittedAt: row.submitted_at } : {}),
    ...(row.help_asked_at ? { helpAskedAt: row.help_asked_at } : {}),
    asked: row.asked,
    ...(row.ask_on === null ? {} : { askOn: row.ask_on }),
    resting: row.resting,
    ...(row.comment === null ? {} : { comment: row.comment }),
    ...(row.question === null ? {} : { question: row.question }),
    ...(row.reply === null ? {} : { reply: row.reply }),
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.decided_at ? { decidedAt: row.decided_at } : {}),
    ...(row.told_to === null || row.escalate_from === null
      ? {}
      : {
          escalation: {
            told: row.told_to,
            from: row.escalate_from,
            ...(row.escalated_to === null ? {} : { to: row.escalated_to }),
          },
        }),
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
    answer: checkin.answer ?? null,
    unchanged: checkin.unchanged,
    submitted_at: checkin.submittedAt ?? null,
    help_asked_at: checkin.helpAskedAt ?? null,
    asked: checkin.asked,
    ask_on: checkin.askOn ?? null,
    resting: checkin.resting,
    comment: checkin.comment ?? null,
    question: checkin.question ?? null,
    reply: checkin.reply ?? null,
    decided_by: checkin.decidedBy ?? null,
    decided_at: checkin.decidedAt ?? null,
  };
}
