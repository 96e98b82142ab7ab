/**
 * The record of slots: which have come due, who works on which, what came of each. A slot exists once for all instances
 * (its primary key). Leases and retry times are the database's clock; due times are the schedule's.
 */
import { type Selectable, sql } from 'kysely';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { SlotRow } from '../storage/tables/scheduling.ts';
import type { Slot } from './slots.ts';

export type SlotState = 'due' | 'claimed' | 'failed' | 'done' | 'skipped';

export type RunRecord = {
  readonly rule: string;
  readonly key: string;
  readonly runId: string;
  readonly dueAt: Date;
  readonly state: SlotState;
  readonly attempts: number;
  readonly reason?: string;
  readonly note?: string;
  readonly deliveries?: number;
};

export function runIdOf(slot: Pick<Slot, 'rule' | 'key'>): string {
  return `${slot.rule}/${slot.key}`;
}

/** Until when the slots of each rule are written down; a rule that was never seen has no entry. */
export async function recordedUntil(db: Db): Promise<Map<string, Date>> {
  const rows = await db.selectFrom('rules').selectAll().execute();
  return new Map(rows.map((row) => [row.rule, row.recorded_until]));
}

/** The runs among these slots that are not written down yet. */
export async function unknownRuns(db: Db, slots: readonly Slot[]): Promise<Set<string>> {
  const runs = new Set(slots.map(runIdOf));
  if (runs.size === 0) return runs;
  const rows = await db
    .selectFrom('slots')
    .select('run_id')
    .where('run_id', 'in', [...runs])
    .execute();
  for (const row of rows) runs.delete(row.run_id);
  return runs;
}

/** Why a slot is skipped that came into the schedule when its hours were over: at a first start, by a new rule or another calendar. */
const NOT_YET = 'not sent: it was not in the schedule yet when it was due';

/** Writes down slots of a rule that have come due by `now`; those of `tooLate` as skipped, since nobody waited for them. */
export async function recordSlots(
  db: Db,
  rule: string,
  slots: readonly Slot[],
  now: Date,
  tooLate: ReadonlySet<Slot> = new Set(),
): Promise<void> {
  await inTransaction(db, async (trx) => {
    for (const slot of slots) {
      const skipped = tooLate.has(slot) ? { state: 'skipped', reason: NOT_YET } : {};
      await trx
        .insertInto('slots')
        .values({ rule, slot_key: slot.key, run_id: runIdOf(slot), due_at: slot.at, ...skipped })
        .onConflict((conflict) => conflict.columns(['rule', 'slot_key']).doNothing())
        .execute();
    }
    await trx
      .insertInto('rules')
      .values({ rule, recorded_until: now })
      .onConflict((conflict) =>
        conflict.column('rule').doUpdateSet({ recorded_until: sql`greatest(rules.recorded_until, ${now})` }),
      )
      .execute();
  });
}

/** Writes down what nobody will carry out. Returns its run; undefined where it stands already. */
export async function recordSkipped(db: Db, slot: Slot, reason: string): Promise<string | undefined> {
  const { rule, key, at } = slot;
  const row = await db
    .insertInto('slots')
    .values({ rule, slot_key: key, run_id: runIdOf(slot), due_at: at, state: 'skipped', reason })
    .onConflict((conflict) => conflict.columns(['rule', 'slot_key']).doNothing())
    .returning('run_id')
    .executeTakeFirst();
  return row?.run_id;
}

/** A rule's runs since an instant, in order, and whom each left out. */
export async function carriedOut(
  db: Db,
  rule: string,
  since: Date,
): Promise<{ readonly date: string; readonly at: Date; readonly leftOut: readonly string[] }[]> {
  const rows = await db
    .selectFrom('slots')
    .select(['slot_key', 'due_at', 'left_out'])
    .where('rule', '=', rule)
    .where('state', '=', 'done')
    .where('due_at', '>', since)
    .orderBy('due_at')
    .execute();
  return rows.map(({ slot_key: date, due_at: at, left_out }) => ({ date, at, leftOut: left_out ?? [] }));
}

