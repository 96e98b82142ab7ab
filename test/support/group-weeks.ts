/** A group's week from a few counts, for pictures, measurements and tests: whoever missed a session was away for a reason that is known. */
import type { GroupWeek } from '../../src/attendance/fold.ts';

/** `possible` and `absent`: sessions of the group in that week. */
export function groupWeek(
  type: GroupWeek['type'],
  key: string,
  counts: { readonly pupils: number; readonly possible: number; readonly absent: number },
): GroupWeek {
  const { pupils, possible, absent } = counts;
  return {
    type,
    key,
    pupils,
    present: possible - absent,
    approved: 0,
    authorised: absent,
    unauthorised: 0,
    unexplained: 0,
    lateBefore: 0,
    lateAfter: 0,
    notPossible: 0,
    notCollected: 0,
    missing: 0,
  };
}
