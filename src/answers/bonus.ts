/**
 * What a passage's shape adds to its rank for a question: whose words it holds, a list where a list is asked for, the section
 * that the question names, a sentence that defines. Pure sums; the facts come from the index.
 */
import type { Passage } from './corpus.ts';
import { speaksOfUs } from './kinds.ts';
import { LIGHT } from './lexicon.ts';
import { isMet } from './match.ts';
import type { Question } from './question.ts';
import { type Index, isNamedIn } from './retrieval.ts';
import { workOf } from './sources.ts';

/** Who asks an assistant of the trust asks about the trust. */
const OURS = { asked: 0.12, else: 0.05 };
/** A teaser that breaks off says less than a passage that ends. */
const BREAKS_OFF = 0.12;
/** The first words under a heading of the asked name. */
const OPENS = 0.12;

export function bonusFor(
  index: Index,
  question: Question,
  passage: Passage,
  prefer: ReadonlyMap<string, number>,
): number {
  let bonus =
    (prefer.get(passage.id) ?? 0) +
    (speaksOfUs(passage, index) ? (question.ours ? OURS.asked : OURS.else) : 0);
  if (/(?:\.\.\.|…)$/.test(passage.text)) bonus -= BREAKS_OFF;
  if (passage.opens && question.concepts.length <= 2) bonus += OPENS;
  if (passage.kind === 'heading') bonus -= 0.05;
  if (passage.kind === 'section') bonus -= 0.06;
  if (passage.kind === 'byline') bonus -= 0.2;
  if (question.works) bonus += question.works.has(workOf(passage)) ? FROM_IT : -FROM_IT / 2;
  const size = sizeOf(passage);
  if (question.kind === 'list') {
    if (size || passage.unlisted) bonus += 0.12;
    if (size && question.numbers.includes(size)) bonus += 0.25;
  } else if (passage.kind === 'list' && ASKS_WHAT_TO_DO.test(question.text) && heads(question, passage))
    bonus += STEPS;
  else if (passage.kind === 'list')
    bonus -= /^(?:and |so )?what (?:do|does|should|must|can|are|is)\b/i.test(question.text) ? 0.02 : 0.12;
  if (question.kind === 'definition' && defines(question, passage))
    bonus += DEFINES + (opensWithTerm(question, passage) ? DEFINES : 0);
  if (isNamedIn(question.text, passage)) bonus += NAMED + (passage.items && asksUnder(question) ? 0.45 : 0);
  return bonus;
}

/** The words are those of the work that the question names. */
const FROM_IT = 0.3;

/** "What do I do if …": the steps under the heading of that name, and not one of them. */
const ASKS_WHAT_TO_DO =
  /\bwhat (?:do|should|must|can|shall) (?:i|we|you|they|staff|teachers) do\b|\bwhat happens (?:if|when|once|after)\b|\bwhat (?:is|are) the (?:process|procedure|steps)\b|\bhow (?:do|can|should) (?:i|we|you)\b/i;
const STEPS = 0.15;

function heads(question: Question, passage: Passage): boolean {
  const heading = passage.path.at(-1) ?? '';
  const topics = question.concepts.filter((concept) => !LIGHT.has(concept.word));
  return topics.length > 0 && topics.every((concept) => isMet(concept, heading, SAME));
}
const SAME = 0.85;

/** The question says the name of the section, or of the point, word for word. */
const NAMED = 0.15;

/** "Which priorities are under …", "what sits under …": everything below the heading is asked for. */
function asksUnder(question: Question): boolean {
  return question.kind === 'list' || /\b(?:under|within|part of|in|comes? under)\b/i.test(question.text);
}

/** Members of a list or announcement; an extra one (`+One`) does not count. */
export function sizeOf(passage: Passage): number | undefined {
  if (!passage.items) return undefined;
  const extra = passage.text.split('\n').filter((text) => text.startsWith('+')).length;
  return passage.items.length - extra;
}

/** `X is a …`, `X: …`, `X enables …`: the passage says what the question's words are. */
export function defines(question: Question, passage: Passage): boolean {
  const shape = definitions.get(question) ?? definitionOf(question);
  definitions.set(question, shape);
  return shape?.test(passage.text.replace(/[‘“]/g, '')) ?? false;
}

const DEFINES = 0.25;

/** `Term: what it is`, as glossaries and lists of definitions have it. */
function opensWithTerm(question: Question, passage: Passage): boolean {
  const shape = terms.get(question) ?? termOf(question);
  terms.set(question, shape);
  return shape.test(passage.text);
}
const terms = new WeakMap<Question, RegExp>();

function termOf(question: Question): RegExp {
  const topic = question.concepts.map((concept) => concept.word).join('[ -]');
  return new RegExp(`^(?:\\S{1,3} )?[‘“"']?${escaped(topic)}s?[”"’']*(?: \\([^)]*\\))?\\s*[:|–—]`, 'iu');
}

/** The shape of a definition of what a question asks about: one for all the passages that it is looked for in. */
const definitions = new WeakMap<Question, RegExp | null>();

function definitionOf(question: Question): RegExp | null {
  const topic = question.concepts.map((concept) => concept.word).join('[ -]');
  if (!topic || topic.length > 80) return null;
  return new RegExp(
    `\\b${escaped(topic)}s?[”"’']*(?: \\p{Ll}+)?(?: \\([^)]*\\))?(?:\\s*[:|–—]| (?:is|are|means|enables|refers|seeks|describes)\\b| (?:An?|The|Any|Anything|Someone|Somebody|Information) (?=\\p{Ll}))`,
    'iu',
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|\\]/g, '\\$&');
}
