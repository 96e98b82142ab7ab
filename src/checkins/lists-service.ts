/**
 * Writes what a change means for every card that was sent: owners' cards, reviews that stand alone, and a manager's reviews
 * that stand together on one card. Always inside the transaction of the change, after its check-ins were locked.
 */
import type { Card } from '../cards/elements.ts';
import type { Reviewers } from '../directory/hierarchy.ts';
import type { Trx } from '../storage/database.ts';
import { roleOf } from './authority.ts';
import type { Waiter } from './bulk.ts';
import { cardFor, type Face } from './cards.ts';
import { revisionsOf, type Sending } from './effects.ts';
import { type CheckinsResources, faceOf, type Lines } from './lines-service.ts';
import { type Attached, lockReaders, openCardOf, readAttached, readUnchangedBefore } from './lists-store.ts';
import { reviewListCard } from './review-list-card.ts';
import { addMessages, type CheckinMessage, readLastApproved } from './store.ts';

type Ports = Pick<CheckinsResources, 'outbox'>;

/** What became of one check-in: its face now, who may read it, the cards that were sent for it, the new ones it asks for. */
export type Changed = {
  readonly face: Face;
  readonly reviewers: Reviewers;
  readonly copies: readonly CheckinMessage[];
  readonly sendings: readonly Sending[];
};

/**
 * Brings every card up to date. Gives the sendings that are left to send: a review for a manager on whose card another one
 * still waits joins that card instead of bringing a second message.
 */
export async function settleCards(
  ports: Ports,
  trx: Trx,
  lines: Lines,
  changed: Changed,
  now: Date,
): Promise<readonly Sending[]> {
  const { face, reviewers, sendings } = changed;
  const { checkin } = face;
  const readers = [...changed.copies, ...sendings.flatMap(({ copy }) => copy ?? [])]
    .filter(({ role }) => role === 'reviewer')
    .map(({ personId }) => personId);
  await lockReaders(trx, readers);
  const left: Sending[] = [];
  const copies = [...changed.copies];
  for (const sending of sendings) {
    const joined = await join(trx, checkin.id, sending, now);
    if (joined) copies.push(joined);
    else left.push(sending);
  }
  const reviews = copies.filter(({ role }) => role === 'reviewer');
  const attached = await readAttached(
    trx,
    reviews.map(({ key }) => key),
  );
  const alone = copies.filter(
    (copy) =>
      copy.role !== 'reviewer' ||
      !attached.some((one) => one.key === copy.key && one.checkin.id !== checkin.id),
  );
  const revisions = revisionsOf(face, reviewers, alone);
  for (const copy of reviews.filter((one) => !alone.includes(one))) {
    const together = attached.filter(({ key }) => key === copy.key);
    revisions.push({ key: copy.key, card: await listCard(trx, lines, copy.personId, together) });
  }
  for (const revision of revisions) await ports.outbox.revise(trx, revision.key, revision.card, now);
  await addMessages(
    trx,
    left.flatMap(({ copy }) => (copy ? [{ ...copy, checkinId: checkin.id }] : [])),
    now,
  );
  return left;
}

async function join(
  trx: Trx,
  checkinId: string,
  { copy }: Sending,
  now: Date,
): Promise<CheckinMessage | undefined> {
  if (copy?.role !== 'reviewer') return undefined;
  const key = await openCardOf(trx, copy.personId, checkinId);
  if (key === undefined) return undefined;
  const message = { key, checkinId, personId: copy.personId, role: 'reviewer' } as const;
  await addMessages(trx, [message], now);
  return message;
}

/** One review that still waits is shown whole; several as a list; what a new manager has taken over is not shown. */
async function listCard(
  trx: Trx,
  lines: Lines,
  readerId: string,
  together: readonly Attached[],
): Promise<Card> {
  const waiting = await waitersOf(trx, lines, readerId, together);
  const [only] = waiting;
  if (only && waiting.length === 1) {
    return cardFor('reviewer', faceOf(lines, only.checkin, only.milestone, only.last));
  }
  return reviewListCard({ reader: lines.givenName(readerId), waiting });
}

/** Those of these check-ins that wait for this manager now. */
export async function waitersOf(
  db: Parameters<typeof readLastApproved>[0],
  lines: Lines,
  readerId: string,
  together: readonly Attached[],
): Promise<Waiter[]> {
  const waiting = together.filter(
    ({ checkin }) =>
      checkin.state === 'submitted' &&
      roleOf(checkin, readerId, lines.reviewers(checkin.ownerId)) === 'reviewer',
  );
  const milestones = waiting.map(({ milestone }) => milestone.id);
  const approved = new Map(
    (await readLastApproved(db, milestones)).map((last) => [last.milestoneId, last.answer]),
  );
  const runs = await readUnchangedBefore(db, milestones);
  return waiting.map(({ checkin, milestone }) => ({
    checkin,
    milestone,
    owner: lines.givenName(checkin.ownerId),
    last: approved.get(milestone.id),
    unchangedBefore: runs.get(milestone.id) ?? 0,
  }));
}
