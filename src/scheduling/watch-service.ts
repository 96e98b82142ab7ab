/**
 * The dead-man's switch. Each instance looks, apart from its runner, whether what was due has happened, and tells operators
 * by a message, the log, a measurement and /readyz. So a runner that hangs, a rule that always fails, or days in which nothing ran do not pass
 * in silence as long as one instance lives.
 */
import type { Draft, Outbox } from '../delivery/message.ts';
import { messageOf } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import type { Clock } from '../kernel/time.ts';
import { afterCommit, type Db, inTransaction } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Meters } from '../telemetry/metrics.ts';
import { type Alarm, alarmCard } from './alarm-card.ts';
import type { Runner } from './runner.ts';
import type { Slot } from './slots.ts';
import { recordedUntil, runIdOf, unknownRuns } from './store.ts';
import { claimAlarms, missedRuns, openRuns } from './watch-store.ts';

export type WatchParts = {
  readonly db: Db;
  readonly clock: Clock;
  readonly zone: string;
  readonly runner: Pick<Runner, 'dueBetween' | 'knows'>;
  readonly outbox: Outbox;
  /** Ids of the people to tell; without any the log and /readyz remain. */
  readonly operators: () => Promise<readonly string[]>;
  readonly log: Log;
  readonly meters: Pick<Meters, 'watched' | 'alarmed'>;
};

export type Watch = {
  start(): void;
  stop(): Promise<void>;
  /** One look. Tells operators of what is new, and returns what is late now. */
  look(now: Date): Promise<readonly Alarm[]>;
  /** What the last look found late. */
  late(): readonly Alarm[];
};

const MINUTE = 60_000;
/** How often each instance looks. Milliseconds. */
const LOOK_EVERY = MINUTE;
/** A run that is so late is worth a message; catching up after a start takes seconds, a slow run a few minutes. Milliseconds. */
const LATE_AFTER = 10 * MINUTE;
const DAY = 24 * 60 * MINUTE;
/** How far back is looked for runs that nobody has written down; those that were stay late until somebody settles them. Milliseconds. */
const UNWRITTEN_WITHIN = 60 * DAY;
/** Missed runs older than this are history. Milliseconds. */
const MISSED_WITHIN = 15 * DAY;
/** The run that alarms are written under in the ledger. */
const ALARM_RUN = 'alarms';

export function createWatch(parts: WatchParts): Watch {
  const { db, clock, zone, runner, outbox, operators, log, meters } = parts;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> = Promise.resolve();
  let late: readonly Alarm[] = [];
  /** When this instance first looked: from then on it has seen that no runner took up a rule. */
  let begun: Date | undefined;

  async function look(now: Date): Promise<readonly Alarm[]> {
    begun ??= now;
    const by = new Date(now.getTime() - LATE_AFTER);
    const open = (await openRuns(db, by)).filter(({ rule }) => runner.knows(rule));
    const before = new Set(late.map(({ runId }) => runId));
    late = [...open, ...(await unwritten(by))].map((slot) => ({
      runId: runIdOf(slot),
      rule: slot.rule,
      dueAt: slot.at,
      kind: 'late',
    }));
    meters.watched(late.length);
    // Seen late twice: at a start, or when a clock is moved, the runner is only about to catch up.
    const still = late.filter(({ runId }) => before.has(runId));
    const missed = await missedRuns(db, new Date(now.getTime() - MISSED_WITHIN));
    await tell([...still, ...missed], now);
    return late;
  }

  /**
   * What was due by an instant and nobody has written down: no runner has looked at its rule since. Of a rule that the store does not
   * know, only what came due while this instance lived.
   */
  async function unwritten(by: Date): Promise<Slot[]> {
    const recorded = await recordedUntil(db);
    const oldest = new Date(by.getTime() - UNWRITTEN_WITHIN);
    const since = (rule: string) => {
      const until = recorded.get(rule) ?? begun ?? by;
      return until < oldest ? oldest : until;
    };
    const due = runner.dueBetween(since, by).filter(({ rule, at }) => at > since(rule));
    const unknown = await unknownRuns(db, due);
    return due.filter((slot) => unknown.has(runIdOf(slot)));
  }

  async function tell(alarms: readonly Alarm[], now: Date): Promise<void> {
    if (alarms.length === 0) return;
    const told = await operators();
    await inTransaction(db, async (trx) => {
      const ours = await claimAlarms(trx, alarms, now);
      if (ours.length === 0) return;
      const name = contentId(
        ours.map(({ runId, kind }) => `${kind} ${runId}`),
        16,
      );
      const drafts = told.map(
        (personId): Draft => ({
          key: `alarm/${name}/${personId}`,
          target: { kind: 'person', personId },
          card: alarmCard(ours, zone),
          urgent: true,
        }),
      );
      await outbox.enqueue(trx, ALARM_RUN, drafts, now);
      afterCommit(trx, () => {
        for (const { runId, kind, dueAt } of ours) {
          meters.alarmed(kind);
          log.error('a scheduled run did not happen in time', { run: runId, kind, due: dueAt.toISOString() });
        }
      });
    });
  }

  function beat(): void {
    looking = look(clock.now())
      .catch((error: unknown) =>
        log.error('the watch could not look whether runs happened', { reason: messageOf(error) }),
      )
      .finally(() => {
        if (timer) timer = setTimeout(beat, LOOK_EVERY).unref();
      });
  }

  return {
    look,
    late: () => late,
    start: () => {
      timer ??= setTimeout(beat, LOOK_EVERY).unref();
    },
    stop: async () => {
      clearTimeout(timer);
      timer = undefined;
      await looking;
    },
  };
}
