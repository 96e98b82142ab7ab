/**
 * Reads what an owner or a reviewer typed. Gives an answer, or one clear sentence about the first thing to mend; what was
 * typed is kept so that the card can show it again. Knows the inputs by id, nothing of who may send them.
 */
import { z } from 'zod/v4';
import type { Inputs } from '../cards/envelope.ts';
import type { Aim } from './aim.ts';
import type { Answer } from './lifecycle.ts';
import type { Concerned } from './unblockers.ts';

/** What stands in the form's fields, as text. */
export type Typed = {
  readonly status: string;
  readonly confidence: string;
  readonly value: string;
  readonly note: string;
  readonly blocker: string;
  readonly evidence: string;
  /** Who could take away what is in the way: in words, or by the id of one who was offered. */
  readonly unblocker: string;
  readonly unblockerId: string;
};

/** `message` is one sentence for the person. */
export type FormProblem = { readonly kind: 'problem'; readonly message: string };

export const NOTE_LIMIT = 500;
export const BLOCKER_LIMIT = 300;
export const UNBLOCKER_LIMIT = 80;
/** Chosen in place of a colleague: a list cannot be emptied again once something of it was chosen. */
export const NO_UNBLOCKER = 'nobody';
export const EVIDENCE_LIMIT = 500;
export const COMMENT_LIMIT = 500;

/** Longer than any form allows; keeps a forged field from filling the card that shows it again. */
const KEPT_LIMIT = 1200;
const LARGEST_VALUE = 1_000_000_000;

const AnswerShape = z.object({
  status: z.enum(['on-track', 'at-risk', 'off-track'], {
    error: 'Please choose how it is going: on track, at risk or off track.',
  }),
  confidence: z.enum(['high', 'medium', 'low'], { error: 'Please choose how sure you are of reaching it.' }),
  value: z
    .string()
    .transform((text) => text.replace(/[\s,]|%$/g, ''))
    .refine((text) => text === '' || /^-?\d+(\.\d+)?$/.test(text), {
      error: 'Please give the figure as a number, such as 96, or leave it empty.',
    })
    .transform((text) => (text === '' ? undefined : Number(text) + 0))
    .refine((value) => value === undefined || Math.abs(value) <= LARGEST_VALUE, {
      error: 'That figure is too large. Please check it.',
    }),
  note: z.string().max(NOTE_LIMIT, { error: `Please keep the note to ${NOTE_LIMIT} characters.` }),
  blocker: z
    .string()
    .max(BLOCKER_LIMIT, { error: `Please keep what is in the way to ${BLOCKER_LIMIT} characters.` }),
  unblocker: z
    .string()
    .max(UNBLOCKER_LIMIT, { error: `Please keep who could take it away to ${UNBLOCKER_LIMIT} characters.` }),
  evidence: z
    .string()
    .max(EVIDENCE_LIMIT, { error: `Please use a link of at most ${EVIDENCE_LIMIT} characters.` })
    .refine((text) => text === '' || isPlainHttps(text), {
      error: 'Please give the evidence as a link that begins with https://, or leave it empty.',
    }),
});

const CommentShape = z
  .string()
  .min(1, { error: 'Please say in a few words what you would like changed.' })
  .max(COMMENT_LIMIT, { error: `Please keep the comment to ${COMMENT_LIMIT} characters.` });

const QuestionShape = z
  .string()
  .min(1, { error: 'Please say in a few words what you would like to know.' })
  .max(COMMENT_LIMIT, { error: `Please keep the question to ${COMMENT_LIMIT} characters.` });

const ReplyShape = z
  .string()
  .min(1, { error: 'Please write a few words in answer.' })
  .max(COMMENT_LIMIT, { error: `Please keep the answer to ${COMMENT_LIMIT} characters.` });

export function typedFrom(inputs: Inputs): Typed {
  const read = (name: keyof Typed) => (inputs[name] ?? '').trim().slice(0, KEPT_LIMIT);
  return {
    status: read('status'),
    confidence: read('confidence'),
    value: read('value'),
    note: read('note'),
    blocker: read('blocker'),
    evidence: read('evidence'),
    unblocker: read('unblocker'),
    unblockerId: read('unblockerId') === NO_UNBLOCKER ? '' : read('unblockerId'),
  };
}

