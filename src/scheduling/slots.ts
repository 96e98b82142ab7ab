/**
 * When a rule is due: its dates, at its wall-clock time in the trust's zone. A slot is named by its local date, so neither a
 * clock change nor a changed time makes a second one. A time that the clock jumps over in spring is due when the jump
 * is over; one that comes twice in autumn is due the first time. Pure.
 */
import { addDays, dateOf, localInstant } from '../kernel/time.ts';
import type { DayBook } from './calendar.ts';
import { fallsOn, type Rule } from './rules.ts';

/** `key` is the local date, `at` the instant. */
export type Slot = { readonly rule: string; readonly key: string; readonly at: Date };

/** The slots of a rule on the local dates `from` to `to`, both included, in order. */
export function slotsOnDates(
  id: string,
  rule: Rule,
  from: string,
  to: string,
  zone: string,
  book: DayBook,
): Slot[] {
  const slots: Slot[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    if (fallsOn(rule, date, book))
      slots.push({ rule: id, key: date, at: localInstant(date, rule.time, zone) });
  }
  return slots;
}

/** Those that are due from the start of the local day of `since` up to and including `now`. */
export function slotsUntil(
  id: string,
  rule: Rule,
  since: Date,
  now: Date,
  zone: string,
  book: DayBook,
): Slot[] {
  return slotsOnDates(id, rule, dateOf(since, zone), dateOf(now, zone), zone, book).filter(
    (slot) => slot.at <= now,
  );
}
