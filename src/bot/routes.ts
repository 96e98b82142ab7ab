/**
 * The index of what people can say and press: which event goes to which use case, in which order. Safety comes before
 * everything, staff before answers, company before words. Use cases are ports that `app` binds; each takes an `Entry` of the
 * policy, so that nothing reaches one unjudged.
 */
import { type Entry, enter } from '../access/decide.ts';
import {
  type CardVerb,
  type CardVerbOf,
  cardVerb,
  isOf,
  type Slice,
  sliceOf,
  WORD_VERBS,
  type WordVerb,
} from '../access/policy.ts';
import type { Card } from '../cards/elements.ts';
import { type CardCommand, parseCommand } from '../cards/envelope.ts';
import type { CardReply, FilePlace, MessageReply } from '../cards/reply.ts';
import type { Person } from '../directory/model.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
import { fold } from '../kernel/text.ts';
import { sleep } from '../kernel/time.ts';
import { type Actor, type Company, type CompanyPorts, companyOf, placeOf } from './identity.ts';
import type { AttachedFile, Conversation } from './inbound.ts';
import { mixedCompanyLine, OWN_CHAT_LINE, outsiderLine } from './lines.ts';

export type Question = {
  readonly text: string;
  readonly person: Person;
  readonly conversationId: string;
  /** Ids of everyone who will read the answer; only the asker in a personal chat. */
  readonly readers: readonly string[];
  readonly place: Conversation['kind'];
  readonly channelId?: string | undefined;
};

export type UseCases = CompanyPorts & {
  readonly trustName: string;
  /** The fixed safeguarding card when the words may concern someone's safety; undefined otherwise. Keeps nothing. */
  readonly safety: (text: string, person: Person, typedInto: 'chat' | 'form') => Card | undefined;
  readonly ask: (entry: Entry<'say:question'>, question: Question, now: Date) => Promise<MessageReply>;
  /** Makes the file that was offered, for whoever may have it, and saves it where Teams says. */
  readonly saveFile: (
    entry: Entry<'file:save'>,
    context: unknown,
    place: FilePlace,
    person: Person,
    now: Date,
  ) => Promise<MessageReply>;
  /** Looks at a file that somebody attached in their own chat, and keeps nothing of it. */
  readonly checkFile: (entry: Entry<'file:check'>, file: AttachedFile, now: Date) => Promise<MessageReply>;
  /** Words that open something instead of asking: `digest`, `my check-ins`. */
  readonly words: { readonly [V in WordVerb]: Word<V> };
  /** By the slice a verb belongs to. */
  readonly acts: {
    readonly [S in Slice]: (
      entry: Entry<CardVerbOf<S>>,
      command: CardCommand,
      person: Person,
      conversation: Conversation,
      now: Date,
    ) => Promise<CardReply>;
  };
};

/** `said`: folded, without the full stop. */
export type Word<V extends WordVerb> = {
  readonly said: readonly string[];
  readonly answer: (entry: Entry<V>, person: Person, now: Date) => Promise<MessageReply>;
};

/** What to answer a message with: a reply, silence, or one of the fixed things that are never stored. */
export type MessageOutcome =
  | { readonly kind: 'reply'; readonly reply: MessageReply }
  | { readonly kind: 'fixed'; readonly text: string }
  /** `alone`: someone present is not staff, so the card goes to the sender's own chat and nothing is said here. */
  | { readonly kind: 'safety'; readonly card: Card; readonly alone: boolean }
  | { readonly kind: 'silence' };

const SILENCE: MessageOutcome = { kind: 'silence' };

/** Answers words that were typed. `actor` is undefined for anyone who is not staff. */
export async function onMessage(
  cases: UseCases,
  message: { readonly text: string; readonly addressed: boolean; readonly conversation: Conversation },
  actor: Actor | undefined,
  now: Date,
): Promise<MessageOutcome> {
  if (!message.addressed) return SILENCE;
  if (!actor)
    return message.conversation.kind === 'personal'
      ? { kind: 'fixed', text: outsiderLine(cases.trustName) }
      : SILENCE;
  const safety = cases.safety(message.text, actor.person, 'chat');
  if (safety)
    return { kind: 'safety', card: safety, alone: !(await isStaffOnly(cases, message.conversation)) };
  const company = await companyOf(message.conversation, cases);
  if (company.kind === 'mixed') {
    return message.conversation.kind === 'channel'
      ? SILENCE
      : { kind: 'fixed', text: mixedCompanyLine(cases.trustName) };
  }
  const word = wordIn(cases, message.text);
  if (word && company.kind !== 'alone') return { kind: 'fixed', text: OWN_CHAT_LINE };
  if (word) return { kind: 'reply', reply: await answerWord(cases, word, actor, now) };
  const entry = enter('say:question', actor.holder, placeOf(message.conversation));
  if (isRefusal(entry)) return { kind: 'fixed', text: entry.message };
  return { kind: 'reply', reply: await cases.ask(entry, questionOf(message, actor, company), now) };
}

