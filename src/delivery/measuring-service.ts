/**
 * Looks at the ledger now and then and measures what stands in it: how much waits, how long, and how fast it may leave. Any
 * instance can, one that sends nothing too: it says so when no other sends.
 */
import { messageOf } from '../kernel/errors.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Meters } from '../telemetry/metrics.ts';
import { readOpen } from './measure-store.ts';
import type { Limits } from './pacing.ts';
import { currentShare } from './slots-store.ts';

export type MeasuringParts = {
  readonly db: Db;
  readonly log: Log;
  readonly meters: Meters;
  readonly limits: Limits;
};

export type Measuring = {
  start(): void;
  /** Looks a last time, so that the end of what was measured is known. */
  stop(): Promise<void>;
  look(): Promise<void>;
};

/** Twice between two reports to Application Insights. Milliseconds. */
const LOOK_EVERY = 30_000;

export function createMeasuring({ db, log, meters, limits }: MeasuringParts): Measuring {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const { tenantPerSecond } = limits;
    const open = await readOpen(db);
    const pace = tenantPerSecond === undefined ? {} : { pace: tenantPerSecond * (await currentShare(db)) };
    meters.saw({ ...open, ...pace });
  }

  function lookSoon(): void {
    looking = look().catch((error: unknown) =>
      log.warn('the ledger could not be measured', { reason: messageOf(error) }),
    );
  }

  return {
    look,
    start: () => {
      if (timer) return;
      lookSoon();
      timer = setInterval(lookSoon, LOOK_EVERY);
    },
    stop: async () => {
      if (!timer) return;
      clearInterval(timer);
      timer = undefined;
      await looking;
      lookSoon();
      await looking;
    },
  };
}
