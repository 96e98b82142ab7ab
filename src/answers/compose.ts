/**
 * From a question to an answer made of passages, or to a refusal. The kind of question decides what must be found before
 * anything is said; what the documents hold only in part is refused rather than bent. Pure; grounding checks it afterwards.
 */
import { countWords } from '../kernel/text.ts';
import { type Answer, notSaid, type Statement } from './answer.ts';
import type { Concept } from './concepts.ts';
import type { Passage } from './corpus.ts';
import { listStatements, statementsFrom, withoutMarker } from './extract.ts';
import {
  compareDocuments,
  countThings,
  explainInitials,
  findEntries,
  nameAuthor,
  nameSpeaker,
  speaksOfUs,
} from './kinds.ts';
import { LIGHT } from './lexicon.ts';
import type { Question } from './question.ts';
import {
  coverageOf,
  type Hit,
  type Index,
  isMet,
  isNamedIn,
  isUnknown,
  rank,
  weightOf,
} from './retrieval.ts';
import {
  countAnnounced,
  hasDate,
  hasFigure,
  hasFrequency,
  hasLength,
  hasMoney,
  hasPlace,
  hasShare,
  hasTimeOfDay,
  namesPerson,
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
/** How near the best a second passage must come to be shown as well. */
const ALSO = 0.88;

const RATE = /\b(?:rate|percentage|proportion|share)\b/i;

/** What each kind must hold in a sentence of the passage. */
const MUST_HOLD: Readonly<
  Partial<Record<Question['kind'], (sentence: string, question: Question) => boolean>>
> = {
  money: (sentence) => hasMoney(sentence),
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
  length: (sentence) => hasLength(sentence),
  often: (sentence) => hasFrequency(sentence),
  where: (sentence) => hasPlace(sentence),
  who: (sentence) => namesPerson(sentence, (word) => isEnglish(word.toLowerCase())),
};

/** `prefer`: passages that the conversation is about; they are taken first among equals. */
export function composeAnswer(
  question: Question,
  index: Index,
  prefer: ReadonlyMap<string, number> = new Map(),
): Answer {
  if (question.concepts.length === 0) return { outcome: 'clarify', options: mainHeadings(index) };
  const typed = typedAnswer(question, index, prefer);
  if (typed) return typed;
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
  const held = must
    ? fitting.filter((hit) =>
        sentencesOf(withoutMarker(hit.passage)).some(
          (sentence) => must(sentence, question) && isAbout(index, question, sentence, hit.passage),
        ),
      )
    : fitting;
  const best = held[0];
  if (!best) return notSaid(nearest());
  if (isOnlyNamed(question, best.passage)) return notSaid([best.passage], 'not-listed');
  if (best.passage.unlisted && ['list', 'definition', 'other'].includes(question.kind))
    return notSaid([best.passage], 'not-listed');
  const chosen = chooseShown(question.kind, held, best);
  const statements = chosen.flatMap((hit) => shownFrom(question, index, hit.passage, must));
  return { outcome: 'answer', statements, related: relatedTo(held, chosen) };
}

/**
 * "What are our values?" wants the values. A passage that only says that there are some does not list them: no list, and no
 * sentence that names them and then says what they are.
 */
function isOnlyNamed(question: Question, passage: Passage): boolean {
  if (passage.items || passage.members || passage.kind === 'heading') return false;
  const asked = /^(?:and |so |but )?what (?:are|were) (?:our|the|your|my)(?: \p{L}+)? (\p{L}+s)\??$/iu.exec(
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

function holdsKind(
  passage: Passage,
  must: (sentence: string, question: Question) => boolean,
  question: Question,
): boolean {
  return sentencesOf(passage.text).some((sentence) => must(sentence, question));
}

/** The sentence with the date, number or name must itself speak of what was asked. */
function isAbout(index: Index, question: Question, sentence: string, passage: Passage): boolean {
  const text = `${sentence} ${passage.path.at(-1) ?? ''}`;
  if (STRICT.has(question.kind))
    return question.concepts.every(
      (concept) => LIGHT.has(concept.word) || (concept.share ?? 1) < 0.5 || isMet(concept, text, SAME_THING),
    );
  const noun =
    question.kind === 'figure' && !hasMoney(sentence) ? FIGURE.exec(question.text)?.[0] : undefined;
  if (
    noun &&
    !isMet(
      { word: noun, forms: [{ stems: [stemOf(noun.toLowerCase())], value: 1 }], named: false, known: false },
      text,
    )
  )
    return false;
  return coverageOf(index, question.concepts, text) >= (EXACT.has(question.kind) ? ENOUGH_EXACT : ENOUGH);
}

/** A figure or a date beside half of the words is another thing's. */
const EXACT: ReadonlySet<Question['kind']> = new Set(['money', 'figure', 'when', 'time']);
const ENOUGH_EXACT = 0.58;
const FIGURE = /\b(?:target|goal|percentage|rate|proportion|ratio|score|threshold|phone number|limit)\b/i;

/** A name or a place beside half of the words is somebody else's. */
const SAME_THING = 0.85;
const STRICT: ReadonlySet<Question['kind']> = new Set(['who', 'where']);

/** "What is a PLP?": what it stands for, or what says what it is; used but never explained is said to be just that. */
function explainUsed(question: Question, index: Index): Answer | undefined {
  const answer = explainInitials(question, index);
  if (answer?.outcome === 'answer') return answer;
  if (index.passages.some((passage) => passage.kind !== 'section' && defines(question, passage)))
    return undefined;
  return answer?.outcome === 'refusal' && answer.reason === 'not-explained' ? answer : undefined;
}

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
        nameAuthor(question, index) ??
        nameSpeaker(question, index) ??
        composeAnswer({ ...question, kind: WHEN.test(question.text) ? 'when' : 'who' }, index, prefer)
      );
    case 'quoted':
      return nameSpeaker(question, index) ?? notSaid(nearestHeadings(rank(index, question.concepts)));
    case 'entries':
      return findEntries(question, index);
    case 'each':
      return compareDocuments(question, index);
    case 'how-many':
      return countThings(question, index) ?? notSaid(nearestHeadings(rank(index, question.concepts)));
    default:
      return undefined;
  }
}

