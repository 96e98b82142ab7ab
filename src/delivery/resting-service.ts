/**
 * What Teams asks for when it answers an edit or an opening with 429: the conversation rests for all instances, as after a message,
 * it is measured, and where all of the tenant is meant all slow down. Decides nothing of it (outcome.ts, pacing.ts).
 */
import { messageOf } from '../kernel/errors.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Meters } from '../telemetry/metrics.ts';
import { saveThrottles } from './conversations-store.ts';
import { slowDown, type Turns } from './turns-service.ts';

export type Rests = {
  /** Whose conversation it is, and for how many milliseconds it must rest. Never throws. */
  throttled(owner: string, wait: number): Promise<void>;
  /** After a wave: lowers the pace if all of the tenant was meant. Never throws. */
  slowDown(): Promise<void>;
};

export function createRests({
  db,
  turns,
  meters,
  log,
}: {
  readonly db: Db;
  readonly turns: Turns;
  readonly meters: Meters;
  readonly log: Log;
}): Rests {
  return {
    throttled: async (owner, wait) => {
      meters.retried('throttled', wait);
      turns.throttled(owner, wait);
      try {
        // At once, not with the wave: its slowest answer may take seconds, and others write to the conversation meanwhile.
        await saveThrottles(db, [{ owner, wait }]);
      } catch (error) {
        log.warn('a rest could not be written down', { owner, reason: messageOf(error) });
      }
    },
    slowDown: async () => {
      if (turns.overrun) await slowDown(turns, log);
    },
  };
}
