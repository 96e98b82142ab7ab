/**
 * When messages may leave: an instance leases send slots of the tenant, and keeps the sliding second of its own sends besides,
 * since after a stall the late ones would otherwise leave together. Decides no limit itself (pacing.ts).
 */
import { messageOf } from '../kernel/errors.ts';
import { sleep, stopwatch } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { type Limits, spacing, type Throttle, tenantRest, windowWait } from './pacing.ts';
import { cutShare, reserveSlots } from './slots-store.ts';

export type Turns = {
  /** Whether sends wait for slots at all. */
  readonly capped: boolean;
  /** Milliseconds between two slots. */
  readonly each: number;
  /** Milliseconds on the watch that slots are told by. */
  now(): number;
  /** Leases slots: the instants before which each may not leave. Without a cap: none. */
  lease(count: number): Promise<readonly number[]>;
  /** A conversation was told to rest for so many milliseconds. */
  throttled(owner: string, rest: number): void;
  /** How long it still has to rest, as far as this instance was told. Milliseconds. */
  resting(owner: string): number;
  /** Whether all of the tenant is meant: then the slots that were leased are void. */
  readonly overrun: boolean;
  /** Lowers the pace of all instances if all of the tenant is meant. Returns the share of the limit that is left, if so. */
  yield(): Promise<number | undefined>;
  /** How often the slots that were leased before have become void. */
  readonly voided: number;
  /** Waits for an instant, and for the sliding second. To be called once for each request that leaves. */
  reach(instant?: number): Promise<void>;
};

export function createTurns(db: Db, limits: Limits): Turns {
  const { tenantPerSecond } = limits;
  const each = spacing(limits);
  const left: number[] = [];
  const now = stopwatch();
  let throttles: Throttle[] = [];
  let voided = 0;
  /** Until when conversations rest: known here at once, to all instances when it is written down. */
  const rests = new Map<string, number>();
  const restAsked = () => (tenantPerSecond === undefined ? undefined : tenantRest(throttles, now()));
  return {
    capped: tenantPerSecond !== undefined,
    each,
    now,
    lease: async (count) => {
      if (tenantPerSecond === undefined || count === 0) return [];
      const slots = await reserveSlots(db, count, each);
      const first = slots.first + now();
      return Array.from({ length: count }, (_, index) => first + index * slots.each);
    },
    throttled: (owner, rest) => {
      // A storm of them is known by the newest.
      throttles = [...throttles.slice(-15), { owner, rest, at: now() }];
      rests.set(owner, Math.max(rests.get(owner) ?? 0, now() + rest));
    },
    resting: (owner) => {
      const rest = (rests.get(owner) ?? 0) - now();
      if (rest <= 0) rests.delete(owner);
      return Math.max(0, rest);
    },
    get voided() {
      return voided;
    },
    get overrun() {
      return restAsked() !== undefined;
    },
    yield: async () => {
      const rest = restAsked();
      if (rest === undefined) return undefined;
      throttles = [];
      voided += 1;
      return cutShare(db, rest);
    },
    reach: async (instant = now()) => {
      if (tenantPerSecond === undefined) return;
      let wait = instant - now();
      do {
        if (wait > 0) await sleep(wait);
        wait = windowWait(left, tenantPerSecond, now());
      } while (wait > 0);
      left.push(now());
      if (left.length > 2 * tenantPerSecond) left.splice(0, tenantPerSecond);
    },
  };
}

/** Whether slots may not be used any more that were leased when `voided` was this: all of the tenant was asked to rest since. */
export function areVoid(turns: Pick<Turns, 'overrun' | 'voided'>, leased: number): boolean {
  return turns.overrun || turns.voided !== leased;
}

/** What a wave of sixteen needs at the slowest pace of the usual limit. Milliseconds. */
const NEAR = 6_000;

/**
 * Milliseconds until a slot that is too far ahead to be waited for, as after the tenant was asked to rest: a stop would wait with it, and
 * the lease of what it is for would end. Undefined when it is near.
 */
export function farAhead(turns: Pick<Turns, 'now'>, instant: number | undefined): number | undefined {
  const ahead = (instant ?? 0) - turns.now();
  return ahead > NEAR ? ahead : undefined;
}

/** All instances slow down when Teams asked all of the tenant to. What it costs to say so is no reason to lose an answer. */
export async function slowDown(turns: Turns, log: Log): Promise<void> {
  try {
    const share = await turns.yield();
    if (share !== undefined)
      log.warn('Teams asked for less: sending more slowly', { percent: Math.round(100 * share) });
  } catch (error) {
    log.warn('the pace could not be lowered', { reason: messageOf(error) });
  }
}
