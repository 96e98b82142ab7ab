/**
 * Answers that have a type: a number for how many, a person for who, an expansion for initials, titles for which articles.
 * Each returns the answer, or undefined when the documents hold none of that type; the caller then refuses or goes on.
 */
import { fold } from '../kernel/text.ts';
import { type Answer, notSaid, type Statement } from './answer.ts';
import { type Concept, conceptsOf, mendedTerms } from './concepts.ts';
import type { Passage } from './corpus.ts';
import { statementsFrom } from './extract.ts';
import { LIGHT } from './lexicon.ts';
import { comparable, isMet } from './match.ts';
import { prepared } from './prepared.ts';
import type { Question } from './question.ts';
import { coverageBy, coverageOf, type Hit, holds, type Index, rank } from './retrieval.ts';
import { attributionOf, numberOf, sentencesOf } from './shapes.ts';
import { nameOfWork } from './sources.ts';
import { termsOf } from './words.ts';

function answer(statements: readonly Statement[], related: readonly Passage[] = []): Answer {
  return { outcome: 'answer', statements, related };
}

/** Initials: the passage that spells them out. Refuses `not-explained` when they are used but never spelt out. */
export function explainInitials(question: Question, index: Index): Answer | undefined {
  const initials = question.target[0];
  if (!initials) return undefined;
  for (const phrase of index.initials.get(initials) ?? []) {
    const spelt = index.passages.filter(
      (passage) => ['paragraph', 'item', 'heading'].includes(passage.kind) && holds(passage, phrase),
    );
    const best = spelt.find((passage) => uses(passage, initials)) ?? spelt[0];
    if (best)
      return answer(
        statementsFrom(index, best, question.concepts, (sentence) => fold(sentence).includes(fold(phrase))),
      );
  }
  const used = index.passages.filter((passage) => passage.kind !== 'section' && uses(passage, initials));
  return notSaid(used.slice(0, 2), used.length > 0 ? 'not-explained' : 'not-said');
}

/** Whether a word stands in a passage; `IT` is compared as `ict`, which its letters do not show. */
function uses(passage: Passage, word: string): boolean {
  return (
    (word === 'ict' || prepared(passage).folded.includes(word)) &&
    termsOf(passage.text).some((term) => term.word === word)
  );
}

/** Who wrote it and when: the byline of the work whose title the question names best. */
export function nameAuthor(question: Question, index: Index): Answer | undefined {
  const wantsDate = /\b(?:when|date|dated|month|year)\b/i.test(question.text);
  let best: { passage: Passage; coverage: number } | undefined;
  for (const passage of index.passages) {
    if (passage.kind !== 'heading' || !(passage.author || passage.date) || (wantsDate && !passage.date))
      continue;
    const coverage = coverageOf(index, question.concepts, `${passage.text} ${passage.author ?? ''}`);
    const isTitle = passage.path.length === 0 ? 0.05 : 0;
    if (!best || coverage + isTitle > best.coverage) best = { passage, coverage: coverage + isTitle };
  }
  if (!best || best.coverage < 0.5) return undefined;
  const { passage } = best;
  const work = passage.path[0] ?? passage.text;
  const byline = index.passages.find(
    (other) =>
      other.kind === 'byline' &&
      other.doc === passage.doc &&
      [work, passage.text].includes(other.path[0] ?? '') &&
      /\d{4}/.test(other.text),
  );
  const section = index.passages.find(
    (other) => other.kind === 'section' && other.doc === passage.doc && other.text.startsWith(passage.text),
  );
  const shown = byline ?? (holds(passage, passage.author ?? '\n') ? passage : section);
  if (!shown) return undefined;
  const text = shown === section ? shown.text.split('\n').slice(0, 2) : shown.text.split('\n');
  return answer(
    text.map((line) => ({ text: line, passage: shown })),
    [passage].filter((other) => other !== shown),
  );
}

