/**
 * The one policy table: every verb of chat, cards, command line and endpoints, and who may. What it does not name, nobody may:
 * a verb that is missing here cannot be written in a use case, and one that is made up finds no line. Pure.
 */
import { ANSWERS } from './rows-answers.ts';
import { ATTENDANCE, ATTENDANCE_SIGHT } from './rows-attendance.ts';
import { CHAT, CONVERSATION } from './rows-chat.ts';
import { CHECKINS, REPLIES } from './rows-checkins.ts';
import { DIGEST_SIGHT, DIGESTS } from './rows-digests.ts';
import { MESSAGES, OPERATIONS } from './rows-operations.ts';
import { COMMANDS, ENDPOINTS } from './rows-outside.ts';
import type { Rule } from './rule.ts';

const TABLE = {
  ...CONVERSATION,
  ...CHAT,
  ...ANSWERS,
  ...ATTENDANCE,
  ...ATTENDANCE_SIGHT,
  ...CHECKINS,
  ...REPLIES,
  ...DIGESTS,
  ...DIGEST_SIGHT,
  ...OPERATIONS,
  ...MESSAGES,
  ...COMMANDS,
  ...ENDPOINTS,
} as const;

export type Verb = keyof typeof TABLE;
export const POLICY: Readonly<Record<Verb, Rule>> = TABLE;

/** Verbs of buttons: `checkins.approve`. */
export type CardVerb = Extract<Verb, `${string}.${string}`>;
/** Of one slice. */
export type CardVerbOf<Slice extends string> = Extract<CardVerb, `${Slice}.${string}`>;
export type Slice = CardVerb extends infer V ? (V extends `${infer S}.${string}` ? S : never) : never;
/** Fixed words of the chat: `word:digest`. */
export type WordVerb = Extract<Verb, `word:${string}`>;
export type CommandVerb = Extract<Verb, `cli:${string}`>;

const CARD_VERB = /^[a-z]+\.[a-z-]+$/;

/** A button's verb that is in the table; undefined for one that nobody may use. */
export function cardVerb(text: string): CardVerb | undefined {
  return CARD_VERB.test(text) && Object.hasOwn(TABLE, text) ? (text as CardVerb) : undefined;
}

/** The slice that a button's verb belongs to. */
export function sliceOf(verb: CardVerb): Slice {
  return verb.split('.')[0] as Slice;
}

export function isOf<S extends Slice>(slice: S, verb: CardVerb): verb is CardVerbOf<S> {
  return sliceOf(verb) === slice;
}

export const WORD_VERBS: readonly WordVerb[] = Object.keys(TABLE).filter((verb): verb is WordVerb =>
  verb.startsWith('word:'),
);
