/**
 * Runs what is due, once for all instances. A run's outcome, its deliveries and the job that will send them are written in
 * one transaction; a run that breaks is recorded and tried again, and stops no other. Knows no slice: what a rule does is
 * given to it by src/app.
 */
import { schoolByUrn, type Trust } from '../config/trust.ts';
import type { Draft, Outbox, Target } from '../delivery/message.ts';
import { AppError, isRefusal, messageOf } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type Clock, dateOf, localInstant } from '../kernel/time.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { traced } from '../telemetry/trace.ts';
import { booksOf, type DayOf, dayAt, leftOutOn, slotsAfter, slotsUntil } from './by-school.ts';
import { recordLost } from './edited-service.ts';
import { isPaused, type Pause, pauseOf, pauseReason } from './pauses.ts';
import { keepOutPauses, readPauses } from './pauses-store.ts';
import { type QuietHours, quietAt } from './quiet.ts';
import { parseRule, type Rule } from './rules.ts';
import type { Slot } from './slots.ts';
import {
  claimSlot,
  failSlot,
  freeSlots,
  holdSlot,
  listRuns,
  type Open,
  openRules,
  openSlots,
  PASSED_OVER,
  type RunRecord,
  readRuns,
  recordedUntil,
  recordSlots,
  renewSlot,
  runIdOf,
  settleSlot,
  skipSlot,
  skipStale,
  unknownRuns,
} from './store.ts';

export type RunOutcome =
  | { readonly kind: 'done'; readonly drafts: readonly Draft[]; readonly note?: string }
  | { readonly kind: 'skipped'; readonly reason: string };

/** Writes the slice's own changes with `trx` and says what is to be sent. Every query must use `trx`: the embedded store has one connection. */
export type RunWork = (trx: Trx) => Promise<RunOutcome>;

export type ScheduledRule = {
  readonly id: string;
  /** In school words; see rules.ts. */
  readonly when: string;
  readonly catchUpHours: number;
  /**
   * Reads what it needs, from anywhere (Graph, another slice's service), before the transaction; the work that it returns runs
   * inside. May run again when the process dies in between.
   */
  readonly prepare?: (slot: Slot, now: Date, dayOf: DayOf | undefined) => Promise<RunWork>;
  /**
   * What it sends is for schools, each on its own calendar's days; `prepare` is told whose day it is. Otherwise the days are those of all
   * schools together.
   */
  readonly bySchool?: true;
  /** Sends nothing, so a pause does not stop it: the nightly deletion. */
  readonly silent?: true;
  /**
   * Names what waited because a week had enough messages: in its own cards (`alongside`), or as what it is for (`itself`). None of
   * its messages waits.
   */
  readonly gathers?: 'alongside' | 'itself';
  /** For rules that need nothing from outside. */
  readonly run?: (slot: Slot, trx: Trx, now: Date) => Promise<RunOutcome>;
};

export type RunnerParts = {
  readonly db: Db;
  readonly clock: Clock;
  readonly trust: Trust;
  readonly rules: readonly ScheduledRule[];
  readonly outbox: Outbox;
  readonly log: Log;
  /** Which of these schools a message is for, if any; asked only while a school is paused, before a transaction. */
  readonly schoolsOf?: SchoolsOf;
  /** Keeps people's weeks within their allowance; left out where there is none. */
  readonly allowance?: Allowance;
  /** When messages that can wait are not sent; left out where the clock is moved by hand. */
  readonly quiet?: QuietHours;
  /** No other process can hold a claim (embedded store). */
  readonly soleInstance?: boolean;
  /** How long a run is left to the instance that claimed it, in milliseconds. */
  readonly lease?: number;
};

/** Both in the run's transaction, before its messages are enqueued. */
export interface Allowance {
  /** The same messages, those that are too many for somebody's week withheld. */
  withinAllowance(trx: Trx, runId: string, drafts: readonly Draft[], now: Date): Promise<readonly Draft[]>;
  /** The same messages, with what waits for each reader named in them. */
  alongside(trx: Trx, drafts: readonly Draft[]): Promise<readonly Draft[]>;
}

