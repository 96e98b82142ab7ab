/** Rows of passages, questions in conversation, feedback. Written by `answers/store.ts` alone. */
export type AnswersTables = Record<never, never>;
