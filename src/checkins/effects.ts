/**
 * What follows from a decision: which new card goes to whom, and what each copy must show. Pure; the service writes the new
 * cards with the decision in one transaction. Keys name a message for ever, so a repeat sends nothing twice.
 */
import type { Card } from '../cards/elements.ts';
import type { Draft } from '../delivery/message.ts';
import type { Reviewers } from '../directory/hierarchy.ts';
import { newReader, roleOf, sentBackTo } from './authority.ts';
import { cardFor, type Face, type Viewer } from './cards.ts';
import type { Checkin, Decision } from './lifecycle.ts';
import { helpCard } from './review-card.ts';

/** A card that was sent for a check-in. */
export type Copy = {
  readonly key: string;
  readonly personId: string;
  readonly role: 'owner' | 'reviewer' | 'channel' | 'stand-in';
  /** It was this person's to read since it waited long, and was so when it was decided. */
  readonly reached?: boolean;
};

/** A draft, and the copy to remember of it; help cards never change and are not remembered. */
export type Sending = { readonly draft: Draft; readonly copy?: Copy };

/** Each copy with the face that its reader may see now. */
export function revisionsOf(
  face: Face,
  reviewers: Reviewers,
  copies: readonly Copy[],
  standIns: readonly string[] = [],
): { readonly key: string; readonly card: Card }[] {
  return copies.map((copy) => ({
    key: copy.key,
    card: cardFor(viewerOf(copy, face, reviewers, standIns), face),
  }));
}

/** The review card for whoever should read a submitted check-in and has not been sent it: its manager changed. */
export function rerouted(
  checkin: Checkin,
  face: Face,
  reviewers: Reviewers,
  copies: readonly Copy[],
): Sending | undefined {
  const sentTo = copies.filter((copy) => copy.role === 'reviewer').map((copy) => copy.personId);
  const reader = newReader(checkin, reviewers, new Set(sentTo));
  return reader === undefined ? undefined : reviewSending(checkin, face, reader);
}

/**
 * The new cards that a decision asks for. `copies` are those sent before it; `face` shows what it made of the check-in.
 */
export function sendingsOf(
  before: Checkin,
  decision: Decision,
  face: Face,
  reviewers: Reviewers,
  copies: readonly Copy[],
  standIns: readonly string[],
): Sending[] {
  const { next, event } = decision;
  const reader = reviewers.asked?.personId;
  if (event === 'return') {
    const key = `checkin/${next.id}/returned/${next.version}`;
    const to = sentBackTo(before, standIns);
    const role = to === next.ownerId ? 'owner' : 'stand-in';
    return [sending(key, to, role, cardFor(role, face))];
  }
  if (event === 'question') {
    const key = `checkin/${next.id}/question/${next.version}`;
    return [sending(key, next.ownerId, 'owner', cardFor('owner', face))];
  }
  if (reader === undefined) return [];
  if (event === 'help') {
    const target = { kind: 'person', personId: reader } as const;
    return [{ draft: { key: `checkin/${next.id}/help`, target, card: helpCard(face), urgent: true } }];
  }
  if (event === 'reply') return [reviewSending(next, face, reader)];
  if (event !== 'submit' && event !== 'no-change') return [];
  const has = copies.some((copy) => copy.role === 'reviewer' && copy.personId === reader);
  return before.state === 'submitted' && has ? [] : [reviewSending(next, face, reader)];
}

function reviewSending(checkin: Checkin, face: Face, reader: string): Sending {
  const key = `checkin/${checkin.id}/review/${checkin.version}/${reader}`;
  return sending(key, reader, 'reviewer', cardFor('reviewer', face));
}

function sending(key: string, personId: string, role: Copy['role'], card: Card): Sending {
  const draft: Draft = { key, target: { kind: 'person', personId }, card, urgent: true };
  return { draft, copy: { key, personId, role } };
}

function viewerOf(copy: Copy, face: Face, reviewers: Reviewers, standIns: readonly string[]): Viewer {
  if (copy.role === 'owner') return 'owner';
  if (copy.role === 'channel') return 'other';
  if (copy.role === 'stand-in') return standIns.includes(copy.personId) ? 'stand-in' : 'former';
  const still = roleOf(face.checkin, copy.personId, reviewers) === 'reviewer';
  return still || decidedOrReached(copy, face.checkin) ? 'reviewer' : 'former';
}

/** Who decided on the answer, and whom it had reached through a long wait by then; no former reader. */
function decidedOrReached({ personId, reached }: Copy, { state, decidedBy }: Checkin): boolean {
  return state !== 'submitted' && (decidedBy === personId || reached === true);
}
