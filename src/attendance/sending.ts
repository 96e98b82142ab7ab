/**
 * When a school's nudge may leave: on the first day of its own week on which its staff are at work, once, with the marks
 * in; held and tried again until Tuesday noon, then sent as part of a week or dropped. Pure; sees no figure.
 */
import { addDays, daysBetween, mondayOf, weekOf } from '../kernel/time.ts';
import { dayBook, type SchoolCalendar } from '../scheduling/calendar.ts';
import type { NudgeDecision } from './nudge.ts';

/** `first`: Monday's run. `again`: while marks are waited for. `last`: Tuesday noon. */
export type Attempt = 'first' | 'again' | 'last';

/** What became of a school's week. `held` and `waiting` are looked at again; the others are settled. */
export type NudgeWeekState =
  | 'held'
  | 'waiting'
  | 'sent'
  | 'partial'
  | 'dropped'
  | 'quiet'
  | 'preview'
  | 'none';

export type SendingDecision =
  | { readonly kind: 'send' }
  /** Sent with part of the week's marks, since no more came: `complete` in percent. */
  | { readonly kind: 'send-partial'; readonly complete: string }
  | { readonly kind: 'hold'; readonly state: 'held' | 'waiting'; readonly note: string }
  /** Given up after the last attempt; the head is told. */
  | { readonly kind: 'drop'; readonly note: string }
  | { readonly kind: 'none'; readonly note: string };

export function decideSending(input: {
  readonly calendar: SchoolCalendar;
  /** The local date of this attempt. */
  readonly today: string;
  readonly attempt: Attempt;
  /** What an earlier attempt left; undefined before any. */
  readonly earlier: NudgeWeekState | undefined;
  /** What the week's own figures allow. */
  readonly week: NudgeDecision;
  /** Share of marks that are in, in percent with one decimal. */
  readonly complete: string | null;
  /** From here on a week may be sent in part; a whole number of percent. */
  readonly partialPercent: number;
}): SendingDecision | 'settled' {
  const { today, attempt, earlier, week, complete } = input;
  if (isSettled(earlier)) return 'settled';
  const first = firstWorkDay(input.calendar, weekOf(today));
  if (first === undefined) return { kind: 'none', note: 'the school is on holiday this week' };
  if (today < first) return { kind: 'hold', state: 'waiting', note: `the school’s week begins on ${first}` };
  // A later run is for what an earlier one held, and for a school that had no Monday.
  if (attempt !== 'first' && earlier === undefined && first === mondayOf(weekOf(today))) return 'settled';
  if (week.kind === 'send') return { kind: 'send' };
  if (week.reason !== 'incomplete' && week.reason !== 'no-marks') return { kind: 'none', note: week.note };
  if (attempt !== 'last') return { kind: 'hold', state: 'held', note: week.note };
  if (complete !== null && Number(complete) >= input.partialPercent)
    return { kind: 'send-partial', complete };
  return { kind: 'drop', note: week.note };
}

/** Nothing more comes of the week, whatever its figures are: they need not be read. */
export function isSettled(earlier: NudgeWeekState | undefined): boolean {
  return earlier !== undefined && earlier !== 'held' && earlier !== 'waiting';
}

/** The first date of an ISO week on which the school's staff are at work; undefined in a holiday. */
export function firstWorkDay(calendar: SchoolCalendar, week: string): string | undefined {
  const book = dayBook(calendar);
  const monday = mondayOf(week);
  return [0, 1, 2, 3, 4]
    .map((offset) => addDays(monday, offset))
    .find((date) => book.isTermTime(date) && !isClosed(calendar, date));
}

function isClosed(calendar: SchoolCalendar, date: string): boolean {
  return calendar.closures.some((closure) => closure.date === date);
}

export type Preference = { readonly everyWeeks: 1 | 2; readonly pausedUntil: string | null };

/** Alternate weeks are counted from here, a Monday, as the rules of schedules do. */
const ALTERNATE_ORIGIN = '2024-01-01';

/** Whether someone who asked for fewer cards gets one in the week of `today`. */
export function wantsNudge(preference: Preference | undefined, today: string): boolean {
  if (!preference) return true;
  if (preference.pausedUntil !== null && today < preference.pausedUntil) return false;
  return preference.everyWeeks === 1 || Math.floor(daysBetween(ALTERNATE_ORIGIN, today) / 7) % 2 === 0;
}
