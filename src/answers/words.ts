/** Turns text into terms: folded, split, stemmed. Hyphenated words give their parts and the whole. Knows no document. */
import { stemmer } from 'stemmer';
import { fold } from '../kernel/text.ts';
import { BASE_FORM } from './irregular.ts';

/** A word as typed (folded) and as compared (stem; numbers without commas). */
export type Term = { readonly word: string; readonly stem: string };

const WORD = /\d+(?:[.,]\d+)*%?|[\p{L}][\p{L}\p{N}]*(?:'\p{L}+)?|\p{N}+\p{L}+/gu;
/** Written numbers are compared as figures; `one` is left alone, it is mostly a pronoun. */
const COUNTED =
  'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
const stems = new Map<string, string>();
const MAX_CACHED = 50_000;

/** The stem of a folded word. Porter, with numbers kept and words of three letters or fewer left alone. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const number = COUNTED.indexOf(word);
  const bare = number >= 0 ? String(number + 2) : word.replace(/'(?:s|ve|re|ll|d|m|t)?$/, '');
  const base = BASE_FORM.get(bare) ?? bare;
  const stem = /^\d/.test(base) ? base.replaceAll(',', '') : base.length <= 3 ? base : stemmer(base);
  if (stems.size < MAX_CACHED) stems.set(word, stem);
  return stem;
}

export function termsOf(text: string): Term[] {
  return (
    fold(text.replace(/\bIT\b/g, 'ICT').replace(/\b([A-Z]{2,6})s\b/g, '$1'))
      .replace(/(\p{L})-(?=\p{L})/gu, '$1 ')
      .match(WORD) ?? []
  ).map((word) => ({ word, stem: stemOf(word) }));
}

/** Stems of a text for the index: each word, and each hyphenated word whole (`well-being` also as `wellbeing`). */
export function stemsOf(text: string): string[] {
  // `IT` is a department, `it` is not: the capitals are the only difference.
  const joined = fold(text).match(/\p{L}+-\p{L}+(?:-\p{L}+)*/gu) ?? [];
  return [
    ...termsOf(text).map((term) => term.stem),
    ...joined.map((word) => stemOf(word.replaceAll('-', ''))),
  ];
}
