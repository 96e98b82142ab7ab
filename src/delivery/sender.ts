/**
 * Sends what the ledger grants: claim, admit, take send slots, commit `sending`, post the wave, settle. Any number of
 * instances may run it. Decides nothing itself: outcome.ts reads the answers, pacing.ts the limits. A wave is at most 16
 * messages, so at most that many a lane are uncertain when the process dies.
 */
import { AppError, isRefusal, messageOf, type Refusal } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type Clock, sleep, stopwatch } from '../kernel/time.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { activityOf } from './activity.ts';
import {
  type Conversation,
  closeOwners,
  findConversations,
  lockPaces,
  ownerOf,
  reserveSlots,
  savePaces,
  saveThrottles,
} from './conversations-store.ts';
import { sendEdits } from './editing-service.ts';
import type { Target } from './message.ts';
import { classify, jitterOf, type Outcome } from './outcome.ts';
import { type Limits, planWave, spacing, windowWait } from './pacing.ts';
import { recipientOf } from './report.ts';
import {
  type Claim,
  claimDue,
  grantSends,
  type Sending,
  type Settlement,
  settleClaims,
  settleSends,
  sweep,
} from './store.ts';
import type { Connector } from './teams.ts';
import { nextDueIn, nextLapseIn } from './waits-store.ts';

/** The numbered points of a message's path, in order. */
export type Step = 'claimed' | 'reserved' | 'granted' | 'posting' | 'posted' | 'settled';

export type SenderParts = {
  readonly db: Db;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Limits;
  /** Asked before each post in a channel: a team with an outsider is refused. A throw is asked again later. */
  readonly mayPost: (target: Target) => Promise<true | Refusal>;
  /** No other process can hold a lease (embedded store): all leases found at start are dead. */
  readonly soleInstance?: boolean;
  readonly tuning?: Partial<Tuning>;
  /** Told of each step; a crash test ends the process here. */
  readonly onStep?: (step: Step) => void;
};

/** Milliseconds, but for `wave` (messages) and `lanes` (waves at once). */
export type Tuning = {
  readonly wave: number;
  readonly lanes: number;
  readonly claimLease: number;
  readonly sendLease: number;
  readonly poll: number;
};

/** The send lease outlasts a wave's slots, the connector's timeout of 15 s and a slow settlement. */
const TUNING: Tuning = { wave: 16, lanes: 2, claimLease: 60_000, sendLease: 60_000, poll: 2_000 };
const SWEEP_EVERY = 1_000;
/** When the guard cannot be asked, and when the store fails. */
const GUARD_RETRY = 15_000;
const FAULT_REST = 1_000;

type Ready = Claim & { readonly conversation: Conversation };

export type Sender = {
  start(): void;
  /** Finishes the waves under way. */
  stop(): Promise<void>;
  wake(): void;
  /** Sends until nothing is due, waiting at most `patience` milliseconds in all for retries. Expiry is judged by `now`. */
  drain(now: Date, patience?: number): Promise<void>;
};

/** How often a drain looks whether something that it waits for is done. Milliseconds. */
const LOOK_AGAIN = 250;

