/** Rows of documents, passages, dialogues and questions. Written by `answers/store.ts` alone. */
import type { Json } from './foundation.ts';

export type AnswersTables = {
  answer_documents: AnswerDocumentRow;
  answer_passages: AnswerPassageRow;
  answer_dialogues: AnswerDialogueRow;
  answer_questions: AnswerQuestionRow;
};

/** A document that was read. `source`: `folder` or `library`. `hash` covers its bytes, its entry and the readers' version. */
export type AnswerDocumentRow = {
  id: string;
  source: string;
  hash: string;
  facts: Json<unknown>;
  read_at: Date;
};

export type AnswerPassageRow = { document_id: string; ord: number; id: string; body: Json<unknown> };

/** What a person and Waymark are talking about in one conversation; lapses. */
export type AnswerDialogueRow = {
  person_id: string;
  conversation_id: string;
  state: Json<unknown>;
  question_id: string;
  updated_at: Date;
};

/** A question without its asker, kept for a set number of days. */
export type AnswerQuestionRow = {
  id: string;
  asked_at: Date;
  question: string;
  outcome: string;
  passages: Json<readonly string[]>;
  reaction: string | null;
  reason: string | null;
};