/** Whether there is anything in the form that was not sent already. */
export function isWorthKeeping(typed: Typed, sent: Answer | undefined): boolean {
  const before = sent && typedAgain(sent);
  return Object.entries(typed).some(
    ([field, words]) => words !== '' && words !== before?.[field as keyof Typed],
  );
}

/** Whether two answers fill the form alike. */
export function saysTheSame(one: Answer, other: Answer): boolean {
  const before = typedAgain(other);
  return Object.entries(typedAgain(one)).every(([field, words]) => words === before[field as keyof Typed]);
}

/** The form's fields as an earlier answer filled them. */
export function typedAgain(answer: Answer): Typed {
  const { unblocker = '', unblockerId = '' } = answer;
  return {
    ...answer,
    value: answer.value === undefined ? '' : String(answer.value),
    unblocker: unblockerId === '' ? unblocker : '',
    unblockerId,
  };
}

/** `concerned`: who may be chosen to take away what is in the way; anybody else is meant by words. */
export function readAnswer(
  typed: Typed,
  { direction }: Pick<Aim, 'direction'> = {},
  concerned: readonly Concerned[] = [],
): Answer | FormProblem {
  const parsed = AnswerShape.safeParse(typed);
  if (!parsed.success) return problemOf(parsed.error);
  const { value, unblocker, ...rest } = parsed.data;
  if (direction === 'yes-no' && value !== undefined && value !== 0 && value !== 1)
    return { kind: 'problem', message: 'Please choose whether it is done, or leave that open.' };
  const named = readUnblocker({ ...typed, unblocker }, concerned);
  if (isProblem(named)) return named;
  return { ...rest, ...(value === undefined ? {} : { value }), ...named };
}

/** With nothing in the way a choice is left over from last time and is dropped; words were typed for something. */
function readUnblocker(
  { blocker, unblocker, unblockerId }: Pick<Typed, 'blocker' | 'unblocker' | 'unblockerId'>,
  concerned: readonly Concerned[],
): Pick<Answer, 'unblocker' | 'unblockerId'> | FormProblem {
  if (blocker === '')
    return unblocker === ''
      ? {}
      : {
          kind: 'problem',
          message: 'Please say what is in the way too, or leave out who could take it away.',
        };
  if (unblockerId === '') return unblocker === '' ? {} : { unblocker };
  if (unblocker !== '')
    return {
      kind: 'problem',
      message: 'Please choose one colleague who could take it away, or write who: one of the two.',
    };
  const chosen = concerned.find(({ id }) => id === unblockerId);
  return chosen
    ? { unblocker: chosen.name, unblockerId: chosen.id }
    : { kind: 'problem', message: 'Please choose again who could take it away, or write who it is.' };
}

/** What a reader asks of the owner before deciding. */
export function readQuestion(inputs: Inputs): string | FormProblem {
  const parsed = QuestionShape.safeParse((inputs.comment ?? '').trim());
  return parsed.success ? parsed.data : problemOf(parsed.error);
}

export function readComment(inputs: Inputs): string | FormProblem {
  const parsed = CommentShape.safeParse((inputs.comment ?? '').trim());
  return parsed.success ? parsed.data : problemOf(parsed.error);
}

/** What the owner answers to their reader's question. */
export function readReplyTo(inputs: Inputs): string | FormProblem {
  const parsed = ReplyShape.safeParse((inputs.reply ?? '').trim());
  return parsed.success ? parsed.data : problemOf(parsed.error);
}

export function isProblem(result: object | string): result is FormProblem {
  return typeof result === 'object' && 'kind' in result && result.kind === 'problem';
}

function problemOf(error: z.ZodError): FormProblem {
  return { kind: 'problem', message: error.issues[0]?.message ?? 'Please check what you typed.' };
}

/** A link to a named host, without a user or password that could disguise where it leads. */
function isPlainHttps(text: string): boolean {
  if (!/^https:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    url.protocol === 'https:' && url.hostname.includes('.') && url.username === '' && url.password === ''
  );
}
