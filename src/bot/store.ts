/**
 * The record of inbound activities: each is taken once, whatever Teams repeats. A repeat of a finished one gets the stored
 * answer. Keeps no words of anybody: keys, times, and the answer to an invoke; who waits, only until the outcome; an event only
 * while it is late.
 */
import { sql } from 'kysely';
import { inBatches } from '../storage/batch.ts';
import { type Db, soonOnDisk, type Trx } from '../storage/database.ts';

export type Taken =
  | { readonly kind: 'new' }
  /** Another turn has it and is not done. */
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly response: unknown };

/**
 * How long a turn may hold an activity before a repeat may take it over: longer than Teams waits (15 s) and longer than
 * any turn lasts (5 s, then it is acknowledged), so only a turn that died is ever taken over.
 */
const ABANDONED_AFTER_SECONDS = 20;

type Arrived = { readonly key: string; readonly personId: string | undefined };

/** Takes activities, each once: of two with one key the first is taken. */
const takeEach = inBatches(async (db, arrived: readonly Arrived[]) => {
  const taken = await sql<{ key: string }>`
    insert into activities (key, received_at, state, person_id)
    select distinct on (key) key, clock_timestamp(), 'running', "personId"
    from jsonb_to_recordset(${JSON.stringify(arrived)}::jsonb) as arrived(key text, "personId" text), ${soonOnDisk(db)}
    order by key
    on conflict (key) do update set received_at = clock_timestamp(), person_id = excluded.person_id
      where activities.state = 'running'
        and activities.received_at < clock_timestamp() - make_interval(secs => ${ABANDONED_AFTER_SECONDS})
    returning key`.execute(db);
  const left = new Set(taken.rows.map((row) => row.key));
  return arrived.map(({ key }) => left.delete(key));
});

/** Takes an activity, or says who has it. `personId`: who waits for its outcome, and is told should the process die. */
export async function takeActivity(db: Db, key: string, personId?: string): Promise<Taken> {
  if (await takeEach(db, { key, personId })) return { kind: 'new' };
  const row = await earlierOf(db, key);
  return row?.state === 'done' ? { kind: 'done', response: row.response } : { kind: 'running' };
}

/** Marks it done. `response` is the body of an invoke's answer, or the id of the reply to a message. One that is late stays so. */
export async function finishActivity(db: Db, key: string, response: unknown): Promise<void> {
  await finishEach(db, { key, response });
}

/** Nobody waits for it: the turn has been answered, and whoever overtakes it looks every 40 ms. Milliseconds. */
const FINISH_GATHER = 20;

const finishEach = inBatches(
  async (db, done: readonly { readonly key: string; readonly response: unknown }[]) => {
    // Of two outcomes of one activity the later stands.
    const last = [...new Map(done.map((one) => [one.key, one])).values()];
    await sql`
      update activities set state = 'done', response = coalesce(done.response, 'null'), person_id = null
      from (
        select * from jsonb_to_recordset(${JSON.stringify(last)}::jsonb) as done(key text, response jsonb)
        limit ${last.length}) as done, ${soonOnDisk(db)}
      where activities.key = done.key and activities.state <> 'late'`.execute(db);
    return done.map(() => undefined);
  },
  { gather: FINISH_GATHER },
);

/**
 * How long a turn may go on before it counts as left by a process that died: a minute, as for the late ones; the turns that
 * this process has in hand are known and never count.
 */
const SILENT_AFTER_SECONDS = 60;

export type LeftTurn = { readonly key: string; readonly personId: string };

/** Turns that were neither answered nor acknowledged. `inHand`: this process's own; `every`: there is no other process. */
export async function leftTurns(db: Db, inHand: readonly string[], every: boolean): Promise<LeftTurn[]> {
  const left = await sql<LeftTurn>`
    select key, person_id as "personId" from activities
    where ${isLeft(every)} and person_id is not null
      and key not in (select jsonb_array_elements_text(${JSON.stringify(inHand)}::jsonb))
    order by received_at limit 100`.execute(db);
  return left.rows;
}

/** Ends such a turn; false when another process has, or has taken it up again. `response`: for repeats. */
export async function endLeft(trx: Trx, key: string, every: boolean, response: unknown): Promise<boolean> {
  const ended = await sql`
    update activities set state = 'done', person_id = null, response = ${JSON.stringify(response)}
    where key = ${key} and ${isLeft(every)}`.execute(trx);
  return Number(ended.numAffectedRows ?? 0) > 0;
}

