/**
 * What a person is to a check-in today, and what passes to a new manager. Who manages whom is `directory/hierarchy.ts`'s
 * alone; what each may do is the lifecycle's. Worked out anew at each press, never kept, never read from a card.
 */
import type { Reviewers } from '../directory/hierarchy.ts';
import { type Checkin, writerOf } from './lifecycle.ts';

/** `stand-in`: answers in the owner's place, and never reads what they answer. */
export type Role = 'owner' | 'reviewer' | 'stand-in';

/**
 * Undefined for everybody whose check-in it is not. Neither its owner nor whoever wrote the answer is ever its reviewer,
 * whatever the directory says.
 */
export function roleOf(
  checkin: Pick<Checkin, 'ownerId' | 'state' | 'escalation' | 'answeredBy'>,
  personId: string,
  reviewers: Reviewers,
  standIns: readonly string[] = [],
): Role | undefined {
  if (checkin.ownerId === personId) return 'owner';
  const wrote = writerOf(checkin) === personId;
  if (!wrote && reviewers.may.includes(personId)) return 'reviewer';
  if (!wrote && checkin.state === 'submitted' && checkin.escalation?.to === personId) return 'reviewer';
  return standIns.includes(personId) ? 'stand-in' : undefined;
}

/**
 * Who must be sent the review and has not been: a new manager, a delegate, one back from leave. Only what waits to be read
 * passes on; what was decided stays with who decided it.
 */
export function newReader(
  checkin: Pick<Checkin, 'state'>,
  reviewers: Reviewers,
  sentTo: ReadonlySet<string>,
): string | undefined {
  const reader = reviewers.asked?.personId;
  return checkin.state === 'submitted' && reader !== undefined && !sentTo.has(reader) ? reader : undefined;
}

/** To whom an answer goes back: whoever wrote it, while they stand in for its owner, who may be away; else the owner. */
export function sentBackTo(
  checkin: Pick<Checkin, 'ownerId' | 'answeredBy'>,
  standIns: readonly string[],
): string {
  const { ownerId, answeredBy } = checkin;
  return answeredBy !== undefined && standIns.includes(answeredBy) ? answeredBy : ownerId;
}
