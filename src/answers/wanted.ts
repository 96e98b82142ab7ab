/**
 * What a question's concepts want of a text, turned round: from a stem to the wordings that begin with it. A text is then
 * asked once for all of them, and what nobody wants costs nothing. Knows no index and no ranking.
 */
import type { Concept } from './concepts.ts';
import { NUMBERS, type Text } from './match.ts';

/** `phrase`: words that must stand side by side, padded. `apart`: words that must stand anywhere. */
type Want = {
  readonly place: number;
  readonly value: number;
  readonly phrase?: string;
  readonly apart?: readonly string[];
};

export type Wanted = {
  readonly size: number;
  /** By the first stem of each wording. */
  readonly wants: ReadonlyMap<string, readonly Want[]>;
};

export function wantedBy(concepts: readonly Concept[]): Wanted {
  const wants = new Map<string, Want[]>();
  concepts.forEach((concept, place) => {
    for (const { stems, value, loose } of concept.forms) {
      const [first = ''] = stems;
      const more = loose ? { apart: stems } : { phrase: ` ${stems.join(' ')} ` };
      const want = { place, value, ...(stems.length > 1 ? more : {}) };
      const known = wants.get(first);
      if (known) known.push(want);
      else wants.set(first, [want]);
    }
  });
  return { size: concepts.length, wants };
}

/**
 * How well each concept is met in a text: the value of the best wording that stands there, 0 where none does. Wordings worth
 * less than `least` are passed over.
 */
export function bestIn(wanted: Wanted, text: Text, least = 0): readonly number[] {
  // Pushed, not filled: half the time of a look, and there are a thousand looks to a question.
  const best: number[] = [];
  for (let place = 0; place < wanted.size; place += 1) best.push(0);
  if (text.numbers) takeNumbered(wanted, text.numbers, text, least, best);
  else for (const [stem, wants] of wanted.wants) if (text.stems.has(stem)) takeBest(wants, text, least, best);
  return best;
}

function takeBest(wants: readonly Want[], text: Text, least: number, best: number[]): void {
  for (const { place, value, phrase, apart } of wants) {
    if (value < least || value <= (best[place] ?? 0)) continue;
    if (apart ? apart.every((stem) => text.stems.has(stem)) : !phrase || text.padded.includes(phrase))
      best[place] = value;
  }
}

/** By number a word that nobody wants is passed over without a look at its letters. */
function takeNumbered(wanted: Wanted, numbers: Uint32Array, text: Text, least: number, best: number[]): void {
  const { marks, lists } = markedFor(wanted);
  for (let place = 0; place < numbers.length; place += 1) {
    const mark = marks[numbers[place] ?? 0] ?? 0;
    if (mark > 0) takeBest(lists[mark - 1] ?? [], text, least, best);
  }
}

/** For each number of a stem one more than the place in `lists` of what begins with it; 0 where nothing does. */
type Marked = { readonly marks: Uint16Array; readonly lists: readonly (readonly Want[])[] };
const marked = new WeakMap<Wanted, Marked>();

function markedFor(wanted: Wanted): Marked {
  const known = marked.get(wanted);
  // A document that was read since may have brought the very word.
  if (known?.marks.length === NUMBERS.size) return known;
  const marks = new Uint16Array(NUMBERS.size);
  for (const [place, stem] of [...wanted.wants.keys()].entries()) {
    const number = NUMBERS.get(stem);
    if (number !== undefined) marks[number] = place + 1;
  }
  const made = { marks, lists: [...wanted.wants.values()] };
  marked.set(wanted, made);
  return made;
}
