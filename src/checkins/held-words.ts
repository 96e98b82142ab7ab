/**
 * What becomes of words typed into a form that look as if they named a pupil: nothing is kept or sent, the person is told why
 * and whom to speak to about a worry, and the words stand in the form still, for them alone to change. Pure.
 */
import { type Card, said } from '../cards/elements.ts';
import type { Inputs } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import type { CommandKind } from './lifecycle.ts';

/** Fields of free text by what is pressed; a link to evidence is no sentence. */
const FREE: Partial<Record<CommandKind | 'keep', readonly string[]>> = {
  submit: ['note', 'blocker'],
  keep: ['note', 'blocker'],
  return: ['comment'],
  question: ['comment'],
  reply: ['reply'],
};

/** A blank line between fields, so that the end of one and the beginning of the next are no name together. */
export function freeWords(kind: CommandKind | 'keep', inputs: Inputs): string {
  return joined((FREE[kind] ?? []).map((name) => inputs[name] ?? ''));
}

export function joined(fields: readonly string[]): string {
  return fields.filter((words) => words.trim() !== '').join('.\n\n');
}

/** `lead`: who takes every worry about a child at the person's school. */
export function heldLine(lead: { readonly name: string; readonly phone: string }): string {
  return `Not sent and not kept: this looks as if it names a pupil. Please write it without the name. A worry about a child? Speak to ${said(lead.name)}, ${said(lead.phone)}, not in writing.`;
}

/** Shown once to whoever pressed; a repeat of the press, or a client that cannot show it, gets the sentence alone. */
export function heldReply(card: Card, sentence: string): CardReply {
  return { kind: 'card', card, unkept: sentence };
}
