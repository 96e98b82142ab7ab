/**
 * Puts the newest face on delivered messages. A PUT of the same face twice shows the same, so what failed without a clear
 * refusal is repeated; that Teams no longer knows the message is recorded and ends it.
 */
import { sleep } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { activityOf } from './activity.ts';
import { reserveSlots } from './conversations-store.ts';
import { backoff, classify, jitterOf } from './outcome.ts';
import { claimEdits, type Edit, type EditSettlement, settleEdits } from './store.ts';
import type { Connector } from './teams.ts';

const MOST_ATTEMPTS = 10;

/** One wave of edits; `lease` and `each` (between two sends) in milliseconds. Returns how many it took. */
export async function sendEdits(parts: {
  readonly db: Db;
  readonly connector: Connector;
  readonly each: number;
  /** Waits until a message may leave, at the earliest `delay` milliseconds from now. */
  readonly waitTurn: (delay: number) => Promise<void>;
  readonly limit: number;
  readonly lease: number;
}): Promise<number> {
  const { db, connector, each } = parts;
  const edits = await claimEdits(db, parts.limit, parts.lease);
  if (edits.length === 0) return 0;
  if (each > 0) await sleep(await reserveSlots(db, edits.length, each));
  const settled = await Promise.all(
    edits.map(async (edit, index) => {
      await parts.waitTurn(index * each);
      const activity = activityOf(edit.id, edit.card, edit.urgent);
      const jitter = jitterOf(edit.id, edit.attempts);
      const outcome = classify(
        await connector.update(edit, edit.activityId, activity),
        edit.attempts,
        jitter,
      );
      switch (outcome.kind) {
        case 'delivered':
          return settlementOf(edit, { shown: true });
        case 'uncertain':
          return settlementOf(edit, again(edit, outcome.reason, backoff(edit.attempts, jitter)));
        case 'throttled':
        case 'retry':
          return settlementOf(edit, again(edit, outcome.reason, outcome.wait));
        default:
          return settlementOf(edit, { shown: false, problem: outcome.reason });
      }
    }),
  );
  await settleEdits(db, settled);
  return edits.length;
}

type Result = Pick<EditSettlement, 'shown' | 'problem' | 'wait'>;

function again(edit: Edit, reason: string, wait: number): Result {
  return edit.attempts < MOST_ATTEMPTS ? { shown: false, wait } : { shown: false, problem: reason };
}

function settlementOf(edit: Edit, result: Result): EditSettlement {
  return { id: edit.id, version: edit.version, ...result };
}