/** The passage covers enough, and covers the word that the question turns on. */
function isEnough(question: Question, index: Index, hit: Hit): boolean {
  if (hit.coverage < ENOUGH) return false;
  const weights = question.concepts.map((concept) => weightOf(index, concept));
  const most = Math.max(0, ...weights);
  const heaviest = question.concepts[weights.indexOf(most)];
  const turnsOnIt = most >= TURNS_ON * weights.reduce((sum, weight) => sum + weight, 0);
  const context = `${hit.passage.text} ${hit.passage.path.join(' ')} ${hit.passage.author ?? ''}`;
  const missing = question.concepts.filter((concept) => concept.named && !isMet(concept, context));
  if (missing.length > 0 && hit.coverage < ENOUGH_WITHOUT_HEAD) return false;
  if (
    heaviest &&
    !isMet(heaviest, context) &&
    hit.coverage < (turnsOnIt ? ENOUGH_WITHOUT_HEAD : ENOUGH_SPREAD)
  )
    return false;
  const unknown = question.concepts.some(
    (concept) =>
      !LIGHT.has(concept.word) &&
      (concept.share ?? 1) > 0.5 &&
      isUnknown(index, concept) &&
      !isMet(concept, context),
  );
  if (unknown && hit.firm < ENOUGH_WITH_UNKNOWN) return false;
  return !(
    question.ours &&
    ['figure', 'money', 'who'].includes(question.kind) &&
    !speaksOfUs(hit.passage, index)
  );
}

/** Who asks an assistant of the trust asks about the trust. */
const OURS = { asked: 0.12, else: 0.05 };
/** A teaser that breaks off says less than a passage that ends. */
const BREAKS_OFF = 0.12;
/** The first words under a heading of the asked name. */
const OPENS = 0.06;

function bonusFor(
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
  const size = sizeOf(passage);
  if (question.kind === 'list') {
    if (size || passage.unlisted) bonus += 0.12;
    if (size && question.numbers.includes(size)) bonus += 0.25;
  } else if (passage.kind === 'list')
    bonus -= /^(?:and |so )?what (?:do|does|should|must|can|are|is)\b/i.test(question.text) ? 0.02 : 0.12;
  if (question.kind === 'definition' && defines(question, passage)) bonus += 0.25;
  if (isNamedIn(question.text, passage)) bonus += NAMED + (passage.items && asksUnder(question) ? 0.45 : 0);
  return bonus;
}