/** By a message's target: the URN of the school it is for. */
export type SchoolsOf = () => Promise<(target: Target) => string | undefined>;

export type Runner = {
  /** Runs what is due as of `now`; returns what came of each slot it worked on. Never throws for a rule's fault. */
  tick(now: Date): Promise<RunRecord[]>;
  /** Ticks every few seconds by the clock. */
  start(): void;
  /** Finishes the run under way. */
  stop(): Promise<void>;
  runs(limit?: number): Promise<RunRecord[]>;
  /** One of them, by its id. */
  run(runId: string): Promise<RunRecord | undefined>;
  /**
   * The slots of all rules that the schedule has from the local day of one instant (of each rule's own) up to another, written down or
   * not.
   */
  dueBetween(from: Date | ((rule: string) => Date), to: Date): readonly Slot[];
  /** Whether there is such a rule still. */
  knows(rule: string): boolean;
  /** What would come next, by rule. */
  upcoming(now: Date, count: number): Slot[];
};

const TICK_EVERY = 5_000;
/** Renewed while a run is prepared; another instance takes over after it. */
const LEASE = 5 * 60_000;
/** How often within a lease it is renewed. */
const RENEWALS = 3;
const HOUR = 3_600_000;
/** Longer than any rule catches up: a pause that ended before has nothing to say about what is open. Milliseconds. */
const PAUSES_WITHIN = 30 * 24 * HOUR;

type Known = ScheduledRule & { readonly rule: Rule };

