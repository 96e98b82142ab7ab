/**
 * Ends steps that were agreed on an attendance card, some weeks after their day: nobody closes them, and what is over would
 * stand among the milestones for ever. What was said of them stays.
 */

import { addDays } from '../kernel/time.ts';
import type { Db, Trx } from '../storage/database.ts';
import { applyChanges } from './changes-service.ts';
import { WAYMARK } from './lifecycle.ts';
import { isAgreed, type Milestone } from './milestone.ts';
import { lockMilestones, readMilestones } from './milestones-store.ts';

/** Long enough for its check-in to be answered, reminded of, returned once and seen in a digest. */
const STANDS_FOR_DAYS = 28;

/** Pure: a step whose day is so long past that its round is over. */
export function isOver(milestone: Pick<Milestone, 'id' | 'due' | 'ended'>, date: string): boolean {
  return !milestone.ended && isAgreed(milestone) && addDays(milestone.due, STANDS_FOR_DAYS) < date;
}

/** Call it before anything else of the transaction holds milestones. Gives how many ended. */
export async function endSteps(trx: Trx, date: string, now: Date): Promise<number> {
  await lockMilestones(trx);
  const over = (await readMilestones(trx)).filter((milestone) => isOver(milestone, date));
  const changes = over.map(
    ({ nextRound: _next, ...milestone }) =>
      ({ kind: 'ended', milestone: { ...milestone, ended: true } }) as const,
  );
  await applyChanges(trx, { changes, by: WAYMARK }, now);
  return changes.length;
}

/** Whether there is any to end, so that the day's asks hold the milestones only when there is. */
export async function anyOver(db: Db, date: string): Promise<boolean> {
  return (await readMilestones(db)).some((milestone) => isOver(milestone, date));
}
