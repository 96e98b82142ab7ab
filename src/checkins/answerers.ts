/**
 * Who may answer a check-in in its channel: its owner, who stands in for them, and where the milestone says so any member of
 * staff in the team. Never who reads it. Pure; judged anew at each reply and each press.
 */
import type { Reviewers } from '../directory/hierarchy.ts';

export type AnswererFacts = {
  readonly ownerId: string;
  readonly reviewers: Reviewers;
  /** Who reads it too, since it waits long. */
  readonly escalatedTo?: string | undefined;
  /** Who acts for the owner today. */
  readonly standIns: readonly string[];
  /** Who may beside them: `answered_by` of the milestone. */
  readonly answeredBy: 'owner' | 'team';
  /** Ids of the team's members and owners now. */
  readonly members: readonly string[];
};

export type Answerer = 'owner' | 'stand-in' | 'member';

/** Undefined for everybody else: also for an owner who is not in the team (their own chat still takes the answer). */
export function answererOf(facts: AnswererFacts, personId: string): Answerer | undefined {
  if (!facts.members.includes(personId)) return undefined;
  if (personId === facts.ownerId) return 'owner';
  if (facts.reviewers.may.includes(personId) || facts.escalatedTo === personId) return undefined;
  if (facts.standIns.includes(personId)) return 'stand-in';
  return facts.answeredBy === 'team' ? 'member' : undefined;
}