/** Who said it: a quotation whose words the question repeats, with the name that stands behind it. */
export function nameSpeaker(question: Question, index: Index): Answer | undefined {
  const hits = rank(index, question.concepts, (passage) => (attributionOf(passage.text) ? 0.25 : 0));
  const hit = hits.find(
    ({ passage }) => passage.kind !== 'section' && passage.kind !== 'list' && attributionOf(passage.text),
  );
  if (!hit || hit.own < 0.45) return undefined;
  return answer(
    statementsFrom(
      index,
      hit.passage,
      question.concepts,
      (sentence) => attributionOf(sentence) !== undefined,
    ).concat(attributed(hit.passage, question, index)),
  );
}

/** A long quotation is cut; the sentence that carries the name must still be shown. */
function attributed(passage: Passage, question: Question, index: Index): Statement[] {
  const shown = statementsFrom(
    index,
    passage,
    question.concepts,
    (sentence) => attributionOf(sentence) !== undefined,
  );
  const last = sentencesOf(passage.text).at(-1);
  return last && !shown.some((statement) => statement.text === last) ? [{ text: last, passage }] : [];
}

/** How many: a sentence where a number stands before the counted noun. For `ours`, a passage that speaks of us. */
export function countThings(question: Question, index: Index): Answer | undefined {
  const nouns = new Set(
    question.concepts
      .filter((concept) => question.target.some((stem) => concept.forms[0]?.stems.includes(stem)))
      .flatMap((concept) =>
        concept.forms
          .filter((form) => form.stems.length === 1 && form.value >= 0.8)
          .flatMap((form) => form.stems),
      )
      .concat(question.target),
  );
  const others = question.concepts.filter(
    (concept) =>
      !LIGHT.has(concept.word) &&
      (concept.share ?? 1) >= 0.5 &&
      !concept.forms[0]?.stems.some((stem) => nouns.has(stem)),
  );
  let best: { hit: Hit; sentence: string; score: number } | undefined;
  for (const hit of rank(index, question.concepts, undefined, holdsNumber)) {
    if (question.ours && !speaksOfUs(hit.passage, index)) continue;
    const sentences = sentencesOf(hit.passage.text);
    for (const [place, sentence] of sentences.entries()) {
      if (!countsIn(sentence, nouns) && !countsAgain(sentence, sentences[place - 1] ?? '', nouns)) continue;
      // With nothing else to go by, only a sentence about ourselves counts what is ours.
      if (
        others.length === 0 &&
        question.ours &&
        !/\b(?:we|our|us)\b/i.test(`${sentence} ${hit.passage.path.at(-1) ?? ''}`)
      )
        continue;
      const whole = comparable(`${hit.passage.text} ${hit.passage.path.join(' ')}`);
      if (
        !question.concepts.every(
          (concept) =>
            others.includes(concept) ||
            LIGHT.has(concept.word) ||
            (concept.share ?? 1) < 0.5 ||
            isMet(concept, whole),
        )
      )
        continue;
      const context =
        others.length > 0
          ? Math.max(
              coverageOf(index, others, `${sentence} ${hit.passage.path.join(' ')}`),
              SAME_BREATH * coverageBy(index, others, whole),
            )
          : 1;
      const work = nameOfWork(index, hit.passage);
      const named = others.filter(
        (concept) => concept.named && !isMet(concept, whole) && !isMet(concept, work),
      );
      if (named.length > 0) continue;
      const standing = (index.standing.get(hit.passage.doc) ?? 0) < 0 ? -1 : 0;
      const score = hit.score + 0.5 * context + standing + (speaksOfUs(hit.passage, index) ? 0.1 : 0);
      if (context >= ENOUGH_CONTEXT && (!best || score > best.score)) best = { hit, sentence, score };
    }
  }
  if (!best) return undefined;
  const { hit, sentence } = best;
  return answer(statementsFrom(index, hit.passage, question.concepts, (candidate) => candidate === sentence));
}

