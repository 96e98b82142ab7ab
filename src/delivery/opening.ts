/**
 * What came of opening a person's own chat, for those who have none with Waymark yet. Opening again gives the same chat, so
 * whatever is in doubt is tried again; what Teams refused is said in words for the report. Pure. Source: Microsoft Learn,
 * "Messages in bot conversations" (status codes), "Send proactive messages".
 */
import type { Conversation } from './conversations-store.ts';
import type { Target } from './message.ts';
import { type Attempt, backoff } from './outcome.ts';

export type OpeningOutcome =
  | { readonly kind: 'open'; readonly conversationId: string }
  /** The app is not installed for them: installing it may help. */
  | { readonly kind: 'absent'; readonly reason: string }
  /** Again in `wait` milliseconds. `throttled`: Teams asked for that. `untried`: it was not asked at all. */
  | {
      readonly kind: 'again';
      readonly reason: string;
      readonly wait: number;
      readonly throttled?: true;
      readonly untried?: true;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Why a conversation is gone whose person, team or chat took the app away. */
export const APP_REMOVED = 'the app was removed';

/** Not where somebody took the app away: that is to be respected. */
export function mayOpen(conversation: Pick<Conversation, 'state' | 'reason'> | undefined): boolean {
  return conversation?.state !== 'active' && conversation?.reason !== APP_REMOVED;
}

/** Of a target for which nothing is opened. */
export function whyUnreachable(target: Target, conversation: Conversation | undefined): string {
  if (conversation) return `the conversation has ended: ${conversation.reason ?? 'no reason given'}`;
  const where = { person: 'for this person', channel: 'in this team', chat: 'in this chat' } as const;
  return `no conversation yet: the app is not installed ${where[target.kind]}`;
}

/** Heals by itself within a minute or two, or is for people to mend. */
export const OPENING_TRIES = 10;
const NOT_INSTALLED = 'no conversation yet: the app is not installed for this person';

/** `tries` counts this one; `jitter` is from 0 up to 1. */
export function classifyOpening(attempt: Attempt, tries: number, jitter: number): OpeningOutcome {
  if (attempt.kind === 'forbidden') return { kind: 'refused', reason: attempt.reason };
  if (attempt.kind !== 'answered') return again(attempt.reason, tries, backoff(tries, jitter));
  const { status, code, activityId, retryAfter } = attempt;
  const reason = code ? `${status} ${code}` : String(status);
  if (status >= 200 && status < 300)
    return activityId
      ? { kind: 'open', conversationId: activityId }
      : again(`${reason} without a conversation`, tries, backoff(tries, jitter));
  if (status === 403) return { kind: 'absent', reason: NOT_INSTALLED };
  // However often: that Teams is busy says nothing about the person.
  if (status === 429)
    return {
      kind: 'again',
      reason,
      wait: Math.max(retryAfter ?? 0, backoff(tries, jitter)),
      throttled: true,
    };
  if (status === 401 || status === 412 || status >= 500) return again(reason, tries, backoff(tries, jitter));
  return { kind: 'refused', reason: `no conversation yet: Teams would not open one (${reason})` };
}

/** The same once more, until it has been tried often enough. */
export function again(reason: string, tries: number, wait: number): OpeningOutcome {
  return tries < OPENING_TRIES
    ? { kind: 'again', reason, wait }
    : {
        kind: 'refused',
        reason: `no conversation yet: none could be opened in ${OPENING_TRIES} tries (${reason})`,
      };
}

/**
 * How long a message waits for the chats that are being opened before it is looked at again: as long as that many take, at
 * fifty a second. Milliseconds.
 */
export function openingWait(wanted: number): number {
  return 250 + 20 * wanted;
}
