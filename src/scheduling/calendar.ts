/**
 * A school's year: its terms, INSET days, bank holidays and closures, and what kind of day a date is. Several schools merge
 * into the calendar of a rule that serves them all. Never infers a date from a term's number: elsewhere "Term 2" is January.
 */
import { addDays, daysBetween, weekdayOf } from '../kernel/time.ts';

export type Term = { readonly term: number; readonly from: string; readonly to: string };

export type SchoolCalendar = {
  readonly terms: readonly Term[];
  readonly inset: readonly string[];
  readonly bank_holidays: readonly string[];
  readonly closures: readonly { readonly date: string }[];
};

/** What the rules ask of a calendar. Dates are `2026-11-23`. */
export type DayBook = {
  readonly terms: readonly Term[];
  /** Pupils are in. */
  isSchoolDay(date: string): boolean;
  /** Between a term's first and last day, and neither a weekend nor a bank holiday. An INSET or snow day counts: staff work. */
  isTermTime(date: string): boolean;
  termOf(date: string): Term | undefined;
};

export function dayBook(calendar: SchoolCalendar): DayBook {
  const inset = new Set(calendar.inset);
  const holidays = new Set(calendar.bank_holidays);
  const closed = new Set(calendar.closures.map((closure) => closure.date));
  const termOf = (date: string) => calendar.terms.find((term) => term.from <= date && date <= term.to);
  const isTermTime = (date: string) =>
    weekdayOf(date) <= 5 && !holidays.has(date) && termOf(date) !== undefined;
  return {
    terms: calendar.terms,
    termOf,
    isTermTime,
    isSchoolDay: (date) => isTermTime(date) && !inset.has(date) && !closed.has(date),
  };
}

/**
 * One book for schools that differ by days: a day counts when it counts in any of them. A term runs from the earliest first day to
 * the latest last day, or until the next term begins in any school: where half-terms lie a week apart, a day is in one term.
 */
export function mergeBooks(books: readonly DayBook[]): DayBook {
  const terms = inOneRow(books.flatMap((book) => book.terms));
  return {
    terms,
    termOf: (date) => terms.find((term) => term.from <= date && date <= term.to),
    isSchoolDay: (date) => books.some((book) => book.isSchoolDay(date)),
    isTermTime: (date) => books.some((book) => book.isTermTime(date)),
  };
}

/** Terms are the same term when their numbers agree and they overlap. */
function inOneRow(all: readonly Term[]): Term[] {
  const terms: Term[] = [];
  for (const term of [...all].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const index = terms.findIndex((other) => other.term === term.term && term.from <= other.to);
    const same = terms[index];
    if (!same) terms.push(term);
    else if (term.to > same.to) terms[index] = { ...same, to: term.to };
  }
  return terms.map((term, index) => {
    const next = terms[index + 1];
    return next && next.from <= term.to ? { ...term, to: addDays(next.from, -1) } : term;
  });
}

/** Which week of its term a date is in, from 1; weeks begin on Monday, and the first is the one the term begins in. */
export function weekOfTerm(term: Term, date: string): number {
  const sinceMonday = daysBetween(term.from, date) + weekdayOf(term.from) - 1;
  return Math.floor(sinceMonday / 7) + 1;
}