/** The question says the name of the section, or of the point, word for word. */
const NAMED = 0.15;

/** "Which priorities are under …", "what sits under …": everything below the heading is asked for. */
function asksUnder(question: Question): boolean {
  return question.kind === 'list' || /\b(?:under|within|part of|in|comes? under)\b/i.test(question.text);
}

/** Members of a list or announcement; an extra one (`+One`) does not count. */
function sizeOf(passage: Passage): number | undefined {
  if (!passage.items) return undefined;
  const extra = passage.text.split('\n').filter((text) => text.startsWith('+')).length;
  return passage.items.length - extra;
}

/** `X is a …`, `X: …`, `X enables …`: the passage says what the question's words are. */
function defines(question: Question, passage: Passage): boolean {
  const topic = question.concepts.map((concept) => concept.word).join('[ -]');
  if (!topic || topic.length > 80) return false;
  const shape = new RegExp(
    `\\b${escaped(topic)}s?[”"’']*(?: \\p{Ll}+)?(?: \\([^)]*\\))?(?:\\s*[:|–—]| (?:is|are|means|enables|refers|seeks|describes)\\b)`,
    'iu',
  );
  return shape.test(passage.text.replace(/[‘“]/g, ''));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|\\]/g, '\\$&');
}

/** The best, and a second one that says about as much in other words. */
const ONE_SOURCE: ReadonlySet<Question['kind']> = new Set([
  'money',
  'figure',
  'time',
  'when',
  'length',
  'often',
  'where',
  'who',
]);

function chooseShown(kind: Question['kind'], held: readonly Hit[], best: Hit): Hit[] {
  if (best.passage.items || ONE_SOURCE.has(kind)) return [best];
  const second = held.find(
    (hit) =>
      hit !== best &&
      hit.own >= best.own * ALSO &&
      !overlaps(hit.passage, best.passage) &&
      !hit.passage.items &&
      hit.passage.kind !== 'heading',
  );
  return second && second.score >= best.score * ALSO ? [best, second] : [best];
}

function overlaps(a: Passage, b: Passage): boolean {
  return a.doc === b.doc && (a.text.includes(b.text) || b.text.includes(a.text));
}

function relatedTo(held: readonly Hit[], chosen: readonly Hit[]): Passage[] {
  const related: Passage[] = [];
  for (const hit of held) {
    const near = hit.score >= (chosen[0]?.score ?? 0) * 0.7;
    if (
      near &&
      hit.passage.kind !== 'heading' &&
      ![...chosen.map((other) => other.passage), ...related].some((other) => overlaps(other, hit.passage))
    ) {
      related.push(hit.passage);
    }
  }
  return related.slice(0, Math.max(0, 3 - chosen.length));
}

/** A heading stands for what is below it; an announcement is shown with what it announces. */
export function shownFrom(
  question: Pick<Question, 'concepts'>,
  index: Index,
  passage: Passage,
  must?: (sentence: string, question: Question) => boolean,
): Statement[] {
  if (passage.members) {
    const members = passage.members.flatMap((id) => index.entries.get(id)?.passage ?? []);
    const lead = /[:…]$/.test(passage.text) ? [{ text: passage.text, passage }] : [];
    return [...lead, ...members.map((member) => ({ text: titleOf(member), passage: member, item: true }))];
  }
  if (passage.kind === 'heading') return underHeading(question, index, passage);
  const list = passage.kind === 'paragraph' ? ledList(index, passage) : undefined;
  if (list) return listStatements(list);
  return statementsFrom(
    index,
    passage,
    question.concepts,
    must ? (sentence) => must(sentence, question as Question) : undefined,
  );
}

/** The list that a paragraph leads into. */
function ledList(index: Index, paragraph: Passage): Passage | undefined {
  return index.passages.find(
    (other) =>
      other.doc === paragraph.doc && other.kind === 'list' && other.text.startsWith(`${paragraph.text}\n`),
  );
}

/** A heading as shown: its last line, without the marker. */
export function titleOf(heading: Passage): string {
  return (heading.text.split('\n').at(-1) ?? heading.text).replace(/^(?:\(?\d+[.)]|\+?\p{Lu}\p{Ll}+:) /u, '');
}

