/**
 * What each kind of question demands of a passage before anything is said: a figure, a date, a person, a place in the sentence
 * that speaks of what was asked, and enough of the question's words. Knows no wording of any document.
 */
import { sizeOf } from './bonus.ts';
import { isFieldWord } from './concepts.ts';
import type { Passage } from './corpus.ts';
import { speaksOfUs } from './kinds.ts';
import { LIGHT } from './lexicon.ts';
import { isMet } from './match.ts';
import { isAlike } from './meaning.ts';
import { prepared } from './prepared.ts';
import type { Question } from './question.ts';
import { readByline } from './readers/block.ts';
import {
  coverageBy,
  coverageOf,
  type Hit,
  type Index,
  isManner,
  isUnknown,
  weightOf,
  weightsIn,
} from './retrieval.ts';
import {
  hasContact,
  hasDate,
  hasFigure,
  hasFrequency,
  hasLength,
  hasMoney,
  hasPlace,
  hasShare,
  hasTimeOfDay,
  namesPerson,
  namesRole,
  namesThing,
  numberOf,
  sentencesOf,
} from './shapes.ts';
import { isEnglish } from './spelling.ts';
import { stemOf, termsOf } from './words.ts';

/** Below this share of the question's weight a passage is about something else. */
const ENOUGH = 0.45;
/** A heading that is itself missing from the passage is forgiven only when all else fits this well. */
const ENOUGH_WITHOUT_HEAD = 0.72;
/** A question turns on a word that carries this share of its weight; where the weight is spread, less must be met. */
const TURNS_ON = 0.42;
const ENOUGH_SPREAD = 0.5;
/** Where a word of the question stands nowhere in the documents, a passage must fit the rest better than this. */
const ENOUGH_WITH_UNKNOWN = 0.42;

const RATE = /\b(?:rate|percentage|proportion|share)\b/i;

/** What each kind must hold in a sentence of the passage. */
export const MUST_HOLD: Readonly<
  Partial<Record<Question['kind'], (sentence: string, question: Question) => boolean>>
> = {
  money: (sentence, question) => hasMoney(sentence) && (!COSTS.test(question.text) || PRICED.test(sentence)),
  figure: (sentence, question) =>
    (RATE.test(question.text) ? hasShare(sentence) || hasMoney(sentence) : hasFigure(sentence)) &&
    termsOf(sentence).some(
      (term) =>
        /\d/.test(term.word) &&
        !question.numbers.includes(numberOf(term.stem) ?? -1) &&
        !/^20\d\d$/.test(term.stem),
    ),
  time: (sentence) => hasTimeOfDay(sentence),
  when: (sentence) => hasDate(sentence) || hasTimeOfDay(sentence),
  amount: (sentence) =>
    hasMoney(sentence) || hasShare(sentence) || hasLength(sentence) || hasFigure(sentence),
  length: (sentence) => hasLength(sentence),
  often: (sentence) => hasFrequency(sentence),
  where: (sentence) => hasPlace(sentence),
  contact: (sentence) => hasContact(sentence),
  writer: (sentence) => /\b(?:by|author|wrote|writer)\b/i.test(sentence) && isPerson(sentence),
  tell: (sentence) => TELLS.test(sentence) && (namesRole(sentence) || isPerson(sentence)),
  doer: (sentence) => isPerson(sentence) || namesRole(sentence) || ADULTS.test(sentence),
  brand: (sentence, question) => namesThing(sentence, question.text, isOrdinary),
  who: (sentence, question) => isPerson(sentence) || (RESPONSIBLE.test(question.text) && namesRole(sentence)),
};

/** A sum beside the thing is its price only where the sentence says so: "if the debt reaches £10" prices nothing. */
const COSTS = /\b(?:costs?|price|fees?|charged?|charges)\b/i;
const PRICED =
  /\b(?:costs?|prices?|priced|fees?|charg\w+|pay|pays|paid|payable|payment|rates?|worth)\b|[\d.]+p? (?:per|each|an?|for|annually)\b|: ?£/i;

