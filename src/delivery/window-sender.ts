/**
 * The send window of one instance: what it has claimed, what is on its way to Teams, what is to be settled. Two loops share
 * it: one claims ahead, one settles what has come back and grants what is to leave, in one statement; so the store and Teams
 * work at the same time, and a slow answer holds up nobody else. At most `wave × lanes` messages are granted and not settled at
 * any instant: so many are uncertain when the process dies.
 */
import { createBell } from '../kernel/bell.ts';
import { messageOf } from '../kernel/errors.ts';
import { stopwatch } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Meters } from '../telemetry/metrics.ts';
import type { Admit, Ready } from './admission-service.ts';
import { type Answer, keepAnswers, type Place } from './conversations-store.ts';
import type { Outcome } from './outcome.ts';
import { type Bucket, tollsOf } from './pacing.ts';
import { type Post, settlementOf } from './posting-service.ts';
import { insist } from './settling-service.ts';
import {
  claimDue,
  ledgerTime,
  releaseClaims,
  type Sending,
  type Settlement,
  settleAndGrant,
  settleClaims,
} from './store.ts';
import { slowDown, type Turns } from './turns-service.ts';
import { nextDueIn } from './waits-store.ts';

export type WindowParts = {
  readonly db: Db;
  readonly log: Log;
  readonly holder: string;
  readonly bucket: Bucket;
  readonly turns: Turns;
  readonly admit: Admit;
  readonly post: Post;
  readonly meters: Meters;
  readonly tuning: Tuning;
};

/** Milliseconds, but for `wave` (messages of one statement) and `lanes` (waves at once). */
export type Tuning = {
  readonly wave: number;
  readonly lanes: number;
  readonly claimLease: number;
  readonly sendLease: number;
  readonly poll: number;
};

export type SendWindow = {
  /** Sends until nothing is left to claim or to settle. Expiry is judged by `nowOf`. Throws when the store fails. */
  run(nowOf: () => Date, halted: () => boolean): Promise<void>;
  /** Something may be due that was not: looked for even when enough is in hand, since it may be urgent. */
  look(): void;
  /** Gives back what was claimed and not posted. */
  release(): Promise<void>;
};

/**
 * Under a cap: how much is claimed ahead, and how long before its slot a message is granted. Milliseconds. Slots are leased for what
 * is claimed, so another instance's stand before whatever comes late: with 200, what had rested was tried after 303 at times.
 */
const CLAIM_AHEAD = 120;
const GRANT_AHEAD = { least: 40, most: 80 };
/** A slot that was missed by more is given up, lest many leave at once. */
const STALE = 250;
/** How long a grant or a result waits for others of the same statement. */
const GATHER = 50;
/**
 * Without a cap, statements that settle and grant at the same time: each waits for the disk, and the next wave need not wait with it.
 * And so many waves are claimed by one statement. A claim that a kill leaves behind is only claimed again.
 */
const EXCHANGES = 2;
const CLAIMED_WAVES = 2;
/** Node's timers go no further than 24 days; a look in vain costs nothing. */
const LONGEST_TIMER = 3_600_000;
/** A claim that found nothing is not repeated sooner. */
const LEAST_REST = 10;

type Result = {
  readonly sending: Sending;
  readonly place: Place;
  readonly outcome: Outcome;
  readonly at: number;
};

