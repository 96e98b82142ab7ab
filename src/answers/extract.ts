/** Takes from a passage the words to show: whole when short, else the sentences nearest the question. Pure. */

import { countWords } from '../kernel/text.ts';
import type { Statement } from './answer.ts';
import type { Concept } from './concepts.ts';
import type { Passage } from './corpus.ts';
import { readMarker } from './readers/block.ts';
import { coverageOf, type Index } from './retrieval.ts';
import { sentencesOf } from './shapes.ts';

/** A passage up to this many words is shown whole: cutting it saves the reader little and may lose the point. */
const WHOLE = 75;

/** The passage's statements for these concepts. `fits`: what the answer must hold (a date, a number); such a sentence leads. */
export function statementsFrom(
  index: Index,
  passage: Passage,
  concepts: readonly Concept[],
  fits: (sentence: string) => boolean = () => true,
): Statement[] {
  if (passage.kind === 'list' && passage.items) return listStatements(passage);
  const text = withoutMarker(passage);
  const sentences = passage.kind === 'section' ? text.split('\n') : sentencesOf(text);
  if (countWords(text) <= WHOLE) return sentences.map((sentence) => ({ text: sentence, passage }));
  const scored = sentences.map((sentence, place) => ({
    place,
    score: coverageOf(index, concepts, sentence) + (fits(sentence) ? 0.3 : 0),
  }));
  const best = scored.reduce(
    (top, next) => (next.score > top.score ? next : top),
    scored[0] ?? { place: 0, score: 0 },
  );
  let from = best.place;
  let to = best.place + 1;
  const length = () => countWords(sentences.slice(from, to).join(' '));
  while (length() < WHOLE * 0.6 && (from > 0 || to < sentences.length)) {
    const before = scored[from - 1]?.score ?? -1;
    const after = scored[to]?.score ?? -1;
    if (after >= before - 0.05 && to < sentences.length) to += 1;
    else if (from > 0) from -= 1;
    else to += 1;
  }
  return sentences.slice(from, to).map((sentence) => ({ text: sentence, passage }));
}

/** The sentence that leads into a list, then each member. */
export function listStatements(passage: Passage): Statement[] {
  const items = passage.items ?? [];
  const lead = passage.text.split('\n')[0] ?? '';
  const hasLead = !items.some((item) => lead.endsWith(item));
  return [
    ...(hasLead ? [{ text: lead, passage }] : []),
    ...items.map((text) => ({ text, passage, item: true })),
  ];
}

/** A list point without the bullet or number that it is printed with. */
export function withoutMarker(passage: Passage): string {
  return passage.kind === 'item' ? (readMarker(passage.text)?.text ?? passage.text) : passage.text;
}