/** Of a rule's slots that are due, not settled and held by nobody: when the oldest was due, and whether a later one was. */
export type Open = { readonly oldest: Date; readonly followed: boolean };

/** The rules that have any: most ticks find none. */
export async function openRules(db: Db, now: Date): Promise<Map<string, Open>> {
  const { rows } = await sql<{ rule: string; oldest: Date; followed: boolean }>`
    select rule, min(due_at) as oldest, bool_or(exists (
      select 1 from slots later
      where later.rule = s.rule and later.due_at > s.due_at and later.due_at <= ${now})) as followed
    from slots s
    where due_at <= ${now}
      and (state in ('due', 'failed') or (state = 'claimed' and lease_until < clock_timestamp()))
    group by rule`.execute(db);
  return new Map(rows.map(({ rule, oldest, followed }) => [rule, { oldest, followed }]));
}

/** Why a slot is skipped that a later one serves as well. */
export const PASSED_OVER = 'passed over: a later one was due as well';

/**
 * Skips the open slots of a rule that are too old or, with `passOver`, followed by a later one that is also due. Returns their runs.
 */
export async function skipStale(
  db: Db,
  rule: string,
  oldest: Date,
  now: Date,
  passOver: boolean,
): Promise<string[]> {
  const open = sql`rule = ${rule} and due_at <= ${now}
    and (state in ('due', 'failed') or (state = 'claimed' and lease_until < clock_timestamp()))`;
  const missed = await sql<{ run_id: string }>`
    update slots set state = 'skipped', lease_until = null, updated_at = clock_timestamp(),
      reason = case when attempts > 0 then 'missed: ' || coalesce(reason, 'the run was broken off')
        else 'missed: Waymark was not running when it was due' end
    where ${open} and due_at < ${oldest} returning run_id`.execute(db);
  if (!passOver) return missed.rows.map((row) => row.run_id);
  const passed = await sql<{ run_id: string }>`
    update slots s set state = 'skipped', lease_until = null, updated_at = clock_timestamp(),
      reason = ${PASSED_OVER}
    where ${open} and exists (
      select 1 from slots later
      where later.rule = s.rule and later.due_at > s.due_at and later.due_at <= ${now})
    returning run_id`.execute(db);
  return [...missed.rows, ...passed.rows].map((row) => row.run_id);
}

/** A rule's slots that are due, not settled and held by nobody. */
export async function openSlots(db: Db, rule: string, now: Date): Promise<Slot[]> {
  const { rows } = await sql<{ slot_key: string; due_at: Date }>`
    select slot_key, due_at from slots
    where rule = ${rule} and due_at <= ${now}
      and (state in ('due', 'failed') or (state = 'claimed' and lease_until < clock_timestamp()))`.execute(
    db,
  );
  return rows.map(({ slot_key, due_at }) => ({ rule, key: slot_key, at: due_at }));
}

/** Skips an open slot for a reason. Returns its run; undefined when somebody holds it by now. */
export async function skipSlot(db: Db, slot: Slot, reason: string): Promise<string | undefined> {
  const { rows } = await sql<{ run_id: string }>`
    update slots set state = 'skipped', reason = ${reason}, lease_until = null, updated_at = clock_timestamp()
    where rule = ${slot.rule} and slot_key = ${slot.key}
      and (state in ('due', 'failed') or (state = 'claimed' and lease_until < clock_timestamp()))
    returning run_id`.execute(db);
  return rows[0]?.run_id;
}

/** Takes the newest open slot of a rule for `lease` milliseconds. */
export async function claimSlot(
  db: Db,
  rule: string,
  holder: string,
  lease: number,
  now: Date,
): Promise<Slot | undefined> {
  const result = await sql<{ rule: string; slot_key: string; due_at: Date }>`
    with picked as (
      select rule, slot_key from slots
      where rule = ${rule} and due_at <= ${now}
        and ((state in ('due', 'failed') and not_before <= clock_timestamp())
          or (state = 'claimed' and lease_until < clock_timestamp()))
      order by due_at desc limit 1 for update skip locked
    )
    update slots s set state = 'claimed', attempts = attempts + 1, lease_holder = ${holder},
      lease_until = clock_timestamp() + ${lease}::float8 * interval '1 millisecond', updated_at = clock_timestamp()
    from picked where s.rule = picked.rule and s.slot_key = picked.slot_key
    returning s.rule, s.slot_key, s.due_at`.execute(db);
  const row = result.rows[0];
  return row && { rule: row.rule, key: row.slot_key, at: row.due_at };
}

