/**
 * How many messages that can wait a person gets in a week, and which of a run's go beyond that. What somebody waits for, and what
 * would be of no use by the time the rest is gathered, goes out whatever the number. Pure.
 */
import type { Draft } from './message.ts';

export type Allotted = {
  /** Go out by themselves, in their order. */
  readonly now: readonly Draft[];
  /** Wait for the card that gathers them, in their order. */
  readonly later: readonly Draft[];
};

/** Whether a message counts towards a person's week. */
export function counts({ target, urgent, withheld }: Pick<Draft, 'target' | 'urgent' | 'withheld'>): boolean {
  return target.kind === 'person' && urgent !== true && withheld === undefined;
}

/**
 * `had`: how many each person has had this week. `gatheredAt`: when the next gathering is; undefined when none is to come, and then
 * nothing waits.
 */
export function allot(
  drafts: readonly Draft[],
  had: ReadonlyMap<string, number>,
  allowance: number,
  gatheredAt: Date | undefined,
): Allotted {
  const week = new Map(had);
  const now: Draft[] = [];
  const later: Draft[] = [];
  for (const draft of drafts) {
    if (!counts(draft) || draft.target.kind !== 'person') {
      now.push(draft);
      continue;
    }
    const { personId } = draft.target;
    const before = week.get(personId) ?? 0;
    const canWait =
      gatheredAt !== undefined &&
      (draft.lasting === true || draft.expiresAt === undefined || draft.expiresAt > gatheredAt);
    if (before >= allowance && canWait) later.push(draft);
    else {
      now.push(draft);
      week.set(personId, before + 1);
    }
  }
  return { now, later };
}
