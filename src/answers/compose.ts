/**
 * From a question to an answer made of passages, or to a refusal. The kind of question decides what must be found before
 * anything is said; what the documents hold only in part is refused rather than bent. Pure; grounding checks it afterwards.
 */
import { type Answer, notSaid } from './answer.ts';
import { bonusFor, defines, sizeOf } from './bonus.ts';
import type { Passage } from './corpus.ts';
import { holdsKind, isAbout, isEnough, MUST_HOLD } from './demands.ts';
import { withoutMarker } from './extract.ts';
import {
  compareDocuments,
  countThings,
  explainInitials,
  findEntries,
  nameAuthor,
  nameSpeaker,
} from './kinds.ts';
import { LIGHT } from './lexicon.ts';
import { correctPremise } from './premise.ts';
import type { Question } from './question.ts';
import { coverageOf, type Hit, type Index, rank } from './retrieval.ts';
import { countAnnounced, sentencesOf } from './shapes.ts';
import { chooseShown, inlineList, relatedTo, shownFrom } from './shown.ts';
import { answerTopic } from './topic.ts';
import { stemOf, termsOf } from './words.ts';

/** `prefer`: passages that the conversation is about; they are taken first among equals. */
export function composeAnswer(
  question: Question,
  index: Index,
  prefer: ReadonlyMap<string, number> = new Map(),
): Answer {
  if (question.concepts.length === 0) return { outcome: 'clarify', options: mainHeadings(index) };
  const typed = typedAnswer(question, index, prefer);
  if (typed) return typed;
  const topic = prefer.size === 0 ? answerTopic(question, index) : undefined;
  if (topic) return topic;
  if (question.concepts.every((concept) => LIGHT.has(concept.word)))
    return { outcome: 'clarify', options: mainHeadings(index) };
  const bonus = (passage: Passage) => bonusFor(index, question, passage, prefer);
  const must = MUST_HOLD[question.kind];
  const hits = rank(
    index,
    question.concepts,
    bonus,
    must && ((passage) => holdsKind(passage, must, question)),
  );
  const nearest = () => nearestHeadings(must ? rank(index, question.concepts, bonus) : hits);
  const premise = correctPremise(question, index);
  if (premise) return premise;
  const fitting = hits.filter((hit) => isEnough(question, index, hit));
  const held = must ? bySentence(question, index, fitting, must) : fitting;
  const best = held[0];
  if (!best && SOFT.has(question.kind)) return composeAnswer({ ...question, kind: 'other' }, index, prefer);
  if (!best) return notSaid(nearest());
  if (isOnlyNamed(question, best.passage)) return notSaid([best.passage], 'not-listed');
  if (best.passage.unlisted && ['list', 'definition', 'other'].includes(question.kind))
    return notSaid([best.passage], 'not-listed');
  const inline = question.kind === 'list' ? inlineList(question, index, best.passage) : undefined;
  if (inline) return { outcome: 'answer', statements: inline, related: relatedTo(held, [best]) };
  const chosen = chooseShown(question.kind, held, best);
  const statements = chosen.flatMap((hit) => shownFrom(question, index, hit.passage, must));
  return { outcome: 'answer', statements, related: relatedTo(held, chosen) };
}

/** Of passages those whose sentence with the date, number or name speaks of what was asked, the one that says most of it first. */
function bySentence(
  question: Question,
  index: Index,
  hits: readonly Hit[],
  must: (sentence: string, question: Question) => boolean,
): Hit[] {
  return hits
    .flatMap((hit) => {
      const said = sentencesOf(withoutMarker(hit.passage)).filter(
        (sentence) => must(sentence, question) && isAbout(index, question, sentence, hit.passage),
      );
      if (said.length === 0) return [];
      const heading = `${hit.passage.path.at(-1) ?? ''} ${hit.passage.lead ?? ''}`;
      const most = Math.max(
        ...said.map((sentence) => coverageOf(index, question.concepts, `${sentence} ${heading}`)),
      );
      return [{ hit, score: hit.score + SAYS_IT * most }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ hit }) => hit);
}
const SAYS_IT = 0.8;

/**
 * "What are our values?" wants the values. A passage that only says that there are some does not list them: no list, and no
 * sentence that names them and then says what they are.
 */
function isOnlyNamed(question: Question, passage: Passage): boolean {
  if (passage.items || passage.members || passage.kind === 'heading') return false;
  const asked =
    /^(?:and |so |but )?what (?:are|were) (?:our|the|your|my)(?: \p{L}+)? (\p{L}+s)(?: of [\p{L} ]+)?\??$/iu.exec(
      question.text,
    )?.[1];
  if (!asked || question.kind !== 'list') return false;
  const noun = stemOf(asked.toLowerCase());
  return !sentencesOf(passage.text).some(
    (sentence) =>
      termsOf(sentence).some((term) => term.stem === noun) &&
      /(?:\b(?:are|is|include|includes|namely|such as)\b|[:–—|]).*(?:,|\band\b)/i.test(sentence),
  );
}

