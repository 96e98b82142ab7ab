/**
 * Schedules in school words: `Mondays 07:30 in term`, `first school day after half-term 08:00`. Reads them, and decides
 * whether a date is one of theirs. Knows nothing of zones or instants (slots.ts), nor of what is run.
 */
import { type Refusal, refuse } from '../kernel/errors.ts';
import { fold } from '../kernel/text.ts';
import { addDays, daysBetween, weekdayOf } from '../kernel/time.ts';
import { type DayBook, type Term, weekOfTerm } from './calendar.ts';

type Span = 'term' | 'week' | 'month' | 'year' | 'half-term' | 'holidays';

type Days =
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'school-days' }
  /** First, third, fifth … such weekday of the term; out of term counted from Monday 1 January 2024. */
  | { readonly kind: 'alternate'; readonly weekday: number }
  /** The first or last school day of each span; of `half-term` and `holidays`: the first one after, the last one before. */
  | { readonly kind: 'edge'; readonly edge: 'first' | 'last'; readonly of: Span }
  /** The first school day of the first or last week of each term that has one. */
  | { readonly kind: 'edge-week'; readonly edge: 'first' | 'last' };

type Scope = 'always' | 'term' | 'first-week' | 'last-week';

/** `time` is the wall clock's: `07:30`. */
export type Rule = { readonly time: string; readonly days: Days; readonly scope: Scope };

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const EXAMPLES =
  '"Mondays 07:30 in term", "school days 08:00", "weekdays 16:00", "every second Friday 15:00 in term", ' +
  '"first school day of term 08:00", "first school day after half-term 08:00", "last school day before the holidays 12:00", "last school week of each term 08:00"';
const ALTERNATE_ORIGIN = '2024-01-01';

/** Refuses `bad-rule` with what was not understood and examples of what is. */
export function parseRule(text: string): Rule | Refusal {
  const times = [...fold(text).matchAll(/\b(\d{1,2}):(\d{2})\b/g)];
  const [found] = times;
  if (!found || times.length > 1) return bad(text, 'it needs one time such as 07:30');
  const time = found[0].padStart(5, '0');
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return bad(text, `${found[0]} is not a time of day`);
  const words = fold(text)
    .replace(found[0], ' ')
    .replace(/\b(at|on|the|each|every(?! (second|other|day)))\b/g, ' ')
    .replace(/[\s,]+/g, ' ')
    .trim();
  const [days, scope] = splitScope(words);
  const parsed = parseDays(days);
  if (!parsed) return bad(text, days ? `"${days}" is not a kind of day it knows` : 'it names no days');
  if (scope !== 'always' && parsed.kind !== 'weekdays' && parsed.kind !== 'alternate')
    return bad(text, 'its days are school days already, so "in term" adds nothing');
  if (parsed.kind === 'alternate' && scope !== 'always' && scope !== 'term')
    return bad(text, 'every second day of one week is not a schedule');
  return { time, days: parsed, scope };
}

function bad(text: string, why: string): Refusal {
  return refuse('bad-rule', `"${text}" is not a schedule: ${why}. Write it like ${EXAMPLES}.`);
}

function splitScope(words: string): readonly [string, Scope] {
  const week = / (?:in|of) (first|last) (?:school )?week of (?:a )?term$/.exec(words);
  if (week) return [words.slice(0, week.index), week[1] === 'first' ? 'first-week' : 'last-week'];
  const term = / in term(?: time|time)?$/.exec(words);
  return term ? [words.slice(0, term.index), 'term'] : [words, 'always'];
}

function parseDays(words: string): Days | undefined {
  if (/^school ?days?$/.test(words)) return { kind: 'school-days' };
  if (/^(week|working ?)days?$/.test(words)) return { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5] };
  if (/^(every day|daily)$/.test(words)) return { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5, 6, 7] };
  const second = /^every (?:second|other) (\w+?)s?$/.exec(words);
  if (second) {
    const weekday = weekdayNumber(second[1] ?? '');
    return weekday ? { kind: 'alternate', weekday } : undefined;
  }
  const edgeWeek = /^(first|last) school week of term$/.exec(words);
  if (edgeWeek) return { kind: 'edge-week', edge: edgeWeek[1] === 'first' ? 'first' : 'last' };
  const edge = /^(first|last) school day of (?:a )?(term|week|month|year|school year)$/.exec(words);
  if (edge) {
    const of = edge[2] === 'school year' ? 'year' : (edge[2] as Span);
    return { kind: 'edge', edge: edge[1] === 'first' ? 'first' : 'last', of };
  }
  const gap = /^(first school day after|last school day before) (half[- ]term|holidays?)$/.exec(words);
  if (gap) {
    const edge = gap[1]?.startsWith('first') ? 'first' : 'last';
    return { kind: 'edge', edge, of: gap[2]?.startsWith('half') ? 'half-term' : 'holidays' };
  }
  const weekdays = words.split(/ (?:and )?/).map((word) => weekdayNumber(word.replace(/s$/, '')));
  const known = weekdays.filter((weekday) => weekday !== undefined);
  return known.length > 0 && known.length === weekdays.length
    ? { kind: 'weekdays', weekdays: [...new Set(known)].sort() }
    : undefined;
}

