/**
 * What somebody asks of digests in words: one as it stood on a past day, or what has changed since a day that schools have a
 * name for. Reads the words and the calendar; undefined for any other question, which then goes to the documents. Pure.
 */
import type { Trust } from '../config/trust.ts';
import { type Day, dayNamed } from '../kernel/named-days.ts';
import { fold } from '../kernel/text.ts';
import { addDays } from '../kernel/time.ts';

/** Dates are local ISO dates. `since`: the end of that day; `name`: as it is said, `half-term`; `why`: why it comes, and how often. */
export type DigestRequest =
  | { readonly kind: 'now' | 'why' }
  | { readonly kind: 'past'; readonly date: string }
  | { readonly kind: 'since'; readonly since: string; readonly name: string }
  /** Words that name no day, or a day that has not been. */
  | { readonly kind: 'no-day' };

export type Terms = Trust['calendars'][string]['terms'];

const TODAY = `(?: (?:please|now|right now|today|at the moment|this (?:week|morning|term)))?`;
const NOW = new RegExp(
  `^(?:(?:please )?(?:(?:show|give|send) me )?(?:my |the |this week's |today's )?digest|(?:(?:show|tell) me )?how(?: is| are|'s|'re) (?:the trust|(?:my|our) schools?|we|things|it all|everything) (?:doing|going|getting on)|(?:show|tell) me how (?:the trust|(?:my|our) school|it all|everything) is (?:doing|going))${TODAY}$`,
);
const WHY =
  /^(?:why (?:am i|do i|did i) (?:see|seeing|get|getting)(?: (?:this|these|it|(?:this |the |my )?digests?|this card))?|(?:(?:the |my )?digests? )?less often|fewer(?: of)?(?: these| digests)?|(?:(?:the |my )?digests? )?(?:weekly|every week)(?: again)?)$/;
const PAST = [
  /^(?:show (?:me )?)?(?:my |the )?digest (?:as (?:of|at|it stood on)|on|of|for|from) (.+)$/,
  /^how (?:was|were) (?:the trust|we) doing (?:on|at) (.+)$/,
];
const SINCE = [
  /^what(?:'s|s| is| has)? (?:changed|moved|new|different) since (.+)$/,
  /^(?:please )?compare (?:this |it |us )?(?:with|to) (.+)$/,
];

/** `today`: a local date; `terms`: of the reader's calendar, oldest first; `names`: of the trust, or of the reader's own school. */
export function requestIn(
  text: string,
  {
    today,
    terms,
    names,
  }: { readonly today: string; readonly terms: Terms; readonly names: readonly string[] },
): DigestRequest | undefined {
  const typed = fold(text)
    .replaceAll('’', "'")
    .replace(/[?.!\s]+$/, '');
  const words = names.reduce((left, name) => left.replace(fold(name), 'the trust'), typed);
  if (NOW.test(words)) return { kind: 'now' };
  if (WHY.test(words)) return { kind: 'why' };
  const past = PAST.map((pattern) => pattern.exec(words)?.[1]).find(Boolean);
  if (past) {
    const date = dayFor(past, today, terms)?.date;
    if (date === today) return { kind: 'now' };
    return date && date < today ? { kind: 'past', date } : { kind: 'no-day' };
  }
  const since = SINCE.map((pattern) => pattern.exec(words)?.[1]).find(Boolean);
  if (!since) return undefined;
  const found = dayFor(since, today, terms);
  // "Compare with Ofsted" is no question of ours; only a day that has not been is refused.
  if (!found) return undefined;
  return found.date < today ? { kind: 'since', since: found.date, name: found.name } : { kind: 'no-day' };
}

/** A day by its date or by what schools call it; undefined for words that are none. */
export function dayFor(words: string, today: string, terms: Terms): Day | undefined {
  return schoolDay(words, today, terms) ?? dayNamed(words, today);
}

/** The end of the term before the one that today is in, or that was last. */
export function lastTermEnd(terms: Terms, today: string): string | undefined {
  const current = terms.findLast(({ from }) => from <= today);
  return terms.findLast(({ to }) => current !== undefined && to < current.from)?.to;
}

/** The term that each ends. */
const BEFORE_HOLIDAY: Readonly<Record<string, number>> = { christmas: 2, easter: 4, summer: 6 };

function schoolDay(words: string, today: string, terms: Terms): Day | undefined {
  const bare = words.replace(/^(?:the |our )/, '');
  const day = (date: string | undefined, name: string) => (date ? { date, name } : undefined);
  if (/^half[- ]?term(?: break| holiday)?$/.test(bare))
    // Terms go in pairs, with half-term between the two of a pair.
    return day(terms.findLast(({ term, to }) => term % 2 === 1 && to < today)?.to, 'half-term');
  const holiday = /^(christmas|easter|summer)(?: holidays?| break)?$/.exec(bare)?.[1];
  if (holiday) {
    const ends = terms.findLast(({ term, to }) => term === BEFORE_HOLIDAY[holiday] && to < today);
    return day(ends?.to, `${holiday.charAt(0).toUpperCase()}${holiday.slice(1)}`);
  }
  if (/^(?:end of )?last term$/.test(bare)) return day(lastTermEnd(terms, today), 'last term');
  if (/^(?:start|beginning) of (?:this )?term$/.test(bare)) {
    const from = terms.findLast((term) => term.from <= today)?.from;
    return day(from && addDays(from, -1), 'the start of term');
  }
  if (/^(?:start|beginning) of (?:the |this )?(?:school )?year$/.test(bare)) {
    const from = terms.findLast((term) => term.term === 1 && term.from <= today)?.from;
    return day(from && addDays(from, -1), 'the start of the year');
  }
  return bare === 'last week' ? { date: addDays(today, -7), name: 'last week' } : undefined;
}
