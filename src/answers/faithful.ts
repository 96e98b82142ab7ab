/**
 * Whether a passage says what a model's sentence says. What a sentence means hangs on the order of its words and on each
 * restriction in it, so a sentence holds only as a copy: the passage's own words in their order, from the beginning of a
 * sentence to an end, with nothing left out but what little words may join. Knows no grammar and guesses at none.
 */
import type { Statement } from './answer.ts';
import { wordsOf } from './grounding.ts';
import { sentencesOf } from './shapes.ts';

/** May come and go without changing who does what: they join or point, and deny, allow, limit and time nothing. */
const JOINING: ReadonlySet<string> = new Set('a an the and that is are be been being'.split(' '));
/** May stand first, or be left out there. */
const OPENING: ReadonlySet<string> = new Set(
  'however so also but then therefore thus finally please and'.split(' '),
);
/** Where a sentence may end early: what follows adds something, and takes nothing back. */
const ADDS = /[,;:–—]\s+(?:and|so|because)\s/giu;
const TAKES_BACK =
  /(?<!\p{L})(?:but|except|unless|only|not|no|never|none|nobody|nothing|without|if|when|until|provided|although|though|however|or|may|must|should|can|cannot)(?!\p{L})|n['’]t(?!\p{L})/iu;

export function isFaithful(statement: Statement): boolean {
  const said = withoutOpening(weighty(statement.text));
  if (said.length === 0) return false;
  const { words, begins, ends } = streamOf(statement.passage.text);
  return begins.some((from) => {
    const to = from + said.length;
    return ends.has(to) && said.every((word, place) => words[from + place] === word);
  });
}

/** The passage's words in one row, with where a sentence may begin and end in it. */
function streamOf(text: string): {
  readonly words: readonly string[];
  readonly begins: readonly number[];
  readonly ends: ReadonlySet<number>;
} {
  const words: string[] = [];
  const begins: number[] = [];
  const ends = new Set<number>();
  for (const sentence of sentencesOf(text)) {
    const own = weighty(sentence);
    const from = words.length;
    begins.push(from, from + (own.length - withoutOpening(own).length));
    for (const early of sentence.matchAll(ADDS)) {
      const rest = sentence.slice(early.index);
      if (!TAKES_BACK.test(rest)) ends.add(from + weighty(sentence.slice(0, early.index)).length);
    }
    words.push(...own);
    ends.add(words.length);
  }
  return { words, begins: [...new Set(begins)], ends };
}

function weighty(text: string): string[] {
  return wordsOf(text).filter((word) => !JOINING.has(word));
}

function withoutOpening(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !OPENING.has(word));
  return first === -1 ? words : words.slice(first);
}