export function createWindow(parts: WindowParts): SendWindow {
  const { db, log, holder, turns, tuning } = parts;
  const size = tuning.wave * tuning.lanes;
  const portion = turns.capped
    ? Math.max(1, Math.min(tuning.wave, Math.ceil(CLAIM_AHEAD / turns.each)))
    : CLAIMED_WAVES * tuning.wave;
  const uptime = stopwatch();
  const bell = createBell();
  /** Claimed and admitted: urgent ones first, then the oldest. */
  let held: Ready[] = [];
  /** Leased send slots, soonest first. */
  let slots: number[] = [];
  /** Granted, or being granted, and not settled: ids. */
  const flying = new Set<string>();
  let results: Result[] = [];
  let settling = 0;
  /** Conversations that a grant under way pays for: no other one locks their rows meanwhile, in an order of its own. */
  const paying = new Set<string>();
  /** As `voided` of the turns, when slots were last leased. */
  let voided = turns.voided;
  /** Claims and exchanges under way. */
  let busy = 0;
  let lastGrant = 0;
  /** When a claim that found nothing is worth repeating. */
  let lookAt = 0;
  let pressed = false;
  /** Messages whose rest has ended since the last claim: they are the oldest, and are tried promptly. */
  let rested = 0;
  let faulted = false;

  async function claim(now: Date): Promise<void> {
    const enough = held.length >= portion;
    const limit = enough && rested > 0 ? Math.min(rested, tuning.wave) : portion;
    const urgentOnly = enough && rested === 0;
    pressed = false;
    rested = 0;
    const claims = await claimDue(db, holder, limit, tuning.claimLease, now, urgentOnly);
    if (claims.length === 0) {
      if (enough) return;
      const next = (await nextDueIn(db)) ?? tuning.poll;
      // Not when somebody called meanwhile.
      if (!pressed) lookAt = uptime() + Math.max(LEAST_REST, Math.min(next, tuning.poll));
      return;
    }
    const inHand = Map.groupBy(held, ({ place }) => place.owner);
    const admitted = await parts.admit(claims, (owner) => inHand.get(owner)?.length ?? 0);
    // One that was held so long that its claim lapsed has come a second time: it must not stand twice in one grant.
    const again = new Set(claims.map(({ id }) => id));
    // Nor in two: whoever has it on its way sends it or puts it back.
    const fresh = admitted.filter(({ id }) => !flying.has(id));
    held = [...held.filter(({ id }) => !again.has(id)), ...fresh].sort(
      (a, b) => Number(b.urgent) - Number(a.urgent) || a.seq - b.seq,
    );
  }

  /** Places in the window. What has come back makes room in the statement that settles it. */
  function room(): number {
    return size - flying.size + results.length;
  }

  function freeToGo(): readonly Ready[] {
    return paying.size === 0 ? held : held.filter(({ place }) => !paying.has(place.owner));
  }

  /** How long the next grant waits; Infinity: until something changes. */
  function untilGrant(): number {
    const free = freeToGo().length;
    if (free === 0 || room() === 0) return Number.POSITIVE_INFINITY;
    if (turns.capped) return (slots[0] ?? Number.POSITIVE_INFINITY) - GRANT_AHEAD.least - turns.now();
    return room() >= Math.min(free, tuning.wave) ? 0 : lastGrant + GATHER - uptime();
  }

  /** The same of the next settlement. */
  function untilSettled(): number {
    const [first] = results;
    if (!first) return Number.POSITIVE_INFINITY;
    const inTheAir = flying.size - results.length - settling;
    const enough = results.length >= tuning.wave || inTheAir <= 0;
    if (enough || results.some(({ outcome }) => outcome.kind === 'throttled')) return 0;
    return first.at + GATHER - uptime();
  }

  /** Takes those whose turn is near, as many as there is room for, with their slots. */
  function takeNear(): { readonly batch: readonly Ready[]; readonly instants: number[] } {
    const until = turns.now() + GRANT_AHEAD.most;
    const near = turns.capped ? slots.filter((slot) => slot <= until).length : tuning.wave;
    const most = Math.min(near, tuning.wave, room());
    const batch = freeToGo().slice(0, most);
    const taken = new Set(batch);
    held = held.filter((ready) => !taken.has(ready));
    return { batch, instants: slots.splice(0, batch.length) };
  }

  /** Settles what has come back and, with `granting`, grants what is to leave. */
  async function exchange(granting: boolean, halted: () => boolean): Promise<void> {
    const { batch, instants } = granting ? takeNear() : { batch: [], instants: [] };
    const back = results;
    results = [];
    settling += back.length;
    for (const { id, place } of batch) {
      flying.add(id);
      paying.add(place.owner);
    }
    lastGrant = uptime();
    const granted = new Map<string, Sending>();
    try {
      await keepAnswers(db, back.map(answerOf));
      const settlements = back.map(settled);
      for (const sending of await grant(settlements, batch)) granted.set(sending.id, sending);
      for (const { state, wait = 0 } of settlements) if (state === 'due') lookAfter(wait);
    } catch (error) {
      log.error('deliveries could not be settled and granted', { reason: messageOf(error) });
      const unsettled = back.map((result) => ({
        answer: () => answerOf(result),
        settlement: () => settled(result),
      }));
      await insist({ db, log, holder }, unsettled, halted);
      throw error;
    } finally {
      settling -= back.length;
      for (const { sending } of back) flying.delete(sending.id);
      for (const { id, place } of batch) {
        paying.delete(place.owner);
        if (!granted.has(id)) flying.delete(id);
      }
    }
    // By what was granted, each once, whatever was asked for.
    const places = new Map(batch.map(({ id, place }) => [id, place]));
    for (const [id, place] of places) {
      const sending = granted.get(id);
      if (sending) void fly(sending, place, instants.shift());
    }
    slots = [...instants, ...slots];
    await putBack(batch.filter(({ id }) => !granted.has(id)));
  }

  /** A message may be tried again then, also while enough is in hand. */
  function lookAfter(wait: number): void {
    lookAt = Math.min(lookAt, uptime() + wait);
    setTimeout(
      () => {
        rested += 1;
        pressed = true;
        bell.ring();
      },
      Math.min(wait, LONGEST_TIMER),
    ).unref();
  }

  function grant(settlements: readonly Settlement[], batch: readonly Ready[]): Promise<Sending[]> {
    const sends = batch.map(({ id, attempts, place: { owner, conversationId, serviceUrl } }) => ({
      id,
      attempts,
      owner,
      conversationId,
      serviceUrl,
    }));
    const owners = sends.map(({ owner }) => owner);
    const tolls = tollsOf(owners, parts.bucket);
    return settleAndGrant(db, holder, settlements, sends, tolls, tuning.sendLease);
  }

  async function putBack(left: readonly Ready[]): Promise<void> {
    if (left.length === 0) return;
    const reason = 'waits for its conversation';
    await settleClaims(
      db,
      holder,
      left.map(({ id }) => ({ id, state: 'due', reason })),
    );
    lookAt = 0;
  }

  async function fly(sending: Sending, place: Place, slot: number | undefined): Promise<void> {
    const resting = () => turns.resting(place.owner);
    const took = stopwatch();
    const outcome = await parts.post(sending, place, slot, resting);
    measure(outcome, sending.waited + took());
    if (outcome.kind === 'throttled') turns.throttled(place.owner, outcome.wait);
    results.push({ sending, place, outcome, at: uptime() });
    bell.ring();
  }

  function measure(outcome: Outcome, latency: number): void {
    if (outcome.kind === 'throttled' || outcome.kind === 'retry')
      parts.meters.retried(outcome.kind, outcome.kind === 'throttled' ? outcome.wait : 0);
    else parts.meters.sent(outcome.kind, latency);
  }

  function answerOf({ place, outcome, at }: Result): Answer {
    return { place, outcome, elapsed: uptime() - at };
  }

  function settled({ sending, outcome, at }: Result): Settlement {
    return settlementOf(sending, outcome, uptime() - at);
  }

  /** Counts as under way until it is done, so that the window is not taken for idle meanwhile. */
  async function during(work: Promise<void>): Promise<void> {
    busy += 1;
    try {
      await work;
    } finally {
      busy -= 1;
      bell.ring();
    }
  }

  async function release(): Promise<void> {
    held = [];
    slots = [];
    const asOf = await ledgerTime(db);
    await releaseClaims(db, holder, [...flying], asOf);
  }

  async function run(nowOf: () => Date, halted: () => boolean): Promise<void> {
    if (faulted) await release();
    faulted = false;
    lookAt = 0;
    let over = false;
    const ended = () => over || faulted || halted();

    async function claiming(): Promise<void> {
      while (!ended()) {
        over = held.length + flying.size + busy === 0 && uptime() < lookAt;
        const wanted = held.length < portion ? uptime() >= lookAt : pressed;
        if (over) bell.ring();
        else if (wanted) await during(claim(nowOf()));
        else await bell.rung(held.length < portion ? lookAt - uptime() : Number.POSITIVE_INFINITY);
      }
    }

    async function exchanging(): Promise<void> {
      while (!(ended() && flying.size === 0)) {
        const late = turns.now() - STALE;
        slots = turns.voided === voided ? slots.filter((slot) => slot > late) : [];
        voided = turns.voided;
        const wanted = ended() ? 0 : held.length - slots.length;
        const wait = Math.min(ended() ? Number.POSITIVE_INFINITY : untilGrant(), untilSettled());
        if (turns.overrun) await during(slowDown(turns, log));
        else if (turns.capped && wanted > 0) await during(lease(wanted));
        else if (wait <= 0) await during(exchange(!ended() && untilGrant() <= 0, halted));
        else await bell.rung(wait);
      }
    }

    const exchanges = Array.from({ length: turns.capped ? 1 : EXCHANGES }, exchanging);
    const loops = [claiming(), ...exchanges].map((loop) =>
      loop.catch((error: unknown) => {
        faulted = true;
        bell.ring();
        throw error;
      }),
    );
    for (const loop of await Promise.allSettled(loops)) if (loop.status === 'rejected') throw loop.reason;
  }

  async function lease(count: number): Promise<void> {
    slots = [...slots, ...(await turns.lease(count))];
  }

  return {
    run,
    release,
    look: () => {
      pressed = true;
      lookAt = 0;
      bell.ring();
    },
  };
}