/** The first paragraph and the list below a heading. */
export function underHeading(
  question: Pick<Question, 'concepts'>,
  index: Index,
  heading: Passage,
): Statement[] {
  const title = titleOf(heading);
  const below = index.passages.filter(
    (passage) =>
      passage.doc === heading.doc &&
      passage.order > heading.order &&
      passage.path.at(-1)?.endsWith(title) &&
      passage.kind !== 'section' &&
      passage.kind !== 'byline',
  );
  const list = below.find((passage) => passage.kind === 'list');
  const paragraphs = below.filter((passage) => passage.kind === 'paragraph');
  const shown: Statement[] = [{ text: heading.text.split('\n').at(-1) ?? heading.text, passage: heading }];
  let words = 0;
  for (const paragraph of paragraphs) {
    if (list?.text.startsWith(paragraph.text)) break;
    if (words > SHORT_SECTION) break;
    words += countWords(paragraph.text);
    shown.push(...statementsFrom(index, paragraph, question.concepts));
  }
  if (list) shown.push(...listStatements(list));
  return shown;
}

/** Paragraphs of a section are shown until this many words have been. */
const SHORT_SECTION = 60;

/** A number in the question that the documents contradict: "five priorities" where six are announced; "2035" where they say 2030. */
function correctPremise(question: Question, index: Index): Answer | undefined {
  if (question.kind !== 'why' && question.kind !== 'other') return undefined;
  const rest = question.concepts.filter((concept) => numberOf(concept.word) === undefined);
  if (rest.length === 0) return undefined;
  for (const asked of question.numbers) {
    if (asked >= 1900 && asked < 2200) {
      if (index.frequency.has(String(asked))) continue;
      const hit = rank(index, rest).find(
        ({ passage, coverage }) =>
          coverage >= 0.35 && passage.kind !== 'section' && /\b20\d\d\b/.test(passage.text),
      );
      if (hit)
        return {
          outcome: 'answer',
          statements: statementsFrom(index, hit.passage, rest, (sentence) => /\b20\d\d\b/.test(sentence)),
          related: [],
          note: `The documents don't mention ${asked}. They say:`,
        };
    } else {
      if (question.kind !== 'why' && !/^(?:and |so )?(?:do|does|are|is|have|has|did)\b/i.test(question.text))
        continue;
      const correction = correctCount(question, rest, asked, index);
      if (correction) return correction;
    }
  }
  return undefined;
}

/** How many there are of what the question counts wrongly: as announced, as listed, or as a sentence says. */
function correctCount(
  question: Question,
  rest: readonly Concept[],
  asked: number,
  index: Index,
): Answer | undefined {
  const inForce = (hit: Hit) => (index.standing.get(hit.passage.doc) ?? 0) >= 0;
  const hit = rank(index, rest).find((other) => inForce(other) && announcedBy(other.passage) !== undefined);
  const size = hit && announcedBy(hit.passage);
  if (hit && size && hit.own >= 0.4) {
    if (size === asked) return undefined;
    const lead = { text: hit.passage.text.split('\n')[0] ?? '', passage: hit.passage };
    const shown = shownFrom(question, index, hit.passage);
    return {
      outcome: 'answer',
      statements: shown.some((statement) => statement.text === lead.text) ? shown : [lead, ...shown],
      related: [],
      note: `The documents say ${size}, not ${asked}.`,
    };
  }
  const noun = COUNTED.exec(question.text)?.[1];
  if (!noun) return undefined;
  const counted: Question = {
    ...question,
    kind: 'how-many',
    concepts: rest,
    target: [stemOf(noun.toLowerCase())],
  };
  const answer = countThings(counted, index);
  if (answer?.outcome !== 'answer') return undefined;
  const said = answer.statements.flatMap(({ text }) =>
    termsOf(text).flatMap((term) => numberOf(term.word) ?? []),
  );
  return said.includes(asked)
    ? undefined
    : { ...answer, note: `The documents don't say ${asked}. They say:` };
}

const COUNTED = /\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (\p{L}+s)\b/iu;

/** Members that a passage announces and shows: tied headings, or a list whose lead says their number. */
function announcedBy(passage: Passage): number | undefined {
  if (passage.members) return passage.members.length;
  const size = sizeOf(passage);
  const lead = passage.text.split('\n')[0] ?? '';
  return passage.kind === 'list' && size !== undefined && countAnnounced(lead) === size ? size : undefined;
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
