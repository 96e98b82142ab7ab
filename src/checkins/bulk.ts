/**
 * Which waiting check-ins a manager may approve all at once, and why the others are worth a read. Pure. Judged again when
 * the button is pressed, from the rows as they are then: a card's list of them is only what its reader was shown.
 */
import type { Inputs } from '../cards/envelope.ts';
import { moveOf } from './aim.ts';
import type { Answer, Checkin } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';
import { STATUS_WORDS } from './words.ts';

/** A check-in that waits, with what its reader should know. `unchangedBefore`: approved "no change" in a row until now. */
export type Waiter = {
  readonly checkin: Checkin;
  readonly milestone: Milestone;
  readonly owner: string;
  readonly last?: Answer | undefined;
  readonly unchangedBefore: number;
};

/** Most that one button approves; a fifth of what a card may hold. */
export const MOST_AT_ONCE = 40;
/** After this many approved "no change" in a row, the next one is read. */
const UNREAD_IN_A_ROW = 2;
const ITEM = /^([0-9a-f]{1,30})-(\d{1,9})$/;

/** A few words for the card, or undefined when it can be approved with the rest. Someone's own words never stand in it. */
export function reasonToRead(waiter: Omit<Waiter, 'owner'>): string | undefined {
  const { checkin, last, milestone } = waiter;
  const { answer } = checkin;
  if (!answer) return 'nothing said yet';
  if (checkin.question !== undefined)
    return checkin.reply === undefined ? 'your question waits for its answer' : 'has answered your question';
  if (answer.status !== 'on-track') return STATUS_WORDS[answer.status].toLowerCase();
  if (answer.confidence === 'low') return 'not confident yet';
  if (answer.blocker) return 'something is in the way';
  if (last?.value !== undefined && answer.value === undefined) return 'no figure this time';
  if (isFurther(answer, last, milestone)) return 'further from the aim than last time';
  if (checkin.unchanged && waiter.unchangedBefore >= UNREAD_IN_A_ROW) return 'no change for the third time';
  return undefined;
}

function isFurther(answer: Answer, last: Answer | undefined, milestone: Milestone): boolean {
  if (answer.value === undefined || last?.value === undefined) return false;
  return moveOf(milestone, last.value, answer.value) === 'further';
}

/** What the button carries of each check-in: its id and the version that was shown, as inputs of ours. */
export function itemsFor(waiters: readonly Waiter[]): Record<string, string> {
  return Object.fromEntries(
    waiters
      .slice(0, MOST_AT_ONCE)
      .map(({ checkin }, index) => [`choice-item${index}`, `${checkin.id}-${checkin.version}`]),
  );
}

/** Each named once, in the card's order; what is no id and version of ours is left out. */
export function readItems(inputs: Inputs): { readonly id: string; readonly version: number }[] {
  const found = new Map<string, number>();
  for (let index = 0; index < MOST_AT_ONCE; index += 1) {
    const [, id, version] = ITEM.exec(inputs[`item${index}`] ?? '') ?? [];
    if (id !== undefined && version !== undefined && !found.has(id)) found.set(id, Number(version));
  }
  return [...found].map(([id, version]) => ({ id, version }));
}
