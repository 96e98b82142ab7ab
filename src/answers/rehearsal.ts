/**
 * Asks an index a few questions before anybody does: much of a first answer's time goes into compiling code, making word
 * lists and comparing documents with each other, and whoever asks first should not wait for that. Pure; nothing is kept.
 */
import { askFor } from './named-heading.ts';
import { replyTo } from './reply.ts';
import type { Index } from './retrieval.ts';
import { recogniseSafety } from './safety.ts';
import { takeTurn } from './turn.ts';

/** One of each sort of question, with a slip in one; what they find does not matter. */
const ASKED = [
  'What are our priorities this year?',
  'How many people are there, and who leads them?',
  'When is the next meeting and where?',
  'What does SEND stand for?',
  'Which documents are about learning?',
  'What do our documents each say about reading and writing?',
  'how offen do we chekc this, and why?',
  'Who said that growth matters, and who wrote it?',
  'What does this mean for me?',
];
const HEADINGS = 6;

/** Asks one question a step, so that a caller can let others come in between. */
export function* rehearsal(index: Index, today = ''): Generator<void> {
  const topics = index.passages
    .filter(({ kind, text }) => kind === 'heading' && text.length < 60)
    .slice(0, HEADINGS)
    .map(({ text }) => askFor(text));
  let before: Parameters<typeof takeTurn>[1];
  for (const typed of [...ASKED, ...topics, 'and the second one?']) {
    recogniseSafety(typed);
    const turn = takeTurn(typed, before, index);
    if (turn.kind === 'answer') {
      before = turn.next;
      replyTo(turn.answer, { trustName: 'us', docs: index.docs, today, personal: true });
    }
    yield;
  }
}

export function rehearse(index: Index): void {
  for (const _ of rehearsal(index));
}