const isPerson = (sentence: string) => namesPerson(sentence, isOrdinary);

/** Every part of the word is English or of the field, so that it is no name. */
function isOrdinary(word: string): boolean {
  return termsOf(word).every(
    (term) => term.word.length <= 2 || isEnglish(term.word) || isFieldWord(term.word),
  );
}

function isByline(passage: Passage): boolean {
  return passage.kind === 'byline' || readByline(passage.text)?.date !== undefined;
}

/** Who does a thing at a school need not hold a post. */
const ADULTS =
  /\b(?:parents?|parental|carers?|guardians?|famil(?:y|ies)|staff|teachers?|volunteers?|colleagues?|we)\b/i;
/** Whoever is responsible may be named by what they do. */
const RESPONSIBLE = /\b(?:responsible|in charge|looks? after|deals? with|oversees?)\b/i;
const TELLS =
  /\b(?:tell|told|speak|talk|contact\w*|ask|asked|report\w*|inform\w*|notif\w+|alert\w*|see|ring|phone|call|calls|called|email|write|addressed|go)\b/i;

export function holdsKind(
  passage: Passage,
  must: (sentence: string, question: Question) => boolean,
  question: Question,
): boolean {
  // A byline dates the writing, and nothing else that somebody did.
  if (question.kind === 'when' && isByline(passage)) return false;
  if (OF_QUESTION.has(question.kind))
    return sentencesOf(passage.text).some((sentence) => must(sentence, question));
  const known = heldKinds.get(question.kind) ?? new WeakMap<Passage, boolean>();
  heldKinds.set(question.kind, known);
  const before = known.get(passage);
  if (before !== undefined) return before;
  const held = sentencesOf(passage.text).some((sentence) => must(sentence, question));
  known.set(passage, held);
  return held;
}

/** Whether a passage holds a date does not change with the question; a figure must not be the question's own. */
const OF_QUESTION: ReadonlySet<Question['kind']> = new Set(['figure', 'who', 'money', 'brand']);
const heldKinds = new Map<Question['kind'], WeakMap<Passage, boolean>>();

/** The sentence with the date, number or name must itself speak of what was asked. */
export function isAbout(index: Index, question: Question, sentence: string, passage: Passage): boolean {
  const text = `${sentence} ${passage.path.at(-1) ?? ''} ${passage.lead ?? ''}`;
  if (question.kind === 'contact' || question.kind === 'tell' || question.kind === 'writer')
    return coverageBy(index, question.concepts, prepared(passage).context) >= ENOUGH;
  // "When are the half-term dates?" is not answered by saying "half-term" again.
  if (question.kind === 'when') {
    const asked = new Set(question.concepts.flatMap((concept) => concept.forms[0]?.stems ?? []));
    const rest = sentence.replace(/\p{L}+/gu, (word) => (asked.has(stemOf(word.toLowerCase())) ? '' : word));
    if (!hasDate(rest) && !hasTimeOfDay(rest)) return false;
  }
  if (STRICT.has(question.kind))
    return question.concepts.every(
      (concept) =>
        LIGHT.has(concept.word) ||
        (concept.share ?? 1) < 0.5 ||
        RESPONSIBLE.test(concept.word) ||
        isMet(concept, text, SAME_THING),
    );
  const noun =
    question.kind === 'figure' && !hasMoney(sentence) ? FIGURE.exec(question.text)?.[0] : undefined;
  if (noun && !saysFigure(noun.toLowerCase(), text)) return false;
  // Who or what it is about may be named in the sentence before.
  const whole = prepared(passage).text;
  const names = question.concepts.filter((concept) => concept.named && isMet(concept, whole));
  const said = `${text} ${names.map((concept) => concept.word).join(' ')}`;
  return coverageOf(index, question.concepts, said) >= (EXACT.has(question.kind) ? ENOUGH_EXACT : ENOUGH);
}