function wordIn({ words }: UseCases, text: string): WordVerb | undefined {
  const said = fold(text).replace(/[.!?]+$/, '');
  return WORD_VERBS.find((verb) => words[verb].said.includes(said));
}

async function answerWord<V extends WordVerb>(
  { words, trustName }: UseCases,
  verb: V,
  { person, holder, conversation }: Actor,
  now: Date,
): Promise<MessageReply> {
  const entry = enter(verb, holder, placeOf(conversation), { trust: trustName });
  return isRefusal(entry) ? { kind: 'reply', text: entry.message } : words[verb].answer(entry, person, now);
}

/** What must not wait for Graph asks so: who cannot be read, or not at once, counts as somebody outside. */
export async function isStaffOnly(cases: UseCases, conversation: Conversation): Promise<boolean> {
  const enough = new AbortController();
  const tooLong = sleep(COMPANY_PATIENCE, enough.signal).then(() => false);
  const asked = companyOf(conversation, cases).then(
    (company) => company.kind !== 'mixed',
    (error: unknown) => {
      if (error instanceof Error) return false;
      throw error;
    },
  );
  try {
    return await Promise.race([asked, tooLong]);
  } finally {
    enough.abort();
  }
}

/** Milliseconds. */
const COMPANY_PATIENCE = 1_500;

function questionOf(
  message: { text: string; conversation: Conversation },
  actor: Actor,
  company: Exclude<Company, { kind: 'mixed' }>,
): Question {
  return {
    text: message.text,
    person: actor.person,
    conversationId: message.conversation.id,
    readers: company.kind === 'alone' ? [actor.person.id] : company.ids,
    place: message.conversation.kind,
    channelId: message.conversation.channelId,
  };
}

/** A school's week as its channel or its leadership chat has it: not a head's own card, a tutor's, a question's. */
const POSTED = /^[^/]+\/\d{4}-W\d{2}(?:\/leaders)?$/;

/**
 * Whether the outcome of a button may stand where a whole channel or chat reads it. Only the weekly nudge is made for that;
 * any other card there was passed on, and its outcome is for the one who pressed alone.
 */
export function isForAll(data: unknown): boolean {
  const command = parseCommand(data);
  if (isRefusal(command) || command.typed !== '') return false;
  const { verb, id } = command.envelope;
  return verb.startsWith('attendance.') && POSTED.test(id);
}

/** Answers a button. The actor is the signed sender; the card's data only says which thing and which version was shown. */
export async function onCommand(
  cases: UseCases,
  data: unknown,
  actor: Actor | undefined,
  now: Date,
): Promise<CardReply> {
  if (!actor) return refuse('not-staff', outsiderLine(cases.trustName));
  const command = parseCommand(data);
  if (isRefusal(command)) return command;
  // What is typed into a card is as much a message as what is typed into the chat.
  const safety = command.typed && cases.safety(command.typed, actor.person, 'form');
  if (safety) return { kind: 'card', card: safety };
  const verb = cardVerb(command.envelope.verb);
  if (!verb)
    return refuse(
      'unknown-card',
      'I do not recognise that button. Please use the newest card, or type "help".',
    );
  return answerPress(cases, sliceOf(verb), verb, command, actor, now);
}

async function answerPress<S extends Slice>(
  { acts, trustName }: UseCases,
  slice: S,
  verb: CardVerb,
  command: CardCommand,
  { person, holder, conversation }: Actor,
  now: Date,
): Promise<CardReply> {
  if (!isOf(slice, verb)) throw new RangeError(`${verb} is no verb of ${slice}`);
  const entry = enter(verb, holder, placeOf(conversation), { trust: trustName });
  return isRefusal(entry) ? entry : acts[slice](entry, command, person, conversation, now);
}
