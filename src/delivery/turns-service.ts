/**
 * When messages may leave: an instance leases send slots of the tenant, and keeps the sliding second of its own sends besides,
 * since after a stall the late ones would otherwise leave together. Decides no limit itself (pacing.ts).
 */
import { sleep, stopwatch } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { type Limits, spacing, windowWait } from './pacing.ts';
import { reserveSlots } from './slots-store.ts';

export type Turns = {
  /** Whether sends wait for slots at all. */
  readonly capped: boolean;
  /** Milliseconds between two slots. */
  readonly each: number;
  /** Milliseconds on the watch that slots are told by. */
  now(): number;
  /** Leases slots: the instants before which each may not leave. Without a cap: none. */
  lease(count: number): Promise<readonly number[]>;
  /** Waits for an instant, and for the sliding second. To be called once for each request that leaves. */
  reach(instant?: number): Promise<void>;
};

export function createTurns(db: Db, limits: Limits): Turns {
  const { tenantPerSecond } = limits;
  const each = spacing(limits);
  const left: number[] = [];
  const now = stopwatch();
  return {
    capped: tenantPerSecond !== undefined,
    each,
    now,
    lease: async (count) => {
      if (tenantPerSecond === undefined || count === 0) return [];
      const first = (await reserveSlots(db, count, each)) + now();
      return Array.from({ length: count }, (_, index) => first + index * each);
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
