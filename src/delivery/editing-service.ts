/**
 * Puts the newest face on delivered messages. A PUT of the same face twice shows the same, so what failed without a clear
 * refusal is repeated; that Teams no longer knows the message is recorded, told to whoever can replace it, and ends it. Where
 * somebody from outside the staff has come in since, a face waits until they have gone; whoever left gets none.
 */
import type { Card } from '../cards/elements.ts';
import { isRefusal, messageOf } from '../kernel/errors.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { activityOf } from './activity.ts';
import type { MayPost } from './admission-service.ts';
import { ownerOf, payTolls } from './conversations-store.ts';
import { claimEdits, type Edit, type EditSettlement, settleEdits } from './edits-store.ts';
import { classify, jitterOf } from './outcome.ts';
import { type Bucket, planWave, tollsOf } from './pacing.ts';
import { recipientOf } from './report.ts';
import type { Rests } from './resting-service.ts';
import type { Connector } from './teams.ts';
import { areVoid, farAhead, type Turns } from './turns-service.ts';

/** With the waits between them, a day. What was taken back is tried for as long as the ledger keeps the message. */
export const EDIT_TRIES = 39;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 3_600_000;
/** How long a face rests where it may not be shown, or where that could not be asked. Milliseconds. */
const COMPANY_REST = 15 * 60_000;
const GUARD_REST = 15_000;
/** So many writes at once new faces leave to messages, which somebody may wait for. */
const LEFT_TO_MESSAGES = 2;
/** When somebody else wrote to the conversation meanwhile. */
const PAY_AGAIN = 100;
/** What Teams says of a message that it sent and no longer finds. */
const LOST = 'ActivityNotFoundInConversation';

/** A message in somebody's own chat that Teams no longer finds, and the face that it should have. */
export type LostMessage = { readonly key: string; readonly personId: string; readonly card: Card };
/** Told of each before it is recorded, so perhaps more than once. */
export type OnLost = (lost: readonly LostMessage[], now: Date) => Promise<void>;

type Guard = { readonly mayPost: MayPost; readonly log: Log };

/** One wave of `limit` edits at most; `lease` in milliseconds. Returns how many it took or put off. */
export async function sendEdits(
  parts: Guard & {
    readonly db: Db;
    readonly connector: Connector;
    readonly turns: Turns;
    readonly rests: Rests;
    readonly bucket: Bucket;
    readonly limit: number;
    readonly lease: number;
    readonly now: Date;
    readonly onLost?: OnLost | undefined;
  },
): Promise<number> {
  const { db, connector, turns, rests } = parts;
  const lost: LostMessage[] = [];
  const { edits, seen } = await claimEdits(db, parts.limit, parts.lease);
  if (edits.length === 0) return seen;
  const back = new Map<string, Result>();
  for (const [edit, kept] of await Promise.all(
    edits.map(async (edit) => [edit, await keptBack(parts, edit)] as const),
  ))
    if (kept) back.set(edit.id, kept);
  // Whoever is kept back pays nothing, and takes no slot.
  for (const [id, wait] of await payFor(
    db,
    edits.filter(({ id }) => !back.has(id)),
    parts.bucket,
  ))
    back.set(id, { shown: false, wait, untried: true });
  const going = edits.filter(({ id }) => !back.has(id));
  const leased = turns.voided;
  const instants = await turns.lease(going.length);
  const settled = await Promise.all(
    going.map(async (edit, index) => {
      const later = farAhead(turns, instants[index]);
      if (later !== undefined) return settlementOf(edit, { shown: false, wait: later, untried: true });
      await turns.reach(instants[index]);
      const owner = ownerOf(edit.target);
      // Another one of the wave was told so.
      const wait = turns.resting(owner);
      if (wait > 0 || areVoid(turns, leased))
        return settlementOf(edit, { shown: false, wait, untried: true });
      const activity = activityOf(edit.id, edit.card, edit.urgent);
      const jitter = jitterOf(edit.id, edit.attempts);
      const attempt = await connector.update(edit, edit.activityId, activity);
      if (attempt.kind === 'answered' && attempt.code === LOST && edit.target.kind === 'person')
        lost.push({ key: edit.key, personId: edit.target.personId, card: edit.card });
      // A token that is refused ends no recall: it may be the trust's to mend.
      const outcome = classify(attempt, edit.recall ? 1 : edit.attempts, jitter);
      if (outcome.kind === 'throttled') await rests.throttled(owner, outcome.wait);
      const rest = editWait(edit.attempts, jitter);
      switch (outcome.kind) {
        case 'delivered':
          return settlementOf(edit, { shown: true });
        case 'uncertain':
          return settlementOf(edit, again(edit, outcome.reason, rest));
        case 'throttled':
        case 'retry':
          return settlementOf(edit, again(edit, outcome.reason, Math.max(rest, outcome.wait)));
        default:
          return settlementOf(edit, { shown: false, problem: outcome.reason });
      }
    }),
  );
  if (lost.length > 0) await parts.onLost?.(lost, parts.now);
  const waiting = edits.flatMap((edit) => {
    const result = back.get(edit.id);
    return result ? settlementOf(edit, result) : [];
  });
  await settleEdits(db, [...settled, ...waiting]);
  await rests.slowDown();
  return seen;
}

