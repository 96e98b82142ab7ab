/**
 * Whether a school gets its card for a week, and if not why, in words for the run's note. Pure: the week's calendar, the
 * policy and what has been received, to a decision. A card with half the registers would tell an untruth, so it waits.
 */
import { addDays, mondayOf, weekdayOf, weekOf } from '../kernel/time.ts';
import type { SchoolCalendar } from '../scheduling/calendar.ts';
import type { GroupWeek } from './fold.ts';
import { completeness } from './imports.ts';
import { openDaysOf } from './open-days.ts';
import { decimal, fraction, scale } from './rates.ts';
import { isNudgeWeek, schoolWeek } from './week.ts';

export type NudgePolicy = { readonly minimumDays: number; readonly completenessPercent: number };

export type NudgeDecision =
  | { readonly kind: 'send' }
  | {
      readonly kind: 'none';
      readonly reason:
        | 'holiday'
        | 'short-week'
        | 'first-week'
        | 'no-marks'
        | 'incomplete'
        | 'few-pupils'
        | 'outsiders';
      readonly note: string;
    };

export function decideNudge(input: {
  readonly calendar: SchoolCalendar;
  readonly week: string;
  readonly policy: NudgePolicy;
  readonly threshold: number;
  readonly groups: readonly GroupWeek[] | undefined;
}): NudgeDecision {
  const { policy, groups } = input;
  const week = schoolWeek(input.calendar, mondayOf(input.week));
  if (week.days.length === 0) return none('holiday', 'no school in this week');
  if (!isNudgeWeek(week, policy.minimumDays))
    return none('short-week', `${week.days.length} school days, fewer than ${policy.minimumDays}`);
  // Different starts and phased returns: DfE leaves these days out of its own figures.
  if (week.term === 1 && week.weekOfTerm === 1)
    return none('first-week', 'the first week of the year is not judged');
  const all = groups?.find((group) => group.type === 'all');
  if (!groups || !all) return none('no-marks', 'no marks have been received');
  const share = completenessOf(groups, week.days);
  if (!share || share.of * 100n < share.over * BigInt(policy.completenessPercent)) {
    const percentage = share ? decimal(scale(share, 100), 1) : '0.0';
    return none(
      'incomplete',
      `${percentage}% of marks are in, the policy asks for ${policy.completenessPercent}%`,
    );
  }
  if (all.pupils < input.threshold) return none('few-pupils', 'too few pupils to show any figure');
  const open = openDaysOf(groups, week.days.length);
  if (open < policy.minimumDays)
    return none('short-week', `open on ${open} days, fewer than ${policy.minimumDays}`);
  return { kind: 'send' };
}

function none(reason: Extract<NudgeDecision, { kind: 'none' }>['reason'], note: string): NudgeDecision {
  return { kind: 'none', reason, note };
}

/**
 * Marks that are in, of those the calendar asks for; a school day that the file leaves out is all missing. Totals without rows
 * of days say of no session why it is not counted, so whatever the calendar holds beyond them is missing too.
 */
export function completenessOf(groups: readonly GroupWeek[], schoolDays: readonly string[]) {
  const all = groups.find((group) => group.type === 'all');
  const share = all && completeness(all);
  if (!all || !share) return null;
  if (!groups.some((group) => group.type === 'day')) {
    const asked = BigInt(openDaysOf(groups, schoolDays.length) * 2 * all.pupils);
    return fraction(share.of, share.over > asked ? share.over : asked);
  }
  const inFile = new Set(groups.filter((group) => group.type === 'day').map((group) => Number(group.key)));
  const absentDays = schoolDays.filter((date) => !inFile.has(weekdayOf(date))).length;
  return fraction(share.of, share.over + BigInt(absentDays * 2 * all.pupils));
}

/**
 * The school week to compare with: the nearest of the four before that is long enough to judge by. A half-term or the
 * Easter break lies between at most.
 */
export function weekBefore(
  calendar: SchoolCalendar,
  week: string,
  minimumDays: number,
): { readonly week: string; readonly weeksAgo: number } | undefined {
  const monday = mondayOf(week);
  return [1, 2, 3, 4]
    .map((weeksAgo) => ({ week: weekOf(addDays(monday, -7 * weeksAgo)), weeksAgo }))
    .find((one) => isNudgeWeek(schoolWeek(calendar, mondayOf(one.week)), minimumDays));
}