/** Keeps a slot for `lease` milliseconds from now. Returns whether `holder` still has it. */
export async function renewSlot(db: Db, slot: Slot, holder: string, lease: number): Promise<boolean> {
  const result = await sql`
    update slots set lease_until = clock_timestamp() + ${lease}::float8 * interval '1 millisecond'
    where rule = ${slot.rule} and slot_key = ${slot.key} and state = 'claimed' and lease_holder = ${holder}`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0) > 0;
}

/** Whether `holder` still has the slot; the row stays locked until the transaction ends. */
export async function holdSlot(trx: Trx, slot: Slot, holder: string): Promise<boolean> {
  const row = await trx
    .selectFrom('slots')
    .select('rule')
    .where('rule', '=', slot.rule)
    .where('slot_key', '=', slot.key)
    .where('state', '=', 'claimed')
    .where('lease_holder', '=', holder)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

export async function settleSlot(
  trx: Trx,
  slot: Slot,
  outcome: {
    readonly state: 'done' | 'skipped';
    readonly reason?: string;
    readonly note?: string;
    readonly deliveries: number;
    /** See `SlotRow`. */
    readonly leftOut?: readonly string[];
  },
): Promise<void> {
  await trx
    .updateTable('slots')
    .set({
      state: outcome.state,
      reason: outcome.reason ?? null,
      note: outcome.note ?? null,
      deliveries: outcome.deliveries,
      left_out: outcome.leftOut && outcome.leftOut.length > 0 ? JSON.stringify(outcome.leftOut) : null,
      lease_until: null,
      updated_at: sql`clock_timestamp()`,
    })
    .where('rule', '=', slot.rule)
    .where('slot_key', '=', slot.key)
    .execute();
}

/** Gives a slot back after a fault, to be tried again after a rest that doubles from 30 s to 15 minutes. */
export async function failSlot(db: Db, slot: Slot, holder: string, reason: string): Promise<void> {
  await sql`
    update slots set state = 'failed', reason = ${reason}, lease_until = null, updated_at = clock_timestamp(),
      not_before = clock_timestamp() + least(900, 30 * power(2, attempts - 1)) * interval '1 second'
    where rule = ${slot.rule} and slot_key = ${slot.key} and state = 'claimed' and lease_holder = ${holder}`.execute(
    db,
  );
}

/** What this holder has claimed and does not work on is free at once; with none, for the one process of an embedded store, all is. */
export async function freeSlots(db: Db, holder?: string): Promise<void> {
  await db
    .updateTable('slots')
    .set({ state: 'due', lease_until: null, lease_holder: null })
    .where('state', '=', 'claimed')
    .$if(holder !== undefined, (update) => update.where('lease_holder', '=', holder ?? ''))
    .execute();
}

/** The newest first. */
export async function listRuns(db: Db, limit: number): Promise<RunRecord[]> {
  return (await newestFirst(db).limit(limit).execute()).map(runOf);
}

/** These runs, the newest first. */
export async function readRuns(db: Db, runs: readonly string[]): Promise<RunRecord[]> {
  if (runs.length === 0) return [];
  return (await newestFirst(db).where('run_id', 'in', runs).execute()).map(runOf);
}

function newestFirst(db: Db) {
  return db.selectFrom('slots').selectAll().orderBy('due_at', 'desc').orderBy('rule');
}

function runOf(row: Selectable<SlotRow>): RunRecord {
  return {
    rule: row.rule,
    key: row.slot_key,
    runId: row.run_id,
    dueAt: row.due_at,
    state: row.state as SlotState,
    attempts: row.attempts,
    ...(row.reason ? { reason: row.reason } : {}),
    ...(row.note ? { note: row.note } : {}),
    ...(row.deliveries === null ? {} : { deliveries: row.deliveries }),
  };
}
