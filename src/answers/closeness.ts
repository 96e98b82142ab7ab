/**
 * How close two English words are, whatever the documents say: the same (WordNet, where usage agrees) or near (found in the
 * same company). The table is made by samples/make-closeness.mjs and can be read and corrected line by line. Knows no school.
 */
import table from './closeness.json' with { type: 'json' };

/** A stem that may stand for another, and how much a match by it is worth. */
export type Neighbour = { readonly stem: string; readonly value: number };

export const SAME = 0.65;
export const NEAR_BY = 0.4;

const ROWS: Readonly<Record<string, string>> = table;

/** Neighbours of a stem that these documents use, the closest first. */
export function neighboursOf(stem: string, isUsed: (stem: string) => boolean): Neighbour[] {
  const row = Object.hasOwn(ROWS, stem) ? ROWS[stem] : undefined;
  if (!row) return [];
  const [same = '', near = ''] = row.split('|');
  const read = (list: string, value: number) =>
    list
      .split(' ')
      .filter((other) => other !== '' && isUsed(other))
      .map((other) => ({ stem: other, value }));
  return [...read(same, SAME), ...read(near, NEAR_BY)];
}
