/** What an instance does by its role where that is more than starting a part or not. */
import type { Outbox } from '../delivery/message.ts';
import type { Delivery } from '../delivery/service.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Clock } from '../kernel/time.ts';
import { afterCommit } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';

/**
 * For an instance that does not send: its alarms say that no other works, so it sends them itself, with whatever waits. Each is still
 * granted by the ledger alone.
 */
export function sentFromHere(
  delivery: Pick<Delivery, 'enqueue' | 'revise' | 'drain'>,
  clock: Clock,
  log: Log,
): Outbox {
  return {
    revise: delivery.revise,
    enqueue: async (trx, runId, drafts, now) => {
      const added = await delivery.enqueue(trx, runId, drafts, now);
      if (added > 0)
        afterCommit(trx, () => {
          delivery
            .drain(clock.now(), PATIENCE)
            .catch((error: unknown) => log.error('an alarm could not be sent', { reason: messageOf(error) }));
        });
      return added;
    },
  };
}

/** How long an alarm's retries are waited for. Milliseconds. */
const PATIENCE = 60_000;

/** A worker is not where Teams should call: it says so, and Teams tries again. */
export function notHere(response: { sendRaw(status: number, body: string): void }, log: Log): void {
  log.warn('an activity came to an instance that does not answer people', { role: 'worker' });
  response.sendRaw(503, '');
}