function weekdayNumber(name: string): number | undefined {
  const index = WEEKDAYS.indexOf(name);
  return index < 0 ? undefined : index + 1;
}

/** Whether the rule falls on this date by the calendar. */
export function fallsOn(rule: Rule, date: string, book: DayBook): boolean {
  const { days } = rule;
  if (!isInScope(rule.scope, date, book)) return false;
  switch (days.kind) {
    case 'weekdays':
      return days.weekdays.includes(weekdayOf(date));
    case 'school-days':
      return book.isSchoolDay(date);
    case 'alternate':
      return weekdayOf(date) === days.weekday && isAlternate(rule.scope, date, book);
    case 'edge':
      return book.isSchoolDay(date) && isEdge(days.edge, date, edgeOf(days, date, book), book);
    case 'edge-week': {
      const week = edgeWeekOf(days.edge, date, book);
      return week !== undefined && book.isSchoolDay(date) && isEdge('first', date, week, book);
    }
  }
}

function isInScope(scope: Scope, date: string, book: DayBook): boolean {
  if (scope === 'always') return true;
  if (!book.isTermTime(date)) return false;
  if (scope === 'term') return true;
  const week = edgeWeekOf(scope === 'first-week' ? 'first' : 'last', date, book);
  return week !== undefined && week.from <= date && date <= week.to;
}

function isAlternate(scope: Scope, date: string, book: DayBook): boolean {
  const term = scope === 'term' ? book.termOf(date) : undefined;
  if (term) return weekOfTerm(term, date) % 2 === 1;
  return Math.floor(daysBetween(ALTERNATE_ORIGIN, date) / 7) % 2 === 0;
}

type Dates = { readonly from: string; readonly to: string };

/** The first or last of the school days between two dates. */
function isEdge(edge: 'first' | 'last', date: string, span: Dates | undefined, book: DayBook): boolean {
  if (!span) return false;
  const step = edge === 'first' ? -1 : 1;
  const inside = (day: string) => span.from <= day && day <= span.to;
  for (let day = addDays(date, step); inside(day); day = addDays(day, step))
    if (book.isSchoolDay(day)) return false;
  return inside(date);
}

function edgeOf(
  { edge, of }: { readonly edge: 'first' | 'last'; readonly of: Span },
  date: string,
  book: DayBook,
): Dates | undefined {
  const monday = addDays(date, 1 - weekdayOf(date));
  switch (of) {
    case 'week':
      return { from: monday, to: addDays(monday, 6) };
    case 'month': {
      const first = `${date.slice(0, 7)}-01`;
      return { from: first, to: addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1) };
    }
    case 'year': {
      // A school year begins on 1 September, and never mid-term in England.
      const year = Number(date.slice(0, 4)) - (date.slice(5) < '09-01' ? 1 : 0);
      return { from: `${year}-09-01`, to: `${year + 1}-08-31` };
    }
    case 'term':
      return book.termOf(date);
    case 'half-term':
    case 'holidays': {
      // Six terms a year: a half-term lies between an odd one and an even one, the longer holidays between an even and an odd.
      const term = book.termOf(date);
      const opens = edge === 'first' ? of === 'half-term' : of === 'holidays';
      return term && (term.term % 2 === 0) === opens ? term : undefined;
    }
  }
}

/** Monday to Sunday of the term's first or last week that has a school day, cut to the term. */
function edgeWeekOf(edge: 'first' | 'last', date: string, book: DayBook): Dates | undefined {
  const term = book.termOf(date);
  const day = term && edgeSchoolDay(edge, term, book);
  if (!day) return undefined;
  const monday = addDays(day, 1 - weekdayOf(day));
  return { from: monday, to: addDays(monday, 6) };
}

function edgeSchoolDay(edge: 'first' | 'last', term: Term, book: DayBook): string | undefined {
  const step = edge === 'first' ? 1 : -1;
  const start = edge === 'first' ? term.from : term.to;
  for (let day = start; term.from <= day && day <= term.to; day = addDays(day, step))
    if (book.isSchoolDay(day)) return day;
  return undefined;
}