/** The sentence calls its figure so; a limit may be said by its bound alone ("no more than", "under"). */
function saysFigure(noun: string, text: string): boolean {
  if (BOUNDED.has(noun) && BOUND.test(text)) return true;
  return isMet(
    { word: noun, forms: [{ stems: [stemOf(noun)], value: 1 }], named: false, known: false },
    text,
  );
}
const BOUNDED: ReadonlySet<string> = new Set(['limit', 'threshold']);
const BOUND =
  /\b(?:(?:less|more|fewer|greater|higher|lower|later|earlier) than|up to|at (?:least|most)|under|over|above|below|maximum|minimum|exceed\w*|within)\b/i;

/** A figure or a date beside half of the words is another thing's. */
const EXACT: ReadonlySet<Question['kind']> = new Set(['money', 'figure', 'when', 'time']);
const ENOUGH_EXACT = 0.58;
const FIGURE = /\b(?:target|goal|percentage|rate|proportion|ratio|score|threshold|phone number|limit)\b/i;

/** A name or a place beside half of the words is somebody else's. */
const SAME_THING = 0.85;
const STRICT: ReadonlySet<Question['kind']> = new Set(['who']);

/** "The ten steps": a list of ten says so by its length, and need not say it in words. */
function withoutItsNumber(question: Question, index: Index, hit: Hit): { question: Question; hit: Hit } {
  const size = sizeOf(hit.passage);
  if (size === undefined || !question.numbers.includes(size)) return { question, hit };
  const concepts = question.concepts.filter(({ word }) => numberOf(word) !== size);
  const weigh = (those: Question['concepts']) =>
    those.reduce((sum, concept) => sum + weightOf(index, concept), 0);
  const left = weigh(concepts);
  if (left === 0) return { question, hit };
  const more = weigh(question.concepts) / left;
  const raised = (share: number) => Math.min(1, share * more);
  return {
    question: { ...question, concepts },
    hit: { ...hit, coverage: raised(hit.coverage), own: raised(hit.own), firm: raised(hit.firm) },
  };
}

/** The passage covers enough, and covers the word that the question turns on. */
export function isEnough(asked: Question, index: Index, given: Hit): boolean {
  const { question, hit } = withoutItsNumber(asked, index, given);
  if (hit.coverage < ENOUGH) return false;
  const weights = weightsIn(index, question.concepts);
  const most = Math.max(0, ...weights);
  const heaviest = question.concepts[weights.indexOf(most)];
  const turnsOnIt = most >= TURNS_ON * weights.reduce((sum, weight) => sum + weight, 0);
  const { context } = prepared(hit.passage);
  const missing = question.concepts.filter((concept) => concept.named && !isMet(concept, context));
  if (missing.length > 0 && hit.coverage < ENOUGH_WITHOUT_HEAD) return false;
  if (
    heaviest &&
    !isMet(heaviest, context) &&
    !isAlike(index, hit.passage.id) &&
    hit.coverage < (turnsOnIt ? ENOUGH_WITHOUT_HEAD : ENOUGH_SPREAD)
  )
    return false;
  const unknown = question.concepts.some(
    (concept) =>
      !LIGHT.has(concept.word) &&
      !isManner(concept) &&
      (concept.share ?? 1) > 0.5 &&
      isUnknown(index, concept) &&
      !isMet(concept, context),
  );
  if (unknown && hit.firm < ENOUGH_WITH_UNKNOWN) return false;
  // A word of the field that the documents never use is what the question is about.
  const ofField = question.concepts.some(
    (concept) =>
      concept.known && !LIGHT.has(concept.word) && isUnknown(index, concept) && !isMet(concept, context),
  );
  if (ofField && hit.firm < ENOUGH_WITHOUT_HEAD) return false;
  return !(
    question.ours &&
    ['figure', 'money', 'who'].includes(question.kind) &&
    !speaksOfUs(hit.passage, index)
  );
}
