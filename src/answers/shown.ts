/**
 * What is shown of the passages found: which of them, a heading with what stands below it, an announcement with what it
 * announces, a list whole. Every statement stays tied to its passage.
 */
import { countWords } from '../kernel/text.ts';
import type { Statement } from './answer.ts';
import type { Passage } from './corpus.ts';
import { listStatements, statementsFrom } from './extract.ts';
import type { Question } from './question.ts';
import { coverageOf, type Hit, type Index } from './retrieval.ts';
import { sentencesOf } from './shapes.ts';

/** How near the best a second passage must come to be shown as well. */
const ALSO = 0.88;

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

export function chooseShown(kind: Question['kind'], held: readonly Hit[], best: Hit): Hit[] {
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

export function relatedTo(held: readonly Hit[], chosen: readonly Hit[]): Passage[] {
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
  if (passage.kind === 'list') return pointByPoint(index, passage);
  const list = passage.kind === 'paragraph' ? ledList(index, passage) : undefined;
  if (list) return listStatements(list);
  return statementsFrom(
    index,
    passage,
    question.concepts,
    must ? (sentence) => must(sentence, question as Question) : undefined,
  );
}

/** A list's members, each from where it stands: those of a list with words between its points are passages of their own. */
function pointByPoint(index: Index, list: Passage): Statement[] {
  return listStatements(list).map((statement) => {
    if (!statement.item || list.text.includes(statement.text)) return statement;
    const own = index.ofDoc
      .get(list.doc)
      ?.find((other) => other.kind === 'item' && other.text.endsWith(statement.text));
    return own ? { ...statement, passage: own } : statement;
  });
}

/** The list that a paragraph leads into. */
function ledList(index: Index, paragraph: Passage): Passage | undefined {
  return index.ofDoc
    .get(paragraph.doc)
    ?.find((other) => other.kind === 'list' && other.text.startsWith(`${paragraph.text}\n`));
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
  const below = (index.ofDoc.get(heading.doc) ?? []).filter(
    (passage) =>
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
  return shown.length > 1 ? shown : [...shown, ...saidNext(index, heading)];
}

/** "Our golden rule", and the rule in the same large type: what a heading without words heads is printed next. */
function saidNext(index: Index, heading: Passage): Statement[] {
  const next = (index.ofDoc.get(heading.doc) ?? []).find(
    ({ order, kind }) => order > heading.order && kind !== 'section' && kind !== 'byline',
  );
  return next ? [{ text: next.text.split('\n').at(-1) ?? next.text, passage: next }] : [];
}

/** Paragraphs of a section are shown until this many words have been. */
const SHORT_SECTION = 60;

/** `…: a, b and c`, or three members and more within a sentence. */
const ENUMERATES = /(?:[^,;]+[,;] ){2,}(?:and |or )?[^,;]+/;
const AFTER_COLON = /: [^,;:]+(?:, [^,;:]+)+,? (?:and|or) /;

/**
 * The sentence of a paragraph that lists what was asked for, alone: the sentences around it are no members. What follows a
 * colon is shown member by member. Undefined where the passage is a list itself or no sentence that speaks of it enumerates.
 */
export function inlineList(
  question: Pick<Question, 'concepts'>,
  index: Index,
  passage: Passage,
): Statement[] | undefined {
  if (passage.items || passage.members || passage.kind !== 'paragraph' || ledList(index, passage))
    return undefined;
  const sentences = sentencesOf(passage.text);
  // "So much has shifted …" leads into the sentence after it.
  const scores = sentences.map((text) => coverageOf(index, question.concepts, text));
  const best = Math.max(...scores);
  const reaches = (place: number, least: number) =>
    (scores[place] ?? 0) >= least ||
    (/[:…]$/.test(sentences[place - 1] ?? '') && (scores[place - 1] ?? 0) >= least);
  const listing =
    sentences.find((text, place) => AFTER_COLON.test(text) && reaches(place, SPEAKS_OF_IT)) ??
    sentences.find((text, place) => ENUMERATES.test(text) && reaches(place, Math.max(best, SPEAKS_OF_IT)));
  if (!listing) return undefined;
  const [, lead = '', members = ''] = /^(.{3,120}?:) (.+?)\.?$/.exec(listing) ?? [];
  const items = members.split(/, (?:and )?| and /).filter(Boolean);
  const isPlain = items.length >= 3 && items.every((item) => countWords(item) <= MOST_WORDS);
  if (!isPlain) return [{ text: listing, passage }];
  return [{ text: lead, passage }, ...items.map((text) => ({ text, passage, item: true }))];
}

const SPEAKS_OF_IT = 0.4;
const MOST_WORDS = 10;
