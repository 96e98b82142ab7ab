/**
 * A word alone ("attendance") is no question yet. Where one part of the documents is called so, that part is shown; where
 * several are, or several speak of it, the reader is asked which; where the documents do not use the word, that is said.
 */
import { type Answer, notSaid } from './answer.ts';
import type { Concept } from './concepts.ts';
import type { Passage } from './corpus.ts';
import { isMet } from './match.ts';
import type { Question } from './question.ts';
import { type Hit, type Index, rank } from './retrieval.ts';
import { titleOf, underHeading } from './shown.ts';
import { stemsOf } from './words.ts';

const MOST = 3;
/** Spoken of in this many parts, a word may mean any of them. */
const MANY = 4;
const SAME = 0.85;
const BARE = /^(?:(?:the|our|about|on) )?[\p{L}\p{N}'’&-]+(?: [\p{L}\p{N}'’&-]+)?\s*[?.!]*$/iu;

/** The answer to a topic without a question; undefined where it is none, or where it is searched for like any other. */
export function answerTopic(question: Question, index: Index): Answer | undefined {
  const [topic, more] = question.concepts;
  if (!topic || more || question.kind !== 'other' || !BARE.test(question.text)) return undefined;
  const parts = partsCalled(topic, index);
  const exact = parts.filter(({ heading }) => isCalled(heading, topic));
  const [only, other] = exact.length > 0 ? exact : parts;
  if (only && !other)
    return { outcome: 'answer', statements: underHeading(question, index, only.heading), related: [] };
  if (only)
    return {
      outcome: 'clarify',
      options: (exact.length > 1 ? exact : parts).slice(0, MOST).map(({ first }) => first),
    };
  if (!isUsed(topic, index)) return notSaid();
  const sections = sectionsOf(rank(index, [topic]));
  return sections.length >= MANY ? { outcome: 'clarify', options: sections.slice(0, MOST) } : undefined;
}

type Part = { readonly heading: Passage; readonly first: Passage };

/** Headings in force that name the topic, each once, with the first words below them. */
function partsCalled(topic: Concept, index: Index): Part[] {
  const seen = new Set<string>();
  return index.passages.flatMap((heading) => {
    if (heading.kind !== 'heading' || (index.standing.get(heading.doc) ?? 0) < 0) return [];
    const title = titleOf(heading);
    if (!isMet(topic, title, SAME) || seen.has(title)) return [];
    const first = index.ofDoc
      .get(heading.doc)
      ?.find((passage) => passage.order > heading.order && passage.path.at(-1)?.endsWith(title));
    if (!first) return [];
    seen.add(title);
    return [{ heading, first }];
  });
}

/** `Induction` and `Induction: your first 90 days` are called induction; `Leaving induction` only speaks of it. */
function isCalled(heading: Passage, topic: Concept): boolean {
  const name = stemsOf(titleOf(heading).split(/ \| |: | – /)[0] ?? '').join(' ');
  return topic.forms.some((form) => form.value >= SAME && form.stems.join(' ') === name);
}

/** The documents hold the word as it was typed, or another for the same; a stem in common is not enough. */
function isUsed(topic: Concept, index: Index): boolean {
  const { words, stems } = index.vocabulary;
  const [own, ...others] = topic.forms;
  if (others.some((form) => form.value >= SAME && form.stems.every((stem) => stems.has(stem)))) return true;
  const ways = [topic.word, `${topic.word}s`, topic.word.replace(/s$/, ''), topic.word.replace(/ies$/, 'y')];
  return (own?.stems.length ?? 0) > 1 || ways.some((way) => words.has(way));
}

/** The best passage of each part that holds the topic. */
function sectionsOf(hits: readonly Hit[]): Passage[] {
  const seen = new Set<string>();
  return hits
    .filter(({ passage, firm }) => firm >= SAME && passage.kind !== 'heading' && passage.path.length > 0)
    .map(({ passage }) => passage)
    .filter((passage) => {
      const part = passage.path.at(-1) ?? '';
      return !seen.has(part) && seen.add(part);
    });
}
