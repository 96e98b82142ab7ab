/**
 * Reads what an owner or a reviewer typed. Gives an answer, or one clear sentence about the first thing to mend; what was
 * typed is kept so that the card can show it again. Knows the inputs by id, nothing of who may send them.
 */
import { z } from 'zod/v4';
import type { Inputs } from '../cards/envelope.ts';
import type { Aim } from './aim.ts';
import type { Answer } from './lifecycle.ts';

/** What stands in the form's fields, as text. */
export type Typed = {
  readonly status: string;
  readonly confidence: string;
  readonly value: string;
  readonly note: string;
  readonly blocker: string;
  readonly evidence: string;
};

/** `message` is one sentence for the person. */
export type FormProblem = { readonly kind: 'problem'; readonly message: string };

export const NOTE_LIMIT = 500;
export const BLOCKER_LIMIT = 300;
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
  };
}

/** Whether there is anything in the form that was not sent already. */
export function isWorthKeeping(typed: Typed, sent: Answer | undefined): boolean {
  const before = sent && typedAgain(sent);
  return Object.entries(typed).some(
    ([field, words]) => words !== '' && words !== before?.[field as keyof Typed],
  );
}

/** The form's fields as an earlier answer filled them. */
export function typedAgain(answer: Answer): Typed {
  return { ...answer, value: answer.value === undefined ? '' : String(answer.value) };
}

export function readAnswer(typed: Typed, { direction }: Pick<Aim, 'direction'> = {}): Answer | FormProblem {
  const parsed = AnswerShape.safeParse(typed);
  if (!parsed.success) return problemOf(parsed.error);
  const { value, ...rest } = parsed.data;
  if (direction === 'yes-no' && value !== undefined && value !== 0 && value !== 1)
    return { kind: 'problem', message: 'Please choose whether it is done, or leave that open.' };
  return value === undefined ? rest : { ...rest, value };
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