/** "What is a PLP?": what it stands for, or what says what it is; used but never explained is said to be just that. */
function explainUsed(question: Question, index: Index): Answer | undefined {
  const answer = explainInitials(question, index);
  if (answer?.outcome === 'answer') return answer;
  if (index.passages.some((passage) => passage.kind !== 'section' && defines(question, passage)))
    return undefined;
  return answer?.outcome === 'refusal' && answer.reason === 'not-explained' ? answer : undefined;
}

/** Kinds whose shape is a likely one and no condition: without it the best words are shown. */
const SOFT: ReadonlySet<Question['kind']> = new Set(['tell', 'amount', 'doer']);

/** "How many first steps are there?": the list of them, and how long it is. */
function countMembers(question: Question, index: Index): Answer | undefined {
  if (!countAnnounced(`two ${COUNTED.exec(question.text)?.[1] ?? ''}`)) return undefined;
  const counted = new Set(question.target);
  const of = question.concepts.filter(
    (concept) => !concept.forms[0]?.stems.some((stem) => counted.has(stem)),
  );
  if (of.length === 0) return undefined;
  const [best] = rank(index, of, undefined, (passage) => sizeOf(passage) !== undefined);
  if (!best || best.firm < ENOUGH_TO_COUNT) return undefined;
  return {
    outcome: 'answer',
    statements: shownFrom(question, index, best.passage),
    related: [],
    note: `The documents list ${sizeOf(best.passage)}:`,
  };
}
/** "After how many days must …?" asks for a stretch of time, whatever it counts. */
function countTime(
  question: Question,
  index: Index,
  prefer: ReadonlyMap<string, number>,
): Answer | undefined {
  if (!TIME.test(question.text)) return undefined;
  const answer = composeAnswer({ ...question, kind: 'length' }, index, prefer);
  return answer.outcome === 'answer' ? answer : undefined;
}
const TIME = /\bhow many (?:\w+ )?(?:minutes|hours|days|nights|weeks|months|terms|years)\b/i;

const COUNTED = /\bhow many (?:\p{L}+ ){0,2}?(\p{L}+s)\b/iu;
const ENOUGH_TO_COUNT = 0.6;

const WHEN = /\b(?:when|date|dated|month|year)\b/i;

function typedAnswer(
  question: Question,
  index: Index,
  prefer: ReadonlyMap<string, number>,
): Answer | undefined {
  switch (question.kind) {
    case 'acronym':
      return explainInitials(question, index);
    case 'definition':
      return question.target.length > 0 ? explainUsed(question, index) : undefined;
    case 'author':
      return (
        nameAuthor(question, index) ?? nameSpeaker(question, index) ?? writtenBy(question, index, prefer)
      );
    case 'quoted':
      return nameSpeaker(question, index) ?? notSaid(nearestHeadings(rank(index, question.concepts)));
    case 'entries':
      return findEntries(question, index);
    case 'each':
      return compareDocuments(question, index);
    case 'how-many':
      return (
        countThings(question, index) ??
        countMembers(question, index) ??
        countTime(question, index, prefer) ??
        notSaid(nearestHeadings(rank(index, question.concepts)))
      );
    default:
      return undefined;
  }
}

/** Where no byline names who wrote it or when: a sentence that does, else the person or the date it speaks of. */
function writtenBy(question: Question, index: Index, prefer: ReadonlyMap<string, number>): Answer {
  if (WHEN.test(question.text)) return composeAnswer({ ...question, kind: 'when' }, index, prefer);
  const named = composeAnswer({ ...question, kind: 'writer' }, index, prefer);
  return named.outcome === 'answer' ? named : composeAnswer({ ...question, kind: 'who' }, index, prefer);
}

/** Up to two headings nearest to the question, for a refusal. */
function nearestHeadings(hits: readonly Hit[]): Passage[] {
  const nearest: Passage[] = [];
  for (const hit of hits) {
    const heading = hit.passage.path.at(-1);
    if (!heading || hit.own < 0.2 || nearest.some((other) => other.path.at(-1) === heading)) continue;
    nearest.push(hit.passage);
    if (nearest.length === 2) break;
  }
  return nearest;
}

/** Headings to choose from when a question names no topic: those with a list below, from our own documents first. */
function mainHeadings(index: Index): Passage[] {
  const lists = index.passages.filter((passage) => passage.kind === 'list' || passage.members);
  const kindOrder = { policy: 0, note: 1, essay: 2, outside: 3 };
  const kindOf = (passage: Passage) => kindOrder[index.docs.get(passage.doc)?.kind ?? 'outside'];
  const seen = new Set<string>();
  return [...lists]
    .sort((a, b) => kindOf(a) - kindOf(b))
    .filter((passage) => {
      const heading = passage.path.at(-1) ?? '';
      if (!heading || seen.has(heading)) return false;
      seen.add(heading);
      return true;
    })
    .slice(0, 3);
}