/** Of what is asked beside the thing counted so much must be said with it. */
const ENOUGH_CONTEXT = 0.4;
/** What the sentences around say of the thing counted. */
const SAME_BREATH = 0.6;

/** "Ten to a school" counts no schools. */
const NOT_BETWEEN: ReadonlySet<string> = new Set([
  'to',
  'in',
  'at',
  'for',
  'a',
  'an',
  'the',
  'per',
  'from',
  'by',
  'with',
]);
const MANY = /s$|^(?:children|people|staff|men|women|pence)$/;

const NUMBER =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)\b/i;

function holdsNumber(passage: Passage): boolean {
  return passage.kind !== 'section' && passage.kind !== 'list' && NUMBER.test(passage.text);
}

const AGE = /^(?:years?|months?|weeks?) olds?\b/;

/** "More than one event": a limit of one is a count, "one event" mostly is not. */
const LIMIT = /^(?:than|least|most|only|exactly|just)$/;

/** Most sentences hold no number, which is seen sooner than their words are told apart. */
const MAY_COUNT = /\p{N}|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/iu;

function countsIn(sentence: string, nouns: ReadonlySet<string>): boolean {
  if (!MAY_COUNT.test(sentence)) return false;
  const terms = termsOf(sentence);
  return terms.some((term, place) => {
    if (numberOf(term.word) === undefined) return false;
    if (term.word === 'one' && !LIMIT.test(terms[place - 1]?.word ?? '')) return false;
    const after = terms.slice(place + 1, place + 4);
    // "Two-year-old children": an age, not a count.
    if (AGE.test(after.map(({ word }) => word).join(' '))) return false;
    const noun = after.findIndex(
      (next) => nouns.has(next.stem) && (MANY.test(next.word) || term.word === 'one'),
    );
    return noun >= 0 && !after.slice(0, noun).some((between) => NOT_BETWEEN.has(between.word));
  });
}

/** "Your objectives are agreed in October. There are no more than three.": the noun stands in the sentence before. */
function countsAgain(sentence: string, before: string, nouns: ReadonlySet<string>): boolean {
  return (
    /^(?:there (?:are|is)|these are|you (?:have|get|may have)|we have|they are)\b/i.test(sentence) &&
    NUMBER.test(sentence) &&
    sentence.split(' ').length <= MOST_AGAIN &&
    termsOf(before).some((term) => nouns.has(term.stem))
  );
}
const MOST_AGAIN = 10;

/** The passage, or its section, says "we", "our" or "us", and is not outside reading. */
export function speaksOfUs(passage: Passage, index: Index): boolean {
  if (index.docs.get(passage.doc)?.kind === 'outside') return false;
  if (['policy', 'note'].includes(index.docs.get(passage.doc)?.kind ?? '')) return true;
  return (ownVoice.get(index.entries) ?? listen(index)).has(passage);
}

/** Passages of sections that say "we", by index: asked of every candidate of every question. */
const ownVoice = new WeakMap<Index['entries'], ReadonlySet<Passage>>();

function listen(index: Index): ReadonlySet<Passage> {
  const sections = Map.groupBy(index.passages, ({ doc, path }) => `${doc}\n${path.join('\n')}`);
  const own = new Set(
    [...sections.values()]
      .filter((passages) => passages.some(({ text }) => /\b(?:we|our|us)\b/i.test(text)))
      .flat(),
  );
  ownVoice.set(index.entries, own);
  return own;
}

/** Which articles: the titles of entries that the topic is met in; by title and byline first, else by their text. */
export function findEntries(question: Question, index: Index): Answer | undefined {
  const headings = index.passages.filter((passage) => passage.kind === 'heading');
  const byTitle = headings.filter(
    (passage) => coverageOf(index, question.concepts, `${passage.text} ${passage.author ?? ''}`) >= 0.7,
  );
  const fitting =
    byTitle.length > 0
      ? byTitle
      : headings.filter(
          (passage) => coverageOf(index, question.concepts, sectionText(passage, index)) >= 0.8,
        );
  const seen = new Set<string>();
  const statements: Statement[] = [];
  for (const passage of fitting) {
    const section = index.passages.find(
      (other) => other.kind === 'section' && other.doc === passage.doc && other.text.startsWith(passage.text),
    );
    const title = passage.text.split('\n').at(-1) ?? passage.text;
    if (seen.has(fold(title))) continue;
    seen.add(fold(title));
    statements.push({ text: title, passage: section ?? passage, item: true });
  }
  return statements.length > 0 && statements.length <= 12 ? answer(statements) : undefined;
}

