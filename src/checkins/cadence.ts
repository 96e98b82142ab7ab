/**
 * When rounds fall, in school time: a half-termly one in the last week but one of each of the six terms, a term-end one in that
 * week of the autumn, spring and summer terms' ends, others by school weeks, so that no holiday counts. Knows the terms and
 * nothing of milestones.
 */
import { addDays, weekdayOf } from '../kernel/time.ts';
import type { Term } from '../scheduling/calendar.ts';

export type Cadence = 'half-termly' | 'fortnightly' | 'term-end' | 'weekly';

/** For dates beyond the calendar that the trust has written down, and for cards: about so many weeks. */
export const NOMINAL_WEEKS: Readonly<Record<Cadence, number>> = {
  weekly: 1,
  fortnightly: 2,
  'half-termly': 7,
  'term-end': 14,
};

/** A round of a term's end is not asked so soon after another: there would be nothing new to say. Days. */
const APART = 14;

/** The round after `round` that lies after `today`. `terms`: the school's own, numbered one to six in a year. */
export function cadenceRound(cadence: Cadence, terms: readonly Term[], round: string, today: string): string {
  const inOrder = [...terms].sort((one, other) => one.from.localeCompare(other.from));
  const found =
    cadence === 'weekly' || cadence === 'fortnightly'
      ? everyWeek(inOrder, round, NOMINAL_WEEKS[cadence]).find((date) => date > today)
      : inOrder
          .filter(({ term }) => cadence === 'half-termly' || term % 2 === 0)
          .map(lastWeekButOne)
          .find((date) => date > today && date >= addDays(round, APART));
  return found ?? byWeeks(round, NOMINAL_WEEKS[cadence], today);
}

/** Every so many calendar weeks from `round` on, the first one after `today`. */
export function byWeeks(round: string, weeks: number, today: string): string {
  let next = addDays(round, weeks * 7);
  while (next <= today) next = addDays(next, weeks * 7);
  return next;
}

/** The first days of every `step`th school week after the one that `round` is in. */
function everyWeek(terms: readonly Term[], round: string, step: number): string[] {
  const weeks = terms.flatMap(weeksOf);
  const own = weeks.filter((date) => mondayOf(date) <= round).length - 1;
  return weeks.filter((_, index) => index > own && (index - own) % step === 0);
}

function weeksOf({ from, to }: Term): string[] {
  const weeks: string[] = [];
  for (let monday = mondayOf(from); monday <= to; monday = addDays(monday, 7))
    weeks.push(monday < from ? from : monday);
  return weeks;
}

function lastWeekButOne({ from, to }: Term): string {
  const monday = addDays(mondayOf(to), -7);
  return monday < from ? from : monday;
}

function mondayOf(date: string): string {
  return addDays(date, 1 - weekdayOf(date));
}
