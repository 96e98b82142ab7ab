/**
 * Posts one message that was granted, once its turn has come, and says what became of it. One attempt a grant; a grant that
 * has grown old is not used.
 */
import { messageOf } from '../kernel/errors.ts';
import { stopwatch } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';
import { traced } from '../telemetry/trace.ts';
import { activityOf } from './activity.ts';
import { classify, jitterOf, type Outcome } from './outcome.ts';
import type { Sending, Settlement } from './store.ts';
import type { Address, Connector } from './teams.ts';
import type { Turns } from './turns-service.ts';

export type PostingParts = {
  readonly connector: Pick<Connector, 'post'>;
  readonly turns: Pick<Turns, 'reach'>;
  readonly log: Log;
  /** How long a grant holds, in milliseconds. */
  readonly lease: number;
};

/** Never throws. */
export type Post = (
  sending: Sending,
  to: Address,
  /** The instant before which it may not leave (see `Turns`). */
  slot: number | undefined,
  /** How long its conversation has to rest, in milliseconds: asked when its turn has come. */
  resting: () => number,
) => Promise<Outcome>;

export function createPosting({ connector, turns, log, lease }: PostingParts): Post {
  return async (sending, to, slot, resting) => {
    const held = stopwatch();
    const { id, attempts } = sending;
    const jitter = jitterOf(id, attempts);
    await turns.reach(slot);
    // After its lease it may have been looked for, not found, and granted to another.
    if (held() >= lease) return { kind: 'retry', reason: 'held up before it was posted', wait: 0 };
    if (resting() > 0) return { kind: 'retry', reason: 'its conversation rests', wait: resting() };
    const post = async (note: (fields: { outcome: string }) => void): Promise<Outcome> => {
      const activity = activityOf(id, sending.card, sending.urgent);
      const outcome = classify(await connector.post(to, activity), attempts, jitter);
      note({ outcome: outcome.kind });
      return outcome;
    };
    try {
      return await traced('delivery', { delivery: id }, post, sending.trace);
    } catch (error) {
      log.error('a message may have been posted', { delivery: id, reason: messageOf(error) });
      return { kind: 'uncertain', reason: messageOf(error) };
    }
  };
}

/** `elapsed`: milliseconds since the answer, which count towards a wait. */
export function settlementOf(sending: Sending, outcome: Outcome, elapsed: number): Settlement {
  const { id, attempts, version } = sending;
  switch (outcome.kind) {
    case 'delivered':
      return { id, attempts, state: 'delivered', activityId: outcome.activityId, version };
    case 'uncertain':
      return { id, attempts, state: 'uncertain', reason: outcome.reason, version };
    case 'throttled':
    case 'retry':
      return {
        id,
        attempts,
        state: 'due',
        reason: outcome.reason,
        wait: Math.max(0, outcome.wait - elapsed),
      };
    default:
      return { id, attempts, state: outcome.kind, reason: outcome.reason };
  }
}