function sectionText(heading: Passage, index: Index): string {
  return (
    index.passages.find(
      (other) => other.kind === 'section' && other.doc === heading.doc && other.text.startsWith(heading.text),
    )?.text ?? ''
  );
}

/** What each document says: the best passage for each source named, else of each document that covers the topic well. */
export function compareDocuments(question: Question, index: Index): Answer | undefined {
  const hits = rank(index, question.concepts).filter(
    ({ passage, own }) => ['paragraph', 'item'].includes(passage.kind) && own >= 0.5,
  );
  const chosen: Hit[] = [];
  const takeBest = (score: (hit: Hit) => number, isOpen: (hit: Hit) => boolean) => {
    const open = hits.filter((hit) => !chosen.includes(hit) && isOpen(hit));
    const best = open.reduce<Hit | undefined>(
      (top, hit) => (!top || score(hit) > score(top) ? hit : top),
      undefined,
    );
    if (best) chosen.push(best);
  };
  const isNewDocument = (hit: Hit) => !chosen.some((other) => other.passage.doc === hit.passage.doc);
  for (const source of sourcesNamed(question, index)) {
    const from = (hit: Hit) =>
      hit.score +
      0.5 * coverageOf(index, source, titlesOf(hit.passage, index)) +
      0.25 *
        coverageOf(
          index,
          source.filter((concept) => concept.named),
          hit.passage.text,
        );
    takeBest(from, isNewDocument);
    const first = chosen.at(-1)?.passage;
    takeBest(from, ({ passage }) => passage.doc === first?.doc && passage.path.at(-1) !== first.path.at(-1));
  }
  if (chosen.length === 0) {
    for (let more = 0; more < MOST_COMPARED; more += 1) takeBest((hit) => hit.score, isNewDocument);
    const isNewWork = (hit: Hit) => !chosen.some((other) => other.passage.path[0] === hit.passage.path[0]);
    while (chosen.length < MOST_COMPARED && hits.some((hit) => !chosen.includes(hit) && isNewWork(hit))) {
      takeBest((hit) => hit.score, isNewWork);
    }
  }
  if (chosen.length === 0) return undefined;
  return answer(
    chosen.flatMap(({ passage }) => [
      ...calledFirst(passage),
      ...statementsFrom(index, passage, question.concepts),
    ]),
  );
}

/** Several sources are told apart by their titles. */
function calledFirst(passage: Passage): Statement[] {
  const title = passage.path[0]?.split('\n').at(-1);
  return title ? [{ text: title, passage }] : [];
}

const MOST_COMPARED = 4;

/** `our strategy` and `the x100 programmes` of "What do our strategy and the x100 programmes each say about …". */
function sourcesNamed(question: Question, index: Index): (readonly Concept[])[] {
  const named =
    /\b(?:do|does|did|between) (.+?) (?:each |both )?(?:say|says|said|mean|think|argue|describe|on|about)\b/i.exec(
      question.text,
    )?.[1];
  if (!named || !/ and | or /.test(named)) return [];
  return named
    .split(/,| and | or /)
    .map((source) =>
      conceptsOf(source, mendedTerms(source, index.vocabulary), index.initials, index.vocabulary, new Set()),
    )
    .filter((concepts) => concepts.length > 0);
}

function titlesOf(passage: Passage, index: Index): string {
  return [...passage.path, passage.author, index.docs.get(passage.doc)?.title].join(' ');
}
