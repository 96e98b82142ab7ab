/**
 * Where a manager's reviews stand: a new one joins the card on which another still waits, instead of bringing a second
 * message. Always inside the transaction of the change, after its check-in was written.
 */
import type { Draft } from '../delivery/message.ts';
import type { Trx } from '../storage/database.ts';
import { roleOf } from './authority.ts';
import type { Waiter } from './bulk.ts';
import type { Dossier } from './dossiers-store.ts';
import type { Sending } from './effects.ts';
import { type Checkin, writerOf } from './lifecycle.ts';
import type { Lines } from './lines-service.ts';
import { lockReaders, openCardOf, waitingOn } from './lists-store.ts';
import type { Milestone } from './milestone.ts';
import { addMessages, type CheckinMessage } from './store.ts';

/**
 * Nobody is told of what joins a card, and one that came long ago is far up in the chat: then a new one comes, on which all that
 * waits stands together.
 */
const JOINED_FOR_MS = 7 * 86_400_000;

/** Remembers which cards show this check-in. Gives the drafts that are left to send. */
export async function placeSendings(
  trx: Trx,
  checkinId: string,
  sendings: readonly Sending[],
  now: Date,
): Promise<readonly Draft[]> {
  const reviews = sendings.flatMap(({ copy }) => (copy?.role === 'reviewer' ? [copy.personId] : []));
  await lockReaders(trx, reviews);
  const drafts: Draft[] = [];
  const messages: CheckinMessage[] = [];
  for (const { draft, copy } of sendings) {
    const open = copy?.role === 'reviewer' ? await openCardOf(trx, copy.personId, checkinId) : undefined;
    const joined = open && now.getTime() - open.since.getTime() < JOINED_FOR_MS ? open.key : undefined;
    if (copy) messages.push({ ...copy, checkinId, key: joined ?? copy.key });
    if (joined === undefined) drafts.push(draft);
    if (copy && open && joined === undefined)
      for (const id of await waitingOn(trx, copy.personId, checkinId))
        messages.push({ ...copy, checkinId: id });
  }
  await addMessages(trx, messages, now);
  return drafts;
}

/** Whether a check-in that waits to be read is this person's to read today: asked, or reached by a long wait. */
export function readsNow(
  lines: Lines,
  checkin: Pick<Checkin, 'ownerId' | 'state' | 'escalation' | 'answeredBy'>,
  milestone: Milestone,
  personId: string,
): boolean {
  if (lines.readersOf(checkin, milestone).asked?.personId === personId) return true;
  return checkin.escalation?.to === personId && writerOf(checkin) !== personId;
}

/** Those of these check-ins that wait for this manager now. */
export function waitersOf(lines: Lines, readerId: string, together: readonly Dossier[]): Waiter[] {
  return together
    .filter(
      ({ checkin, milestone }) =>
        checkin.state === 'submitted' &&
        roleOf(checkin, readerId, lines.readersOf(checkin, milestone)) === 'reviewer',
    )
    .map(({ checkin, milestone, last, unchangedBefore }) => ({
      checkin,
      milestone,
      owner: lines.givenName(checkin.ownerId),
      last,
      unchangedBefore,
    }));
}
