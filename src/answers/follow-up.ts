/**
 * Conversation: what a question leaves to the one before it ("the second one", "and for SEND?"). The state is small, plain
 * data that a store can keep: the last topic, the list shown, the passages cited.
 */
import { type Answer, notSaid } from './answer.ts';
import { composeAnswer } from './compose.ts';
import type { DocumentFacts } from './corpus.ts';
import { statementsFrom } from './extract.ts';
import { type Question, readQuestion } from './question.ts';
import { coverageOf, type Index, rank } from './retrieval.ts';
import { attributionOf, labelOf, numberOf } from './shapes.ts';
import { shownFrom, titleOf, underHeading } from './shown.ts';

export type Conversation = {
  /** The last question that was answered, as typed. */
  readonly topic: string;
  /** Where that one leaned on another: the questions before it, the first of which stood on its own. */
  readonly about?: string | undefined;
  /** Members of the list last shown, with the passage of each. */
  readonly items: readonly { readonly text: string; readonly passage: string }[];
  /** Passages last cited. */
  readonly passages: readonly string[];
};

const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const LEANS =
  /^(?:and|so|but|ok|okay|then)\b|\b(?:what|how) about\b|\btell me more\b|\bmore (?:on|about) (?:that|this|it)\b|\b(?:it|that|this|they|them|those|these|one|ones|he|she|its|their)\b|\b(?:else|instead)\b/i;
const SOURCE =
  /\b(?:which|what) (?:book|document|source|page|section|author)\b|\bwhere (?:is|does|was|did) (?:that|this|it)\b|\bwho (?:said|wrote|is) (?:that|this|it)\b|\bwhose\b/i;

