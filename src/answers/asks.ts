/**
 * A question that the documents leave open, passed to a person: who may do what with it, and what each step makes of it.
 * Pure. The state decides, never the card that was pressed; only publishing asks for the version that was shown.
 */
import type { Restriction } from './corpus.ts';
import type { Block } from './readers/block.ts';

export type AskAnswer = {
  readonly text: string;
  /** Who wrote it. */
  readonly by: string;
  readonly at: Date;
};

export type Ask = {
  /** The question's id. */
  readonly id: string;
  readonly askedAt: Date;
  /** Gone once the answer has reached them. Never shown when `named` is false. */
  readonly askerId?: string;
  readonly named: boolean;
  readonly question: string;
  /** What was asked before it, when it leans on that. */
  readonly topic?: string;
  /** What not all staff may open of the documents nearest to it: a note made of the answer reaches no further. */
  readonly within: readonly Restriction[];
  /** Those it was sent to, in order: people's ids, or a channel; any of them may answer while it is open. */
  readonly readers: readonly string[];
  readonly state: 'open' | 'answered' | 'published';
  readonly version: number;
  readonly answer?: AskAnswer;
};

export const ANSWER_LIMIT = 1_500;
export const NOTE_QUESTION_LIMIT = 200;

/** A channel among a question's readers. */
export const channelReader = (channelId: string): string => `channel:${channelId}`;
export const isChannel = (reader: string): boolean => reader.startsWith('channel:');

/** The keys of its messages in the ledger: one a reader, one for the answer. */
export const readerKey = (askId: string, reader: string): string => `ask/${askId}/${reader}`;
export const answerKey = (askId: string): string => `ask-answer/${askId}`;
/** The document that a published note becomes. */
export const noteId = (askId: string): string => `note:${askId}`;

/** Whoever answers in a channel becomes a reader: the card to publish from is their own. */
export function answered(ask: Ask, text: string, by: string, at: Date): Ask {
  const readers = ask.readers.includes(by) ? ask.readers : [...ask.readers, by];
  return { ...ask, readers, state: 'answered', version: ask.version + 1, answer: { text, by, at } };
}

export function passedOn(ask: Ask, to: string): Ask {
  return { ...ask, version: ask.version + 1, readers: [...ask.readers.filter((id) => id !== to), to] };
}

/** May it become a note? Only its own words, by their writer, and only as they were shown. */
export function mayPublish(ask: Ask, personId: string): boolean {
  return ask.state !== 'open' && ask.answer?.by === personId;
}

/** Days for which a note stands before it is asked for again. */
export const NOTE_DAYS = 365;

/** A note as a document's blocks: the question as its heading, the answer's paragraphs and points below. */
export function noteBlocks(question: string, answer: string): Block[] {
  const lines = answer
    .split('\n')
    .map((text) => text.trim())
    .filter(Boolean);
  return [
    { kind: 'heading', level: 1, text: question },
    ...lines.map((text): Block => {
      const point = /^[-•*]\s+(.+)$/.exec(text)?.[1];
      return point ? { kind: 'item', marker: '•', text: point } : { kind: 'paragraph', text };
    }),
  ];
}

/** What the second look begins with. */
export function shownFirst(ask: Ask): { readonly question: string; readonly answer: string } {
  const question = [ask.topic, ask.question].filter(Boolean).join(' ');
  return { question: question.slice(0, NOTE_QUESTION_LIMIT), answer: ask.answer?.text ?? '' };
}

/** A person's own part of it, for an export. */
export function keptOf(ask: Ask, personId: string) {
  return {
    at: ask.askedAt.toISOString(),
    ...(ask.askerId === personId ? { asked: ask.question } : {}),
    ...(ask.answer?.by === personId ? { answered: ask.answer.text } : {}),
  };
}