export function createSender(parts: SenderParts): Sender {
  const { db, connector, clock, log, limits } = parts;
  const tuning = { ...TUNING, ...parts.tuning };
  const holder = newId('sender');
  const step = parts.onStep ?? (() => undefined);
  let stopping = false;
  /** How often `stop` was called: a drain ends at the first call after it began. */
  let stops = 0;
  let running: Promise<void> | undefined;
  let wakeUp: (() => void) | undefined;
  let woken = false;
  let sinceSweep: (() => number) | undefined;
  const uptime = stopwatch();
  const left: number[] = [];

  /** Waits for a message's own slot, and for the sliding window of the tenant. */
  async function waitTurn(delay: number): Promise<void> {
    const { tenantPerSecond } = limits;
    if (tenantPerSecond === undefined) return;
    let wait = delay;
    do {
      if (wait > 0) await sleep(wait);
      wait = windowWait(left, tenantPerSecond, uptime());
    } while (wait > 0);
    left.push(uptime());
    if (left.length > 2 * tenantPerSecond) left.splice(0, tenantPerSecond);
  }

  async function sweepNowAndThen(now: Date): Promise<void> {
    if (sinceSweep && sinceSweep() < SWEEP_EVERY) return;
    const first = sinceSweep === undefined;
    sinceSweep = stopwatch();
    const swept = await sweep(db, now, first && parts.soleInstance ? { except: holder } : undefined);
    if (swept.uncertain > 0) log.warn('deliveries left uncertain by a stopped sender', swept);
  }

  /** Settles what must not be posted and returns the rest with where to post it. */
  async function admit(claims: readonly Claim[]): Promise<Ready[]> {
    const known = await findConversations(
      db,
      claims.map((claim) => claim.target),
    );
    const ready: Ready[] = [];
    const settled: Omit<Settlement, 'attempts'>[] = [];
    for (const claim of claims) {
      const conversation = known.get(ownerOf(claim.target));
      if (!conversation || conversation.state === 'gone') {
        settled.push({
          id: claim.id,
          state: 'unreachable',
          reason: whyUnreachable(claim.target, conversation),
        });
        continue;
      }
      const verdict = await mayPost(claim.target);
      if (verdict === true) ready.push({ ...claim, conversation });
      else settled.push({ id: claim.id, ...verdict });
    }
    await settleClaims(db, holder, settled);
    return ready;
  }

  async function mayPost(target: Target): Promise<true | Pick<Settlement, 'state' | 'reason' | 'wait'>> {
    if (target.kind === 'person') return true;
    try {
      const verdict = await parts.mayPost(target);
      return isRefusal(verdict) ? { state: 'refused', reason: verdict.message } : true;
    } catch (error) {
      log.warn('a place could not be checked', { place: recipientOf(target), reason: messageOf(error) });
      const who = target.kind === 'chat' ? 'chat' : 'team';
      return { state: 'due', reason: `the ${who} could not be checked`, wait: GUARD_RETRY };
    }
  }

  /** Commits `sending` for those that pacing lets go now; the others go back with their wait. */
  function grant(ready: readonly Ready[]): Promise<Sending[]> {
    return inTransaction(db, async (trx) => {
      const items = ready.map((claim) => ({ id: claim.id, owner: claim.conversation.owner }));
      const paces = await lockPaces(
        trx,
        items.map((item) => item.owner),
      );
      const plan = planWave(items, paces, limits.conversation);
      await savePaces(trx, plan.debts);
      await settleClaims(
        trx,
        holder,
        plan.wait.map((item) => ({ ...item, state: 'due', reason: 'waits for its conversation' })),
      );
      const going = new Set(plan.go);
      const sends = ready
        .filter((claim) => going.has(claim.id))
        .map(({ id, conversation: { conversationId, serviceUrl } }) => ({ id, conversationId, serviceUrl }));
      return grantSends(trx, holder, sends, tuning.sendLease);
    });
  }

  async function post(sending: Sending, conversation: Conversation, delay: number): Promise<Outcome> {
    await waitTurn(delay);
    step('posting');
    const attempt = await connector.post(conversation, activityOf(sending.id, sending.card, sending.urgent));
    step('posted');
    return classify(attempt, sending.attempts, jitterOf(sending.id, sending.attempts));
  }

  /** One wave. Returns how many messages it claimed. */
  async function sendWave(now: Date): Promise<number> {
    const claims = await claimDue(db, holder, tuning.wave, tuning.claimLease, now);
    if (claims.length === 0) return 0;
    step('claimed');
    let sendings: Sending[] = [];
    const ready = await admit(claims);
    const places = new Map(ready.map((claim) => [claim.id, claim.conversation]));
    const each = spacing(limits);
    if (ready.length > 0) {
      if (each > 0) await sleep(await reserveSlots(db, ready.length, each));
      step('reserved');
      sendings = await grant(ready);
      step('granted');
    }
    const results = await Promise.all(
      sendings.map(async (sending, index) => {
        const conversation = places.get(sending.id);
        if (!conversation) throw strayGrant(sending.id);
        return { sending, conversation, outcome: await post(sending, conversation, index * each) };
      }),
    );
    await settle(results);
    step('settled');
    return claims.length;
  }

  type Result = { sending: Sending; conversation: Conversation; outcome: Outcome };

  async function settle(results: readonly Result[]): Promise<void> {
    if (results.length === 0) return;
    const settlements = results.map(({ sending, outcome }) => settlementOf(sending, outcome));
    // What was seen is known only here: it is kept until the store takes it, however long that lasts.
    for (let attempt = 1; ; attempt += 1) {
      try {
        await settleSends(db, holder, settlements);
        break;
      } catch (error) {
        log.error('deliveries could not be settled yet', { attempt, reason: messageOf(error) });
        if (stopping && attempt >= 10) throw error;
        await sleep(Math.min(5_000, 200 * attempt));
      }
    }
    await keepConversations(results);
  }

  async function keepConversations(results: readonly Result[]): Promise<void> {
    const closed = results.flatMap(({ conversation: { owner, conversationId }, outcome }) =>
      outcome.kind === 'gone' ? [{ owner, conversationId, reason: outcome.reason }] : [],
    );
    const rests = results.flatMap(({ conversation: { owner }, outcome }) =>
      outcome.kind === 'throttled' ? [{ owner, wait: outcome.wait }] : [],
    );
    if (closed.length + rests.length === 0) return;
    await inTransaction(db, async (trx) => {
      await lockPaces(
        trx,
        [...closed, ...rests].map((item) => item.owner),
      );
      await closeOwners(trx, closed);
      await saveThrottles(trx, rests);
    });
  }

  async function sendAll(nowOf: () => Date, halted: () => boolean): Promise<void> {
    const lane = async (work: (now: Date) => Promise<number>) => {
      let moved = 0;
      do {
        await sweepNowAndThen(nowOf());
        moved = await work(nowOf());
      } while (moved > 0 && !halted());
    };
    const edits = () =>
      sendEdits({
        db,
        connector,
        waitTurn,
        each: spacing(limits),
        limit: tuning.wave,
        lease: tuning.sendLease,
      });
    const lanes = [...Array.from({ length: tuning.lanes }, () => lane(sendWave)), lane(edits)];
    for (const result of await Promise.allSettled(lanes))
      if (result.status === 'rejected') throw result.reason;
  }

  /** Until `milliseconds` have passed or somebody wakes us, also when the call came before the rest began. */
  async function rest(milliseconds: number): Promise<void> {
    if (!woken && !stopping) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    wakeUp = undefined;
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
      wakeUp?.();
      await running;
      running = undefined;
    },
    wake: () => {
      woken = true;
      wakeUp?.();
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

function strayGrant(id: string): AppError {
  return new AppError('stray-grant', `Delivery ${id} was granted without having been admitted.`, {
    remedy: 'This is a fault in Waymark; the delivery is reported as uncertain.',
  });
}

function whyUnreachable(target: Target, conversation: Conversation | undefined): string {
  if (conversation) return `the conversation has ended: ${conversation.reason ?? 'no reason given'}`;
  const where = { person: 'for this person', channel: 'in this team', chat: 'in this chat' } as const;
  return `no conversation yet: the app is not installed ${where[target.kind]}`;
}

function settlementOf(sending: Sending, outcome: Outcome): Settlement {
  const { id, attempts, version } = sending;
  switch (outcome.kind) {
    case 'delivered':
      return { id, attempts, state: 'delivered', activityId: outcome.activityId, version };
    case 'uncertain':
      return { id, attempts, state: 'uncertain', reason: outcome.reason, version };
    case 'throttled':
    case 'retry':
      return { id, attempts, state: 'due', reason: outcome.reason, wait: outcome.wait };
    default:
      return { id, attempts, state: outcome.kind, reason: outcome.reason };
  }
}
