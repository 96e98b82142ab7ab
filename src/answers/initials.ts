/**
 * What initials stand for, from the documents alone: a phrase with the initials in brackets behind it, or a run of
 * capitalised words whose first letters they are. Never from outside knowledge.
 */
import { fold } from '../kernel/text.ts';
import type { Passage } from './corpus.ts';

const BRACKETED = /((?:[\p{L}’'-]+ ){1,8})\(([A-Z][A-Za-z]{1,6})\)/gu;
const CAPITALISED = /\p{Lu}[\p{L}’'-]*(?:\s+(?:(?:of|the|and|for|in|&)\s+)*\p{Lu}[\p{L}’'-]*)+/gu;

/** Folded initials to phrases, those in brackets first. */
export function findInitials(passages: readonly Passage[]): Map<string, string[]> {
  const used = new Set<string>();
  for (const { text } of passages)
    for (const [word] of text.matchAll(/\b[A-Z]{2,7}s?\b/g)) used.add(word.replace(/s$/, ''));
  const stated = new Map<string, string[]>();
  const matched = new Map<string, string[]>();
  for (const { text } of passages) {
    // Looked for from every word on, and most passages have no bracket.
    for (const [, before = '', initials = ''] of text.includes('(') ? text.matchAll(BRACKETED) : []) {
      const phrase = phraseBefore(before.trim(), initials);
      if (phrase) add(stated, initials, phrase);
    }
    for (const [run] of text.matchAll(CAPITALISED)) matchRun(run, used, matched);
  }
  for (const [initials, phrases] of matched) for (const phrase of phrases) add(stated, initials, phrase);
  return stated;
}

function add(map: Map<string, string[]>, initials: string, phrase: string): void {
  const key = fold(initials);
  const list = map.get(key) ?? [];
  if (!list.some((known) => fold(known) === fold(phrase))) map.set(key, [...list, phrase]);
}

/** The words before the bracket: as many as there are letters when they fit, else the capitalised words that end there. */
function phraseBefore(before: string, initials: string): string | undefined {
  const words = before.split(/\s+/);
  for (let from = 0; from < words.length; from += 1) {
    const tail = words.slice(from);
    if (firstLetters(tail) === initials.toLowerCase()) return tail.join(' ');
  }
  const capitalised = /(?:\p{Lu}[\p{L}’'-]*\s+(?:(?:of|the|and|for)\s+)?)*\p{Lu}[\p{L}’'-]*$/u.exec(
    before,
  )?.[0];
  return capitalised && capitalised.split(/\s+/).length >= 2 ? capitalised : undefined;
}

function firstLetters(words: readonly string[]): string {
  return words
    .filter((word) => !/^(?:of|the|and|for|in|&)$/.test(word))
    .map((word) => word[0]?.toLowerCase() ?? '')
    .join('');
}

function matchRun(run: string, used: ReadonlySet<string>, matched: Map<string, string[]>): void {
  const words = run.split(/\s+/);
  for (let from = 0; from < words.length; from += 1) {
    for (let to = from + 2; to <= Math.min(words.length, from + 9); to += 1) {
      const part = words.slice(from, to);
      if (!/^\p{Lu}/u.test(part[0] ?? '') || !/^\p{Lu}/u.test(part.at(-1) ?? '')) continue;
      const initials = firstLetters(part).toUpperCase();
      if (
        used.has(initials) &&
        initials.length >= 3 &&
        !part.some((word) => word.toUpperCase() === word && word.length > 1)
      ) {
        add(matched, initials, part.join(' '));
      }
    }
  }
}
