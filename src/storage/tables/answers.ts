/** Rows of documents, passages, dialogues, questions, questions passed on, and the library. Each is written by one store of `answers`. */
import type { Json } from './foundation.ts';

export type AnswersTables = {
  answer_documents: AnswerDocumentRow;
  answer_passages: AnswerPassageRow;
  answer_dialogues: AnswerDialogueRow;
  answer_questions: AnswerQuestionRow;
  answer_asks: AnswerAskRow;
  answer_library_items: AnswerLibraryItemRow;
  answer_library_state: AnswerLibraryStateRow;
  answer_health_told: AnswerHealthToldRow;
};

/** What an owner was last told of their documents: hashes of findings, and how many cards there have been. */
export type AnswerHealthToldRow = {
  owner: string;
  findings: Json<readonly string[]>;
  round: number;
  told_at: Date;
};

/** A document that was read. `source`: `folder`, `library`, or `note` for one that a colleague published here. `hash` covers its bytes, its entry and the readers' version. */
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
  /** Tells askers apart without saying who they are; goes with the question. */
  asker_mark: string | null;
  /** Of a refusal: whom the asker was offered. */
  reader_id: string | null;
  /** Of a follow-up: what was asked before it. */
  topic: string | null;
  /** Of a refusal: restrictions of the documents nearest to it. */
  within: Json<unknown>;
};

/** A question that its asker passed on. `asker_id` goes once the answer has reached them. */
export type AnswerAskRow = {
  id: string;
  asked_at: Date;
  asker_id: string | null;
  named: boolean;
  question: string;
  readers: Json<readonly string[]>;
  topic: string | null;
  within: Json<unknown>;
  state: 'open' | 'answered' | 'published';
  version: number;
  answer: string | null;
  answered_by: string | null;
  answered_at: Date | null;
};

/** A file of the library as it was last listed. `problem`: why this version of it is not answered from. */
export type AnswerLibraryItemRow = {
  drive: string;
  item_id: string;
  name: string;
  version: string;
  url: string;
  problem: Json<unknown> | null;
  columns: Json<unknown> | null;
};

export type AnswerLibraryStateRow = { drive: string; delta_link: string; read_at: Date };
