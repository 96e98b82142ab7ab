/**
 * Keeps what the sender alone knows: answers that came back and that the store did not take. Until it takes them they are offered
 * again, for it may be away. What it refuses by its data it would refuse for ever, and all others of the statement with it: then each
 * is offered alone. Decides nothing of what an answer means (outcome.ts).
 */
import { messageOf } from '../kernel/errors.ts';
import { sleep } from '../kernel/time.ts';
import { isRefusedByData } from '../storage/batch.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { type Answer, keepAnswers } from './conversations-store.ts';
import { type Settlement, settleSends } from './store.ts';

/** One answer, as the store is to have it now: waits grow shorter meanwhile. */
export type Unsettled = { readonly answer: () => Answer; readonly settlement: () => Settlement };

type Parts = { readonly db: Db; readonly log: Log; readonly holder: string };

/** For the report: what Teams said is not known to anybody then. */
const NOT_KEPT = 'Teams gave an answer that could not be kept; it may have arrived';

/** Returns when all are settled, however long that lasts. Once `halted`, throws the store's fault after ten tries. */
export async function insist(parts: Parts, back: readonly Unsettled[], halted: () => boolean): Promise<void> {
  for (let attempt = 1; back.length > 0; attempt += 1) {
    await sleep(Math.min(5_000, 200 * attempt));
    try {
      await settleTogether(parts, back);
      return;
    } catch (error) {
      parts.log.error('deliveries could not be settled yet', { attempt, reason: messageOf(error) });
      if (halted() && attempt >= 10) throw error;
    }
  }
}

async function settleTogether(parts: Parts, back: readonly Unsettled[]): Promise<void> {
  try {
    await settle(parts, back);
  } catch (error) {
    if (!isRefusedByData(error)) throw error;
    // One that was settled already is known by its state, so that a fault among them repeats nothing.
    for (const one of back) await settleAlone(parts, one);
  }
}

async function settle({ db, holder }: Parts, back: readonly Unsettled[]): Promise<void> {
  await keepAnswers(
    db,
    back.map(({ answer }) => answer()),
  );
  await settleSends(
    db,
    holder,
    back.map(({ settlement }) => settlement()),
  );
}

async function settleAlone(parts: Parts, one: Unsettled): Promise<void> {
  try {
    await settle(parts, [one]);
  } catch (error) {
    if (!isRefusedByData(error)) throw error;
    const { id, attempts } = one.settlement();
    parts.log.error('an answer could not be kept', { delivery: id, reason: messageOf(error) });
    await settleSends(parts.db, parts.holder, [{ id, attempts, state: 'uncertain', reason: NOT_KEPT }]);
  }
}