/** Whether what was said binds anybody. */
const WHOSE =
  /^(?:and |so |but )?(?:is|was) (?:that|this|it) (?:(?:our|the|a|now|actually|really|the trust'?s|trust) )*(?:policy|rule|official)\b/i;
const STANDS: Readonly<Record<DocumentFacts['kind'], string>> = {
  policy: 'Yes, that is our policy.',
  essay: "No, that is one leader's essay.",
  outside: 'No, that is outside reading.',
  note: "No, that is a colleague's note.",
};

/** The answer of a question that leans on the conversation; undefined when it stands on its own. */
export function answerFollowUp(
  question: Question,
  before: Conversation | undefined,
  index: Index,
): Answer | undefined {
  if (!before) return undefined;
  const place = placeAsked(question.text, before.items.length);
  if (place !== undefined && question.concepts.length <= 3) {
    const item = before.items[place];
    return item ? aboutItem(item, question, index) : notSaid();
  }
  if (question.concepts.length > 4 || (question.concepts.length > 0 && !LEANS.test(question.text)))
    return undefined;
  if (WHOSE.test(question.text)) {
    const answer = whoseWords(before, index);
    if (answer) return answer;
  }
  if (SOURCE.test(question.text)) {
    const passage = before.passages
      .flatMap((id) => index.entries.get(id)?.passage ?? [])
      .find((cited) => attributionOf(cited.text));
    if (passage)
      return {
        outcome: 'answer',
        statements: statementsFrom(
          index,
          passage,
          question.concepts,
          (sentence) => attributionOf(sentence) !== undefined,
        ),
        related: [],
      };
  }
  const named = before.items.filter(
    (item) => question.concepts.length > 0 && coverageOf(index, question.concepts, item.text) >= 0.75,
  );
  if (named.length === 1 && named[0]) return aboutItem(named[0], question, index);
  return withTopic(question, before, index);
}

/** Whose words were last shown, with their document's own line on that where it has one. */
function whoseWords(before: Conversation, index: Index): Answer | undefined {
  const cited = before.passages.flatMap((id) => index.entries.get(id)?.passage ?? [])[0];
  const doc = cited && index.docs.get(cited.doc);
  if (!cited || !doc) return undefined;
  const byline = index.ofDoc.get(cited.doc)?.find(({ kind }) => kind === 'byline') ?? cited;
  const [first] = statementsFrom(index, byline, []);
  return first && { outcome: 'answer', statements: [first], related: [], note: STANDS[doc.kind] };
}

/** `the second one`, `number 3`, `the last`: an index into the list last shown. */
function placeAsked(text: string, length: number): number | undefined {
  if (length === 0) return undefined;
  const word = ORDINALS.findIndex((ordinal) => new RegExp(`\\b${ordinal}\\b`, 'i').test(text));
  if (word >= 0) return word;
  if (/\b(?:the )?last (?:one|point|priority|step|idea|area)?\b/i.test(text)) return length - 1;
  const numbered =
    /\b(?:number|no\.?|#|point|item|priority|step|idea) ?(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\b|\b(\d{1,2})(?:st|nd|rd|th)\b/i.exec(
      text,
    );
  const value = numberOf(numbered?.[1] ?? numbered?.[2] ?? '');
  return value === undefined ? undefined : value - 1;
}

function aboutItem(item: Conversation['items'][number], question: Question, index: Index): Answer {
  const passage = index.entries.get(item.passage)?.passage;
  if (!passage) return notSaid();
  if (passage.kind === 'heading')
    return { outcome: 'answer', statements: underHeading(question, index, passage), related: [] };
  const label = labelOf(item.text) ?? item.text;
  const heading = index.passages.find(
    (other) =>
      other.kind === 'heading' && other.doc === passage.doc && [label, item.text].includes(titleOf(other)),
  );
  if (heading)
    return { outcome: 'answer', statements: underHeading(question, index, heading), related: [passage] };
  const own =
    index.passages.find(
      (other) => other.doc === passage.doc && other.kind === 'item' && other.text.endsWith(item.text),
    ) ?? passage;
  const shown =
    own.kind === 'item' ? statementsFrom(index, own, question.concepts) : shownFrom(question, index, own);
  return { outcome: 'answer', statements: shown, related: [] };
}

/** The new words with the old topic behind them; passages of the last answer are preferred. */
function withTopic(question: Question, before: Conversation, index: Index): Answer {
  const old = readQuestion(before.topic, index);
  const known = new Set(question.concepts.map((concept) => concept.word));
  const left = old.concepts.filter((concept) => !known.has(concept.word));
  const share = carriedShare(question, left.length);
  const carried = left.map((concept) => ({ ...concept, named: false, share }));
  const joined: Question = {
    ...question,
    kind: question.kind === 'definition' || question.kind === 'list' ? 'other' : question.kind,
    concepts: [...question.concepts, ...carried],
  };
  const near = neighbours(before, index, question.concepts.length === 0);
  const alone = question.concepts.length > 0 ? rank(index, question.concepts)[0] : undefined;
  const answer = composeAnswer(joined, index, near);
  if (!alone) return answer;
  const stays = (one: Answer) => one.outcome === 'answer' && near.has(one.statements[0]?.passage.id ?? '');
  if (answer.outcome === 'answer' && (stays(answer) || near.size === 0)) return answer;
  const ofItself = composeAnswer(question, index, near);
  return stays(ofItself) || answer.outcome !== 'answer' ? ofItself : answer;
}

/** How much each word of the old topic still counts: fully where nothing new is named; a long topic less than the new word. */
function carriedShare(question: Question, carried: number): number {
  const fresh = question.concepts.length;
  if (fresh === 0) return 1;
  const refers = /^(?:and|so|but|what if|if)\b.*\b(?:it|that|this|they|them|those|these)\b/i.test(
    question.text,
  );
  return refers ? 0.8 : 0.4 * Math.min(1, fresh / Math.max(1, carried));
}

/** What standing where the last answer stood is worth. */
const NEAR = { section: 0.1, document: 0.2 };

/** Passages of the same sections, and after a list of the same document, are preferred; when nothing new was named, those already shown stand back. */
function neighbours(before: Conversation, index: Index, asksForMore: boolean): Map<string, number> {
  const cited = before.passages.flatMap((id) => index.entries.get(id)?.passage ?? []);
  const sections = new Set(cited.map((passage) => JSON.stringify([passage.doc, passage.path])));
  // After a list, "and attendance?" asks what the same document says of it.
  const document = before.items.length > 0 ? NEAR.document : 0;
  const near = new Map<string, number>();
  for (const doc of new Set(cited.map((passage) => passage.doc)))
    for (const passage of index.ofDoc.get(doc) ?? []) {
      const section = sections.has(JSON.stringify([passage.doc, passage.path])) ? NEAR.section : 0;
      if (section + document > 0) near.set(passage.id, section + document);
    }
  if (asksForMore) for (const passage of cited) near.set(passage.id, -0.4);
  return near;
}
