/**
 * How close two English words are, whatever the documents say: of one family (register, registration), the same (WordNet,
 * where usage agrees) or near (found in the same company). The tables are made by samples/make-families.mjs and
 * samples/make-closeness.mjs and can be read and corrected line by line. Knows no school.
 */
import table from './closeness.json' with { type: 'json' };
import words from './families.json' with { type: 'json' };

/** A stem that may stand for another, and how much a match by it is worth. */
export type Neighbour = { readonly stem: string; readonly value: number };

export const FAMILY = 0.85;
export const SAME = 0.65;
const NEAR_BY = 0.4;

const ROWS: Readonly<Record<string, string>> = table;
const FAMILIES: Readonly<Record<string, string>> = words.families;
const SELDOM_NOUNS: ReadonlySet<string> = new Set(words.seldomNouns);

/** Neighbours of a stem that these documents use, the closest first. */
export function neighboursOf(stem: string, isUsed: (stem: string) => boolean): Neighbour[] {
  const family = Object.hasOwn(FAMILIES, stem) ? FAMILIES[stem] : '';
  const row = Object.hasOwn(ROWS, stem) ? ROWS[stem] : '';
  const [same = '', near = ''] = (row ?? '').split('|');
  const read = (list: string, value: number) =>
    list
      .split(' ')
      .filter((other) => other !== '' && isUsed(other))
      .map((other) => ({ stem: other, value }));
  return [...read(family ?? '', FAMILY), ...read(same, SAME), ...read(near, NEAR_BY)];
}

/** Mostly a verb, an adjective or an adverb: such a word says what happens to a topic and is seldom the topic itself. */
export function isSeldomNoun(stem: string): boolean {
  return SELDOM_NOUNS.has(stem);
}
