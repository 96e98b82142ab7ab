/**
 * For whom a rule falls on a date, where schools' calendars differ: each school by its own, and those who work across the trust by
 * all of them together. One slot a date serves everybody whose day it is, so nobody's run is doubled. Pure.
 */
import { calendarOf, type Trust } from '../config/trust.ts';
import { addDays, dateOf } from '../kernel/time.ts';
import { type DayBook, dayBook, mergeBooks } from './calendar.ts';
import { fallsOn, type Rule } from './rules.ts';
import { type Slot, slotsOnDates } from './slots.ts';

/** `schools` by URN: whether it is that school's day. `trust`: whether it is the day of those who belong to no school, or to several. */
export type DayOf = { readonly trust: boolean; readonly schools: ReadonlyMap<string, boolean> };

/** In the trust's zone: the days of all schools together, and of each by its URN. */
export type Books = {
  readonly zone: string;
  readonly trust: DayBook;
  readonly schools: ReadonlyMap<string, DayBook>;
};

/** `bySchool`: each school's own days count; otherwise those of all together. */
export type Timing = { readonly id: string; readonly rule: Rule; readonly bySchool?: true };

/** Schools whose days are the same share one book. */
export function booksOf(trust: Trust): Books {
  const known = new Map<string, DayBook>();
  const schools = new Map(
    trust.schools.map((school) => {
      const calendar = calendarOf(trust, school);
      const name = JSON.stringify(calendar);
      const book = known.get(name) ?? dayBook(calendar);
      known.set(name, book);
      return [school.urn, book] as const;
    }),
  );
  return { zone: trust.trust.zone, trust: mergeBooks([...known.values()]), schools };
}

/** Whether it is the day of somebody who belongs to this school; `undefined`, or one that the trust's file does not name: to the trust. */
export function isDayOf(dayOf: DayOf | undefined, urn: string | undefined): boolean {
  if (!dayOf) return true;
  return (urn === undefined ? undefined : dayOf.schools.get(urn)) ?? dayOf.trust;
}

export function dayOn(rule: Rule, date: string, books: Books): DayOf {
  const falls = new Map<DayBook, boolean>();
  for (const book of [books.trust, ...books.schools.values()])
    if (!falls.has(book)) falls.set(book, fallsOn(rule, date, book));
  return {
    trust: falls.get(books.trust) === true,
    schools: new Map([...books.schools].map(([urn, book]) => [urn, falls.get(book) === true])),
  };
}

/** The slots on the local dates `from` to `to` on which a rule falls for anybody, in order. */
export function slotsForAll({ id, rule, bySchool }: Timing, from: string, to: string, books: Books): Slot[] {
  const { zone, trust, schools } = books;
  if (!bySchool) return slotsOnDates(id, rule, from, to, zone, trust);
  const distinct = new Set([trust, ...schools.values()]);
  const slots = [...distinct].flatMap((book) => slotsOnDates(id, rule, from, to, zone, book));
  const byDate = new Map(slots.map((slot) => [slot.key, slot]));
  return [...byDate.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** Those that are due from the start of the local day of `since` up to and including `now`. */
export function slotsUntil(timing: Timing, since: Date, now: Date, books: Books): Slot[] {
  const date = (instant: Date) => dateOf(instant, books.zone);
  return slotsForAll(timing, date(since), date(now), books).filter(({ at }) => at <= now);
}

/** Up to `count` slots after `now`, looking at most a year ahead. */
export function slotsAfter(timing: Timing, now: Date, count: number, books: Books): Slot[] {
  const today = dateOf(now, books.zone);
  return slotsForAll(timing, today, addDays(today, 366), books)
    .filter(({ at }) => at > now)
    .slice(0, count);
}

/** For whom a slot of a rule by schools still is as of `now`; undefined: for nobody. */
export function dayAt(timing: Timing, slot: Slot, now: Date, books: Books): DayOf | undefined {
  const later = slotsUntil(timing, slot.at, now, books).filter(({ key }) => key > slot.key);
  return dayLeft(
    timing.rule,
    slot.key,
    later.map(({ key }) => key),
    books,
  );
}

/**
 * For whom a slot still is, when `later` ones are due as well: whoever has a later day gets that one alone. Undefined: for nobody. What
 * the rule no longer falls on (the file was changed meanwhile) is for everybody.
 */
export function dayLeft(rule: Rule, date: string, later: readonly string[], books: Books): DayOf | undefined {
  const falls = dayOn(rule, date, books);
  const own = isAnybody(falls) ? falls : everybody(books);
  const taken = later.map((day) => dayOn(rule, day, books));
  const left: DayOf = {
    trust: own.trust && !taken.some(({ trust }) => trust),
    schools: new Map(
      [...own.schools].map(([urn, is]) => [urn, is && !taken.some(({ schools }) => schools.get(urn))]),
    ),
  };
  return isAnybody(left) ? left : undefined;
}

/** Those who belong to no school, or to several, where schools are named by their URN. */
export const TRUST = 'trust';

function namesOf({ trust, schools }: DayOf): ReadonlyMap<string, boolean> {
  return new Map([[TRUST, trust], ...schools]);
}

/** For whom a date is not the day, by name; nobody where it is nobody's, since then it serves all. */
export function leftOutOn(rule: Rule, date: string, books: Books): string[] {
  const falls = dayOn(rule, date, books);
  return isAnybody(falls) ? [...namesOf(falls)].flatMap(([name, is]) => (is ? [] : name)) : [];
}

/** A date whose run was carried out, and whom it left out. One that was not carried out says so itself. */
export type Past = { readonly date: string; readonly leftOut: readonly string[] };

/**
 * Whose day passed without them because a calendar was changed after it: by the books of now one of these dates was theirs, and its run
 * left them out. Not where one served them on a date that is theirs no more.
 */
export function lostDays(
  rule: Rule,
  past: readonly Past[],
  books: Books,
): { readonly date: string; readonly name: string }[] {
  const lost = new Map<string, string[]>();
  const instead = new Map<string, number>();
  for (const { date, leftOut } of past) {
    for (const [name, falls] of namesOf(dayOn(rule, date, books))) {
      const served = !leftOut.includes(name);
      if (falls && !served) lost.set(name, [...(lost.get(name) ?? []), date]);
      if (!falls && served) instead.set(name, (instead.get(name) ?? 0) + 1);
    }
  }
  return [...lost].flatMap(([name, dates]) =>
    dates.slice(instead.get(name) ?? 0).map((date) => ({ date, name })),
  );
}

function isAnybody({ trust, schools }: DayOf): boolean {
  return trust || [...schools.values()].some(Boolean);
}

function everybody({ schools }: Books): DayOf {
  return { trust: true, schools: new Map([...schools.keys()].map((urn) => [urn, true])) };
}
