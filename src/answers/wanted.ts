/**
 * What a question's concepts want of a text, turned round: from a stem to the concepts that it meets. A text is then asked
 * once for all of them, and what it does not hold costs nothing. Knows no index and no ranking.
 */
import type { Concept } from './concepts.ts';
import type { Text } from './match.ts';

type Want = { readonly place: number; readonly value: number };

export type Wanted = {
  readonly size: number;
  readonly single: ReadonlyMap<string, readonly Want[]>;
  /** Wordings of several words, which must stand side by side. */
  readonly phrases: readonly (Want & { readonly stems: readonly string[]; readonly padded: string })[];
};

export function wantedBy(concepts: readonly Concept[]): Wanted {
  const single = new Map<string, Want[]>();
  const phrases: Wanted['phrases'][number][] = [];
  concepts.forEach((concept, place) => {
    for (const { stems, value } of concept.forms) {
      const [first] = stems;
      if (stems.length !== 1 || first === undefined)
        phrases.push({ place, value, stems, padded: ` ${stems.join(' ')} ` });
      else if (single.has(first)) single.get(first)?.push({ place, value });
      else single.set(first, [{ place, value }]);
    }
  });
  return { size: concepts.length, single, phrases };
}

/** How well each concept is met in a text: the value of the best wording that stands there, 0 where none does. */
export function bestIn({ size, single, phrases }: Wanted, text: Text): readonly number[] {
  const best: number[] = new Array(size).fill(0);
  const take = ({ place, value }: Want) => {
    if (value > (best[place] ?? 0)) best[place] = value;
  };
  if (text.stems.size < single.size) {
    for (const stem of text.stems) for (const want of single.get(stem) ?? NONE) take(want);
  } else {
    for (const [stem, wants] of single) if (text.stems.has(stem)) for (const want of wants) take(want);
  }
  for (const phrase of phrases) {
    if (phrase.value <= (best[phrase.place] ?? 0)) continue;
    if (phrase.stems.every((stem) => text.stems.has(stem)) && text.padded.includes(phrase.padded))
      take(phrase);
  }
  return best;
}

const NONE: readonly Want[] = [];
