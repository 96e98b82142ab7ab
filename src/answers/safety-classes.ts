/**
 * What a word means to the safety recogniser, whatever the language: `slapped`, `bije` and `打` are all HIT. The classes
 * stand in `safety-classes.json`, written by hand (`*` any ending, `_` joins a phrase). Knows no message and no weight.
 */
import { stemmer } from 'stemmer';
import { once } from '../kernel/once.ts';
import classes from './safety-classes.json' with { type: 'json' };
import { foldMessage } from './safety-text.ts';
import { isEnglish } from './spelling.ts';

const LONGEST_PHRASE = 4;
const STEMMED = new Map<string, string>();

/** The classes by their words, made at the first message, not while the service starts. */
const tables = once(() => {
  const exact = new Map<string, string>();
  const stems = new Map<string, string>();
  /** By their first two letters, longest first. */
  const prefixes = new Map<string, (readonly [prefix: string, name: string])[]>();
  for (const [name, words] of Object.entries(classes)) {
    for (const word of words.split(' ')) {
      const open = word.endsWith('*');
      const folded = splitHan(foldMessage(word.replace('*', '').replaceAll('_', ' ')));
      if (folded.length === 0) continue;
      if (open) {
        const list = prefixes.get(folded.slice(0, 2)) ?? [];
        list.push([folded, name]);
        prefixes.set(folded.slice(0, 2), list);
      } else {
        if (!exact.has(folded)) exact.set(folded, name);
        const stem = folded.split(' ').map(stemOf).join(' ');
        if (!stems.has(stem)) stems.set(stem, name);
      }
    }
  }
  return { exact, stems, prefixes };
});

/** The stem of one folded word. Those of English words are remembered: the same ones come again and again. */
export function stemOf(word: string): string {
  const known = STEMMED.get(word);
  if (known !== undefined) return known;
  if (!/^[a-z]{3,}$/.test(word)) return word;
  const stem = stemmer(word);
  if (isEnglish(word)) STEMMED.set(word, stem);
  return stem;
}

/** Chinese characters one by one, since nothing parts their words. */
export function splitHan(text: string): string {
  return text
    .replace(/\p{Script=Han}/gu, ' $& ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The class of one folded word, or undefined. An open ending holds only for words that are not English. */
export function classOfWord(word: string): string | undefined {
  const { exact, stems, prefixes } = tables();
  const name = exact.get(word) ?? stems.get(stemOf(word));
  if (name !== undefined || isEnglish(word)) return name;
  return prefixes.get(word.slice(0, 2))?.find(([prefix]) => word.startsWith(prefix))?.[1];
}

/** The class of the longest phrase that begins at `at`, with its length in words; undefined if only single words match. */
export function classOfPhrase(
  words: readonly string[],
  at: number,
): { readonly name: string; readonly length: number } | undefined {
  const { exact, stems } = tables();
  for (let length = Math.min(LONGEST_PHRASE, words.length - at); length > 1; length -= 1) {
    const phrase = words.slice(at, at + length);
    const name = exact.get(phrase.join(' ')) ?? stems.get(phrase.map(stemOf).join(' '));
    if (name !== undefined) return { name, length };
  }
  return undefined;
}
