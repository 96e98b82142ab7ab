/**
 * Sends what the ledger grants. Any number of instances may run it. It keeps the send window going (window-sender.ts), with
 * edits, openings and the sweep beside it, and rests until something is due. Decides nothing itself: outcome.ts reads the
 * answers, pacing.ts the limits.
 */
import { createBell } from '../kernel/bell.ts';
import { messageOf } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type Clock, sleep, stopwatch } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { createMeters, type Meters } from '../telemetry/metrics.ts';
import { createAdmission, type MayPost, type Quiet } from './admission-service.ts';
import { type OnLost, sendEdits } from './editing-service.ts';
import type { Opener } from './opening-service.ts';
import type { Limits } from './pacing.ts';
import { createPosting } from './posting-service.ts';
import { createRests } from './resting-service.ts';
import { sweep } from './sweep-store.ts';
import type { Connector } from './teams.ts';
import { createTurns } from './turns-service.ts';
import { nextDueIn, nextLapseIn } from './waits-store.ts';
import { createWindow, type Tuning } from './window-sender.ts';

export type SenderParts = {
  readonly db: Db;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Limits;
  readonly mayPost: MayPost;
  readonly quiet?: () => Quiet | undefined;
  /** Opens a person's own chat where there is none yet; absent: they are unreachable. */
  readonly opener?: Opener;
  readonly onLost?: OnLost;
  /** No other process can hold a lease (embedded store): all leases found at start are dead. */
  readonly soleInstance?: boolean;
  readonly tuning?: Partial<Tuning>;
  readonly meters?: Meters;
};

/** The send lease outlasts the wait for a slot, the connector's timeout of 15 s and a slow settlement. */
const TUNING: Tuning = { wave: 16, lanes: 2, claimLease: 60_000, sendLease: 60_000, poll: 2_000 };
/** Without a cap the window is bound by ways to the store and to Teams: more waves of it at once. */
const LIFTED_LANES = 4;
/** A sweep reads all that is open: while that is much it rests so many times as long as it took, at least a second. */
const SWEEP_EVERY = 1_000;
const SWEEP_SHARE = 50;
/** When the store fails. */
const FAULT_REST = 1_000;

export type Sender = {
  start(): void;
  /** Finishes what is on its way and gives back the rest. */
  stop(): Promise<void>;
  wake(): void;
  /** Sends until nothing is due, waiting at most `patience` milliseconds in all for retries. Expiry is judged by `now`. */
  drain(now: Date, patience?: number): Promise<void>;
};

/** How often a drain looks whether something that it waits for is done, and what goes on beside sends whether it is wanted. */
const LOOK_AGAIN = 250;

export function createSender(parts: SenderParts): Sender {
  const { db, connector, clock, log, limits } = parts;
  const lanes = limits.tenantPerSecond === undefined ? LIFTED_LANES : TUNING.lanes;
  const tuning = { ...TUNING, lanes, ...parts.tuning };
  const holder = newId('sender');
  const bucket = limits.conversation;
  const bell = createBell();
  const turns = createTurns(db, limits);
  const meters = parts.meters ?? createMeters();
  const rests = createRests({ db, turns, meters, log });
  const wake = () => {
    woken = true;
    bell.ring();
  };
  const window = createWindow({
    db,
    log,
    holder,
    bucket,
    turns,
    tuning,
    meters,
    admit: createAdmission({ ...parts, holder, bucket, onOpening: wake }),
    post: createPosting({ connector, turns, log, lease: tuning.sendLease }),
  });
  let stopping = false;
  /** How often `stop` was called: a drain ends at the first call after it began. */
  let stops = 0;
  let running: Promise<void> | undefined;
  let woken = false;
  let sinceSweep: (() => number) | undefined;
  let sweepRest = SWEEP_EVERY;

  async function sweepNowAndThen(now: Date): Promise<void> {
    if (sinceSweep && sinceSweep() < sweepRest) return;
    const first = sinceSweep === undefined;
    const took = stopwatch();
    sinceSweep = took;
    const swept = await sweep(db, now, first && parts.soleInstance ? { except: holder } : undefined);
    sweepRest = Math.max(SWEEP_EVERY, SWEEP_SHARE * took());
    if (swept.uncertain > 0) log.warn('deliveries left uncertain by a stopped sender', swept);
  }

  async function sendAll(nowOf: () => Date, halted: () => boolean): Promise<void> {
    await sweepNowAndThen(nowOf());
    let sending = true;
    const beside = async (work: () => Promise<number>) => {
      let moved = 0;
      do {
        moved = await work();
        if (moved === 0 && sending) await bell.rung(LOOK_AGAIN);
      } while ((moved > 0 || sending) && !halted());
    };
    const wave = { turns, rests, limit: tuning.wave, lease: tuning.sendLease };
    const lanes = [
      window.run(nowOf, halted).finally(() => {
        sending = false;
        bell.ring();
      }),
      beside(() => sendEdits({ ...parts, ...wave, bucket, now: nowOf() })),
      beside(async () => (await parts.opener?.work(wave)) ?? 0),
      beside(async () => {
        await sweepNowAndThen(nowOf());
        return 0;
      }),
    ];
    for (const result of await Promise.allSettled(lanes))
      if (result.status === 'rejected') throw result.reason;
  }

  /** Until `milliseconds` have passed or somebody wakes us, also when the call came before the rest began. */
  async function rest(milliseconds: number): Promise<void> {
    if (!woken && !stopping) await bell.rung(milliseconds);
    woken = false;
  }

  async function run(): Promise<void> {
    while (!stopping) {
      let pause = tuning.poll;
      try {
        await sendAll(
          () => clock.now(),
          () => stopping,
        );
        const next = [await nextDueIn(db), await nextLapseIn(db)].filter((wait) => wait !== undefined);
        // A row that is due but held by another instance's statement would make this spin: a short rest at least.
        pause = Math.max(5, Math.min(pause, ...next));
      } catch (error) {
        log.error('sending paused by a fault', { reason: messageOf(error) });
        pause = FAULT_REST;
      }
      await rest(pause);
    }
  }

  return {
    start: () => {
      stopping = false;
      running ??= run();
    },
    stop: async () => {
      stopping = true;
      stops += 1;
      window.look();
      bell.ring();
      await running;
      running = undefined;
      await window.release().catch((error: unknown) => {
        log.warn('claims are left to lapse', { reason: messageOf(error) });
      });
    },
    wake: () => {
      window.look();
      wake();
    },
    drain: async (now, patience = 60_000) => {
      const elapsed = stopwatch();
      const begun = stops;
      const halted = () => stops !== begun;
      for (let round = 0; ; round += 1) {
        await sweepNowAndThen(now);
        const next = await nextDueIn(db);
        if (halted() || next === undefined) return;
        if (round > 0 || next > 0) {
          if (elapsed() + next > patience) return;
          // What another hand holds is done long before its lease ends, so it is looked at again soon.
          await sleep(Math.min(Math.max(5, next), LOOK_AGAIN));
        }
        await sendAll(() => now, halted);
      }
    },
  };
}
