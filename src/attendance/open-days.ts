/** On how many days of a week a school was open, from its counts: by its rows of days, else by its calendar. Pure. */
import { groupsOf } from './figures.ts';
import type { GroupWeek } from './fold.ts';
import { totalsOfGroup } from './imports.ts';

/** The days on which somebody could attend. */
export function openDays(groups: readonly GroupWeek[]): GroupWeek[] {
  return groupsOf(groups, 'day').filter((day) => totalsOfGroup(day).possible > 0);
}

/**
 * Totals may come without rows of days. Then it is as many as the calendar has, or more where the pupils' sessions need more:
 * too few would let fewer pupils pass for ten.
 */
export function openDaysOf(groups: readonly GroupWeek[], calendarDays: number): number {
  if (groups.some((group) => group.type === 'day')) return openDays(groups).length;
  const all = groups.find((group) => group.type === 'all');
  if (!all || all.pupils === 0) return calendarDays;
  return Math.min(5, Math.max(calendarDays, Math.ceil(totalsOfGroup(all).possible / (2 * all.pupils))));
}
