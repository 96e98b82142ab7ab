/**
 * How documents stand on a date: what is in force is preferred, what has run out or is outside reading stands back. A question
 * may ask for another time ("last year's priorities", "2025–26"); then the documents whose dates cover it come first, and where
 * none does that is known. School years run from September to August. Knows no question beyond its words of time.
 */
import type { DocumentFacts } from './corpus.ts';
import type { Index } from './retrieval.ts';

/** Local dates, ISO, both included. */
export type Period = { readonly from: string; readonly to: string };

const KINDS: Readonly<Record<DocumentFacts['kind'], number>> = {
  policy: 0.04,
  note: 0.02,
  essay: 0,
  outside: -0.1,
};
/** What has run out is shown only where nothing in force says as much. */
const NOT_IN_FORCE = -0.35;
const ASKED_FOR = 0.2;
/** A question that names a time is not answered from another. */
const NOT_OF_THEN = -0.8;

/** The index as it stands on a local date (ISO), for a question that asks for `period` where one is given. */
export function withStanding(index: Index, today: string, period?: Period): Index {
  const standing = new Map<string, number>();
  for (const doc of index.docs.values()) standing.set(doc.id, KINDS[doc.kind] + forceOf(doc, today, period));
  if (!period) return { ...index, standing };
  const dated = [...index.docs.values()].filter((doc) => doc.from && doc.to);
  const uncovered = dated.length > 0 && !dated.some((doc) => overlaps(doc, period));
  return { ...index, standing, asked: { period, uncovered } };
}

function forceOf(doc: DocumentFacts, today: string, period: Period | undefined): number {
  const now = overlaps(doc, { from: today, to: today });
  if (!period) return now ? 0 : NOT_IN_FORCE;
  if (!overlaps(doc, period)) return NOT_OF_THEN;
  return now ? 0 : ASKED_FOR;
}

function overlaps(doc: DocumentFacts, { from, to }: Period): boolean {
  return (!doc.to || doc.to >= from) && (!doc.from || doc.from <= to);
}

const LAST = /\b(?:last|previous) (?:school |academic )?year(?:['’]?s)?\b|\ba year ago\b/i;
const NEXT = /\bnext (?:school |academic )?year(?:['’]?s)?\b/i;
const NAMED_YEAR = /\b(20\d\d) ?[-–/] ?(?:20)?(\d\d)\b/;
const BEFORE =
  /\b(?:previous|old|former|earlier|past) (?=(?:\w+ )?(?:strategy|plan|polic(?:y|ies)|priorit(?:y|ies)|handbook|document|version|aims?|goals?)\b)/i;

/** The time that a question asks for, when it is not now. `today`: local date, ISO. */
export function periodAsked(typed: string, today: string): Period | undefined {
  const year = Number(today.slice(0, 4)) - (today.slice(5) < '09-01' ? 1 : 0);
  const asked = startOf(typed, year);
  if (asked === year) return undefined;
  if (asked !== undefined) return schoolYear(asked);
  return BEFORE.test(typed) ? { from: '1900-01-01', to: schoolYear(year - 1).to } : undefined;
}

/** The calendar year in which the school year asked for begins. */
function startOf(typed: string, year: number): number | undefined {
  const [, from = '', to = ''] = NAMED_YEAR.exec(typed) ?? [];
  if (from && (Number(from) + 1) % 100 === Number(to)) return Number(from);
  if (LAST.test(typed)) return year - 1;
  return NEXT.test(typed) ? year + 1 : undefined;
}

function schoolYear(from: number): Period {
  return { from: `${from}-09-01`, to: `${from + 1}-08-31` };
}

/** The question without its words of time, which the documents' dates have answered. */
export function withoutPeriod(typed: string): string {
  const rest = [LAST, NEXT, NAMED_YEAR, BEFORE]
    .reduce((text, words) => text.replace(words, ' '), typed)
    .replace(/\b(?:in|for|from|of|during)\s+(?=[?.!]|$)/i, '')
    .replace(/\s+(?=[?.!])/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return /\p{L}{3}/u.test(rest) ? rest : typed;
}

/** `2025–26`, as people write a school year; anything longer is the time before its last year. */
export function nameOfPeriod({ from, to }: Period): string {
  const first = Number(from.slice(0, 4));
  const last = Number(to.slice(0, 4));
  return last - first === 1 ? `${first}–${String(last).slice(2)}` : `the time before ${last}`;
}