/**
 * A new face costs its conversation what a message costs, but for what is left to messages. Returns how many milliseconds those wait that
 * it cannot pay for now, by id.
 */
async function payFor(db: Db, edits: readonly Edit[], bucket: Bucket): Promise<ReadonlyMap<string, number>> {
  const share = { ...bucket, burst: Math.max(1, bucket.burst - LEFT_TO_MESSAGES) };
  const known = edits.flatMap(({ id, target, debt }) =>
    debt === undefined ? [] : { id, owner: ownerOf(target), debt, throttled: 0 },
  );
  const plan = planWave(known, known, share);
  const going = new Set(plan.go);
  const payers = known.filter(({ id }) => going.has(id));
  const paid = await payTolls(
    db,
    tollsOf(
      payers.map(({ owner }) => owner),
      share,
    ),
  );
  const unpaid = payers.filter(({ owner }) => !paid.has(owner));
  return new Map([
    ...plan.wait.map(({ id, wait }) => [id, wait] as const),
    ...unpaid.map(({ id }) => [id, PAY_AGAIN] as const),
  ]);
}

/** What becomes of an edit that may not be shown now; undefined: it may. What is taken back is never held up. */
async function keptBack({ mayPost, log }: Guard, { target, recall }: Edit): Promise<Result | undefined> {
  if (recall) return undefined;
  try {
    const verdict = await mayPost(target);
    if (!isRefusal(verdict)) return undefined;
    return target.kind === 'person'
      ? { shown: false, problem: verdict.message }
      : { shown: false, wait: COMPANY_REST, untried: true };
  } catch (error) {
    log.warn('a place could not be checked', { place: recipientOf(target), reason: messageOf(error) });
    return { shown: false, wait: GUARD_REST, untried: true };
  }
}

type Result = Pick<EditSettlement, 'shown' | 'problem' | 'wait' | 'untried'>;

function again(edit: Edit, reason: string, wait: number): Result {
  return edit.recall || edit.attempts < EDIT_TRIES
    ? { shown: false, wait }
    : { shown: false, problem: reason };
}

/** Half a second after the first try, doubled after each, an hour at most; `jitter` from 0 up to 1 takes up to a tenth off. */
export function editWait(attempts: number, jitter: number): number {
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(attempts - 1, 20));
  return full * (0.9 + jitter / 10);
}

function settlementOf(edit: Edit, result: Result): EditSettlement {
  return { id: edit.id, version: edit.version, ...result };
}