function isLeft(every: boolean) {
  return every
    ? sql`state = 'running'`
    : sql`state = 'running' and received_at < clock_timestamp() - make_interval(secs => ${SILENT_AFTER_SECONDS})`;
}

/** How long a process may work on a late turn before another one takes it up. */
const LATE_LEASE_SECONDS = 60;

export type LateTurn = {
  readonly key: string;
  readonly personId: string;
  /** The inbound event as it was read. */
  readonly event: unknown;
  /** How often it was taken up after the process that had it fell silent. */
  readonly tries: number;
};

/** Keeps a turn that is acknowledged before it is finished, so that another process can finish it. `response`: for repeats. */
export async function keepLate(db: Db, late: Omit<LateTurn, 'tries'>, response: unknown): Promise<void> {
  await db
    .updateTable('activities')
    .set({
      state: 'late',
      response: JSON.stringify(response ?? null),
      person_id: late.personId,
      event: JSON.stringify(late.event),
      lease_until: sql`clock_timestamp() + make_interval(secs => ${LATE_LEASE_SECONDS})`,
    })
    .where('key', '=', late.key)
    .execute();
}

/** Ends a late turn: its person and its words go. False when it has been ended, by another process or because it was withdrawn. `response`: kept in place of what was. */
export async function endLate(trx: Db | Trx, key: string, response?: unknown): Promise<boolean> {
  const result = await trx
    .updateTable('activities')
    .set({
      state: 'done',
      person_id: null,
      event: null,
      lease_until: null,
      ...(response === undefined ? {} : { response: JSON.stringify(response) }),
    })
    .where('key', '=', key)
    .where('state', '=', 'late')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Late turns whose process fell silent, each for one taker. `everyLease`: nobody else can be alive to hold one. */
export async function takeLate(db: Db, everyLease: boolean): Promise<LateTurn[]> {
  const lapsed = everyLease ? sql`true` : sql`lease_until < clock_timestamp()`;
  const taken = await sql<{ key: string; person_id: string; event: unknown; tries: number }>`
    update activities
    set tries = tries + 1, lease_until = clock_timestamp() + make_interval(secs => ${LATE_LEASE_SECONDS})
    where key in (
      select key from activities where state = 'late' and ${lapsed} order by received_at limit 20 for update skip locked)
    returning key, person_id, event, tries`.execute(db);
  return taken.rows.map(({ key, person_id, event, tries }) => ({ key, personId: person_id, event, tries }));
}

/** Lets a repeat try again, after a fault that changed nothing. */
export async function releaseActivity(db: Db, key: string): Promise<void> {
  await db.deleteFrom('activities').where('key', '=', key).where('state', '=', 'running').execute();
}

/** The state of an earlier activity, and its stored answer. */
export async function earlierOf(
  db: Db,
  key: string,
): Promise<{ readonly state: string; readonly response: unknown } | undefined> {
  const row = await db
    .selectFrom('activities')
    .select(['state', 'response'])
    .where('key', '=', key)
    .executeTakeFirst();
  return row;
}

/**
 * What was kept of the message that a reply answered: its `{replyId, ref}`; or that it is being kept just now.
 * `keysBegin`: of the conversation's messages.
 */
export async function keptOfReply(
  db: Db,
  keysBegin: string,
  replyId: string,
): Promise<{ readonly response: unknown } | 'running' | undefined> {
  const found = await sql<{ response: unknown; state: string }>`
    select response, state from activities
    where starts_with(key, ${keysBegin}) and (response->>'replyId' = ${replyId} or state = 'running')
    order by state limit 1`.execute(db);
  const [row] = found.rows;
  return row?.state === 'running' ? 'running' : row;
}

/** How long a press may be repeated: Teams does so within seconds, four times at most. */
const REPEATED_MINUTES = 10;

/** Forgets what presses were answered with, once no repeat can ask for it: a card's words must not outlive their question here. */
export async function forgetPressAnswers(db: Db): Promise<void> {
  await sql`
    update activities set response = null
    where response is not null and starts_with(key, 'invoke:') and state = 'done'
      and received_at < clock_timestamp() - make_interval(mins => ${REPEATED_MINUTES})`.execute(db);
}

/** Forgets activities older than `days`; Teams repeats within minutes, edits come later. */
export async function forgetActivities(db: Db, days: number): Promise<number> {
  const gone = await sql`
    delete from activities where received_at < clock_timestamp() - make_interval(days => ${days})`.execute(
    db,
  );
  return Number(gone.numAffectedRows ?? 0);
}
