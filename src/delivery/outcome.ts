/**
 * What one attempt to post means for the ledger. Decides only from what the connector client saw; never guesses that a
 * message which may have arrived did not. Sources: Microsoft Learn, "Send proactive messages" and "Rate limiting"
 * (status codes and sub-codes), and the rule that a 5xx after the body left tells nothing.
 */
import { contentId } from '../kernel/ids.ts';

/** What the connector client saw. `not-sent`: nothing of the body can have been taken. `lost`: it may have been. */
export type Attempt =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly activityId?: string;
      readonly code?: string;
      /** Milliseconds from the answer, from `Retry-After`. */
      readonly retryAfter?: number;
    }
  | { readonly kind: 'not-sent'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'forbidden'; readonly reason: string };

export type Outcome =
  | { readonly kind: 'delivered'; readonly activityId: string }
  | { readonly kind: 'blocked' | 'gone' | 'refused' | 'uncertain'; readonly reason: string }
  /** This conversation must rest for `wait` milliseconds. */
  | { readonly kind: 'throttled'; readonly reason: string; readonly wait: number }
  /** Certainly not sent; again in `wait` milliseconds. */
  | { readonly kind: 'retry'; readonly reason: string; readonly wait: number };

/** 401 and 412 are retried this often in all: both heal by themselves or never. */
const STUBBORN_ATTEMPTS = 8;
const LONGEST_WAIT = 5 * 60_000;
/**
 * A conversation rests no longer, whatever is asked for: what is urgent must not wait for days on a mistake, and the store cannot
 * count to every number that an answer can hold. Asked too early, Teams says so again. Milliseconds.
 */
export const LONGEST_REST_ASKED = 3_600_000;
/** A 403 with one of these says that the app is no longer there; any other says that the person or an admin closed the door. */
const REMOVED = new Set(['BotNotInConversationRoster', 'BotNotInConversation', 'ConversationNotFound']);

/**
 * `attempts` counts this one; `jitter` is from 0 up to 1 and spreads the retries of a burst. Waits are milliseconds.
 * An edit (PUT) repeats safely: the caller may retry what is `uncertain` here.
 */
export function classify(attempt: Attempt, attempts: number, jitter: number): Outcome {
  switch (attempt.kind) {
    case 'forbidden':
      return { kind: 'refused', reason: attempt.reason };
    case 'not-sent':
      return { kind: 'retry', reason: attempt.reason, wait: backoff(attempts, jitter) };
    case 'lost':
      return { kind: 'uncertain', reason: attempt.reason };
    case 'answered':
      return classifyAnswer(attempt, attempts, jitter);
  }
}

type Answer = Extract<Attempt, { kind: 'answered' }>;

function classifyAnswer(answer: Answer, attempts: number, jitter: number): Outcome {
  const { status } = answer;
  const reason = answer.code ? `${status} ${answer.code}` : String(status);
  if (status >= 500) return { kind: 'uncertain', reason };
  if (status >= 200 && status < 300) {
    return answer.activityId
      ? { kind: 'delivered', activityId: answer.activityId }
      : { kind: 'uncertain', reason: `${reason} without an activity id` };
  }
  if (status === 429)
    return { kind: 'throttled', reason, wait: afterThrottle(answer.retryAfter, attempts, jitter) };
  if (status === 401 || status === 412) {
    return attempts < STUBBORN_ATTEMPTS
      ? { kind: 'retry', reason, wait: backoff(attempts, jitter) }
      : { kind: 'refused', reason };
  }
  if (status === 404) return { kind: 'gone', reason };
  if (status === 403) return { kind: REMOVED.has(answer.code ?? '') ? 'gone' : 'blocked', reason };
  return { kind: 'refused', reason };
}

/** What is asked for is waited out, and at most 20 ms more: slots spread what comes after, and it is to be tried promptly. */
function afterThrottle(retryAfter: number | undefined, attempts: number, jitter: number): number {
  return retryAfter === undefined || Number.isNaN(retryAfter)
    ? Math.max(1000, backoff(attempts, jitter))
    : boundedRest(retryAfter) + 20 * jitter;
}

function boundedRest(milliseconds: number): number {
  return Math.min(LONGEST_REST_ASKED, Math.max(0, milliseconds));
}

/** 250–500 ms after the first attempt, doubled after each, at most five minutes. */
export function backoff(attempts: number, jitter: number): number {
  const full = Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(attempts - 1, 20));
  return full * (0.5 + jitter / 2);
}

/**
 * Reads `Retry-After`: seconds or an HTTP date, which begins with the day of the week (RFC 9110 §10.2.3). Milliseconds from `now`,
 * an hour at most; undefined when unreadable.
 */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return boundedRest(Number(text) * 1000);
  const instant = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : boundedRest(instant - now.getTime());
}

/** From 0 up to 1, the same for the same attempt: retries spread without a source of chance. */
export function jitterOf(id: string, attempts: number): number {
  return Number.parseInt(contentId([id, String(attempts)], 6), 16) / 0x1000000;
}