/** Throws AppError `bad-rule` when a rule cannot be read; config should have refused it before. */
export function createRunner(parts: RunnerParts): Runner {
  const { db, log, trust } = parts;
  const zone = trust.trust.zone;
  const books = booksOf(trust);
  const rules = parts.rules.map(readRule);
  const holder = newId('runner');
  const schoolName = (urn: string) => schoolByUrn(trust, urn)?.name ?? urn;
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<unknown> | undefined;
  /** Whether no slot is claimed that nobody works on: not at the start, nor when the store failed before it was given back. */
  let freed = false;
  /** Whether it was looked for what a changed calendar took. */
  let compared = false;

  /** Of a rule by schools: skips what later slots serve to the last school. */
  async function passOver(known: Known, now: Date): Promise<string[]> {
    const passed: string[] = [];
    for (const slot of await openSlots(db, known.id, now)) {
      if (dayAt(known, slot, now, books)) continue;
      const run = await skipSlot(db, slot, PASSED_OVER);
      if (run) passed.push(run);
    }
    return passed;
  }

  /** Writes down what has come due since the last look. The same few questions serve all rules. */
  async function record(now: Date): Promise<void> {
    // A store that has never seen a rule begins with today: history is not sent to anybody.
    const today = localInstant(dateOf(now, zone), '00:00', zone);
    const recorded = await recordedUntil(db);
    const found = rules.map((known) => {
      const until = recorded.get(known.id);
      const since = until && until < today ? until : today;
      const slots = slotsUntil(known, since, now, books);
      return { id: known.id, hours: known.catchUpHours, slots, fresh: until !== undefined && until >= today };
    });
    const unknown = await unknownRuns(
      db,
      found.flatMap(({ slots }) => slots),
    );
    for (const { id, hours, slots, fresh } of found) {
      const missing = slots.filter((slot) => unknown.has(runIdOf(slot)));
      // What was due while it was no part of the schedule was not missed: it is sent within its hours, or skipped without an alarm.
      const until = recorded.get(id) ?? now;
      const limit = new Date(now.getTime() - hours * HOUR);
      const news = missing.filter(({ at }) => at <= until && at < limit);
      // Most ticks find nothing new, and write nothing.
      if (fresh && missing.length === 0) continue;
      try {
        await recordSlots(db, id, missing, now, new Set(news));
      } catch (error) {
        log.error('a schedule could not be kept', { rule: id, reason: messageOf(error) });
      }
    }
  }

  /** What fell due in a pause is not made up: its reason is kept, and the rest goes on as if it had been done. */
  async function skipPaused(known: Known, pauses: readonly Pause[], now: Date): Promise<string[]> {
    const skipped: string[] = [];
    if (known.silent || pauses.length === 0) return skipped;
    for (const slot of await openSlots(db, known.id, now)) {
      const pause = pauseOf(pauses, known.id, slot.at, now);
      const run = pause && (await skipSlot(db, slot, pauseReason(pause, schoolName)));
      if (run) skipped.push(run);
    }
    return skipped;
  }

  async function work(known: Known, own: Open, now: Date): Promise<string[]> {
    const { oldest, followed } = own;
    const pauses = await readPauses(db, new Date(now.getTime() - PAUSES_WITHIN));
    const paused = await skipPaused(known, pauses, now);
    const limit = new Date(now.getTime() - known.catchUpHours * HOUR);
    // One slot in good time, as a rule: nothing to pass over.
    const stale =
      followed || oldest < limit ? await skipStale(db, known.id, limit, now, !known.bySchool) : [];
    const passed = known.bySchool && followed ? await passOver(known, now) : [];
    const skipped = [...paused, ...stale, ...passed];
    const slot = await claimSlot(db, known.id, holder, parts.lease ?? LEASE, now);
    if (!slot) return skipped;
    try {
      await traced('schedule', { run: runIdOf(slot) }, () => runSlot(known, slot, pauses, now));
    } catch (error) {
      log.error('a run failed', { run: runIdOf(slot), reason: messageOf(error) });
      await failSlot(db, slot, holder, messageOf(error));
    }
    // Schools that went by another of several days that were missed have theirs in the same look.
    return [...skipped, runIdOf(slot), ...(known.bySchool && followed ? await work(known, own, now) : [])];
  }

  /** Renews the lease of a slot while its work is prepared, however long that takes. */
  async function keeping<T>(slot: Slot, prepare: () => Promise<T>): Promise<T> {
    const lease = parts.lease ?? LEASE;
    let renewing: Promise<unknown> | undefined;
    const beat = setInterval(() => {
      renewing ??= renewSlot(db, slot, holder, lease)
        .catch((error: unknown) =>
          log.warn('the lease of a run could not be renewed', {
            run: runIdOf(slot),
            reason: messageOf(error),
          }),
        )
        .finally(() => (renewing = undefined));
    }, lease / RENEWALS);
    try {
      return await prepare();
    } finally {
      clearInterval(beat);
      await renewing;
    }
  }

  async function runSlot(known: Known, slot: Slot, seen: readonly Pause[], now: Date): Promise<void> {
    const dayOf = known.bySchool && dayAt(known, slot, now, books);
    const prepared =
      known.bySchool && !dayOf
        ? async (): Promise<RunOutcome> => ({ kind: 'skipped', reason: PASSED_OVER })
        : await keeping(slot, async () => known.prepare?.(slot, now, dayOf));
    // One that begins after this waits for the run to be written, and then withdraws what is for its school.
    const schoolOf = seen.some(({ scope }) => scope.kind === 'school')
      ? await parts.schoolsOf?.()
      : undefined;
    await inTransaction(db, async (trx) => {
      if (!(await holdSlot(trx, slot, holder))) {
        log.warn('a run was lost to another instance while it was prepared', { run: runIdOf(slot) });
        return;
      }
      await keepOutPauses(trx);
      const pauses = known.silent ? [] : await readPauses(trx, slot.at);
      const begun = pauseOf(pauses, known.id, slot.at, now);
      if (begun) {
        const reason = pauseReason(begun, schoolName);
        await settleSlot(trx, slot, { state: 'skipped', reason, deliveries: 0 });
        return;
      }
      const outcome = prepared ? await prepared(trx) : await known.run?.(slot, trx, now);
      if (!outcome) throw noWork(known.id);
      if (outcome.kind === 'skipped') {
        await settleSlot(trx, slot, { state: 'skipped', reason: outcome.reason, deliveries: 0 });
        return;
      }
      const planned = outcome.drafts.map((draft) => withhold(draft, pauses, schoolOf, slot.at, now));
      const drafts = await allowed(known, trx, runIdOf(slot), planned, now);
      const quiet = parts.quiet && quietAt(parts.quiet, now, zone);
      const held = quiet?.holds(slot.at) ? { wait: quiet.wait, waitReason: quiet.reason } : {};
      const timed = drafts.map((draft) => (draft.urgent ? draft : { ...draft, ...held }));
      const deliveries = await parts.outbox.enqueue(trx, runIdOf(slot), timed, now);
      const note = outcome.note === undefined ? {} : { note: outcome.note };
      const leftOut = known.bySchool ? leftOutOn(known.rule, slot.key, books) : [];
      await settleSlot(trx, slot, { state: 'done', ...note, deliveries, leftOut });
    });
  }

  async function allowed(
    { gathers }: Known,
    trx: Trx,
    runId: string,
    drafts: readonly Draft[],
    now: Date,
  ): Promise<readonly Draft[]> {
    if (!parts.allowance || gathers === 'itself') return drafts;
    return gathers === 'alongside'
      ? parts.allowance.alongside(trx, drafts)
      : parts.allowance.withinAllowance(trx, runId, drafts, now);
  }

  /** A message for a school that is paused is written down as not sent; one that somebody waits for goes out. */
  function withhold(
    draft: Draft,
    pauses: readonly Pause[],
    schoolOf: ((target: Target) => string | undefined) | undefined,
    dueAt: Date,
    now: Date,
  ): Draft {
    const urn = draft.urgent ? undefined : schoolOf?.(draft.target);
    const pause = pauses.find(
      ({ scope, ...rest }) =>
        scope.kind === 'school' && scope.urn === urn && isPaused({ scope, ...rest }, dueAt, now),
    );
    return pause ? { ...draft, withheld: pauseReason(pause, schoolName) } : draft;
  }

  async function tick(now: Date): Promise<RunRecord[]> {
    if (!freed) await freeSlots(db, parts.soleInstance ? undefined : holder);
    freed = true;
    await record(now);
    if (!compared) await recordLost({ db, log, books, nameOf: schoolName }, rules, now);
    compared = true;
    const open = await openRules(db, now);
    const worked = new Set<string>();
    for (const known of rules) {
      const own = open.get(known.id);
      if (!own) continue;
      try {
        for (const run of await work(known, own, now)) worked.add(run);
      } catch (error) {
        freed = false;
        log.error('the slots of a schedule could not be worked on', {
          rule: known.id,
          reason: messageOf(error),
        });
      }
    }
    return readRuns(db, [...worked]);
  }

  /** One tick at a time in a process; a second one waits its turn. */
  function tickInTurn(now: Date): Promise<RunRecord[]> {
    const turn = (ticking ?? Promise.resolve()).then(() => tick(now));
    ticking = turn.catch((error: unknown) => log.error('a tick failed', { reason: messageOf(error) }));
    return turn;
  }

  return {
    tick: tickInTurn,
    start: () => {
      const beat = () => {
        tickInTurn(parts.clock.now()).then(again, again);
      };
      const again = () => {
        if (timer) timer = setTimeout(beat, TICK_EVERY);
      };
      timer ??= setTimeout(beat, 0);
    },
    stop: async () => {
      clearTimeout(timer);
      timer = undefined;
      await ticking;
    },
    runs: (limit = 100) => listRuns(db, limit),
    run: async (runId) => (await readRuns(db, [runId]))[0],
    dueBetween: (from, to) =>
      rules.flatMap((known) =>
        slotsUntil(known, typeof from === 'function' ? from(known.id) : from, to, books),
      ),
    knows: (rule) => rules.some(({ id }) => id === rule),
    upcoming: (now, count) =>
      rules
        .flatMap((known) => slotsAfter(known, now, count, books))
        .sort((a, b) => a.at.getTime() - b.at.getTime()),
  };
}

function readRule(scheduled: ScheduledRule): Known {
  const rule = parseRule(scheduled.when);
  if (isRefusal(rule)) {
    throw new AppError('bad-rule', rule.message, {
      remedy: `Mend schedules.${scheduled.id}.when in trust.yaml.`,
    });
  }
  return { ...scheduled, rule };
}

function noWork(id: string): AppError {
  return new AppError('no-work', `The rule ${id} has neither prepare nor run.`, {
    remedy: 'Give it one where src/app lists the rules.',
  });
}
