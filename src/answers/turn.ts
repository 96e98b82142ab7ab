/**
 * One turn of a conversation, pure: what was typed and what was said before give an answer and the next state. Talk is told
 * apart first; then follow-ups; then each part of the question is answered for itself.
 */
import { said } from '../cards/elements.ts';
import { listInWords, shorten } from '../kernel/text.ts';
import { type Answer, notSaid } from './answer.ts';
import { composeAnswer } from './compose.ts';
import type { Passage } from './corpus.ts';
import { withDisagreements } from './disagree.ts';
import { answerFollowUp, type Conversation } from './follow-up.ts';
import { keepGrounded } from './grounding.ts';
import { answerForHeading } from './named-heading.ts';
import { partsOf, readQuestion } from './question.ts';
import type { Index } from './retrieval.ts';
import { answerForRole, asksForMe } from './role.ts';
import { recogniseTalk, type Talk } from './smalltalk.ts';
import { nameOfPeriod, withoutPeriod } from './standing.ts';

export type Turn =
  | { readonly kind: 'talk'; readonly talk: Exclude<Talk, 'order'> }
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      readonly next: Conversation | undefined;
      /** What was asked before, when this was read as leaning on it. */
      readonly about?: string | undefined;
    };

/**
 * `jobTitle`: the asker's, as the directory has it; used only where the question asks what something means for them.
 * `recognise`: tells talk and orders from questions.
 */
export function takeTurn(
  typed: string,
  before: Conversation | undefined,
  index: Index,
  jobTitle = '',
  recognise: typeof recogniseTalk = recogniseTalk,
): Turn {
  const talk = recognise(typed, (name) =>
    index.vocabulary.words.has(name.toLowerCase().split(' ').at(-1) ?? ''),
  );
  if (talk === 'order')
    return { kind: 'answer', answer: { outcome: 'refusal', reason: 'command', nearest: [] }, next: before };
  if (talk) return { kind: 'talk', talk };
  if (asksForMe(typed)) {
    const answer = keepGrounded(answerForRole(typed, jobTitle, index, before));
    return { kind: 'answer', answer, next: remember(typed, answer) ?? before };
  }
  const topic = index.asked ? withoutPeriod(typed) : typed;
  const whole = readQuestion(topic, index);
  const parts = whole.kind === 'each' || whole.kind === 'entries' ? [topic] : partsOf(topic);
  let conversation = before;
  let about: string | undefined;
  const answers: Answer[] = [];
  for (const part of parts) {
    const question = part === topic ? whole : readQuestion(part, index);
    const followed = answerFollowUp(question, conversation, index);
    if (followed && conversation === before) about = aboutOf(before);
    const found = followed ?? composeAnswer(question, index);
    const named = found.outcome === 'answer' ? undefined : answerForHeading(part, index);
    const answer = keepGrounded(named ?? found);
    answers.push(ofItsTime(withDisagreements(answer, index), index));
    const led = followed ? aboutOf(conversation) : undefined;
    conversation = remember(part, answer, led) ?? conversation;
  }
  return { kind: 'answer', answer: joinParts(answers, parts), next: conversation, about };
}

/** What is said of now is no answer about a year that no document covers, unless its words speak of that year. */
function ofItsTime(answer: Answer, index: Index): Answer {
  if (answer.outcome !== 'answer' || !index.asked?.uncovered) return answer;
  const name = nameOfPeriod(index.asked.period).replace('–', '[-–/](?:20)?');
  const says = new RegExp(`\\b(?:${name}|(?:last|next|previous) year)\\b`, 'i');
  if (answer.statements.some(({ text }) => says.test(text))) return answer;
  return notSaid(citedPassages(answer).slice(0, 2), 'not-then');
}

/** Parts that were answered, one after the other, and which were not; refused only when none was. */
function joinParts(answers: readonly Answer[], parts: readonly string[]): Answer {
  const answered = answers.flatMap((answer) => (answer.outcome === 'answer' ? [answer] : []));
  const first = answered[0];
  if (!first) return answers[0] ?? { outcome: 'refusal', reason: 'not-said', nearest: [] };
  const left = parts.filter((_, place) => answers[place]?.outcome !== 'answer');
  const open =
    left.length > 0
      ? [`The documents don't say ${listInWords(left.map((part) => `"${said(shorten(part.trim(), 80))}"`))}.`]
      : [];
  const notes = [...new Set([...open, ...answered.flatMap(({ note }) => note ?? [])])];
  return {
    outcome: 'answer',
    statements: answered.flatMap((answer) => answer.statements),
    related: answered.length > 1 ? [] : first.related,
    ...(notes.length > 0 ? { note: notes.join(' ') } : {}),
  };
}

/** The questions that a follow-up leans on, as typed, first one first. */
function aboutOf(before: Conversation | undefined): string | undefined {
  return before && [before.about, before.topic].filter(Boolean).join(' ').slice(-MOST_ABOUT);
}

const MOST_ABOUT = 300;

function remember(typed: string, answer: Answer, about?: string): Conversation | undefined {
  if (answer.outcome !== 'answer') return undefined;
  const items = answer.statements
    .filter((statement) => statement.item)
    .map((statement) => ({ text: statement.text, passage: statement.passage.id }));
  return {
    topic: typed,
    ...(about ? { about } : {}),
    items,
    passages: [...new Set(answer.statements.map((statement) => statement.passage.id))].slice(0, 12),
  };
}

/** Passages of an answer in the order shown, then those worth opening as well; each once. */
export function citedPassages(answer: Answer): Passage[] {
  if (answer.outcome !== 'answer') return [];
  const byId = new Map(answer.statements.map((statement) => [statement.passage.id, statement.passage]));
  for (const passage of answer.related) if (!byId.has(passage.id)) byId.set(passage.id, passage);
  return [...byId.values()];
}
