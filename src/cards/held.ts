/**
 * What stands in the place of words that look as if they named a pupil: nothing is kept or sent, the person is told why and whom
 * to speak to about a worry, and the words stand in the form still, for them alone to change. Pure.
 */
import { type Card, said } from './elements.ts';
import type { CardReply } from './reply.ts';

/**
 * Whether words look as if they named a pupil, by what the trust's own words and colleagues' names are. `concerned`: given names
 * of the colleagues who write the words, get them or answer for what they are of; those may stand alone.
 */
export type NamesPupil = (words: string, concerned?: readonly string[]) => Promise<boolean>;

/** Why words are held back: they look as if they named a pupil, or read like a worry about somebody's safety. */
export type WhyHeld = 'pupil' | 'safety';
export type HoldsBack = (words: string) => Promise<WhyHeld | undefined>;

/** A stop and a blank line between fields, so that the end of one and the beginning of the next are no name together. */
export function joined(fields: readonly string[]): string {
  return fields.filter((words) => words.trim() !== '').join('.\n\n');
}

/** `lead`: who takes every worry about a child at the person's school. */
export function heldLine(lead: { readonly name: string; readonly phone: string }): string {
  return `Not sent and not kept: this looks as if it names a pupil. Please write it without the name; a colleague, with both names or the role. A worry about a child? Speak to ${said(lead.name)}, ${said(lead.phone)}, not in writing.`;
}

/** Shown once to whoever pressed; a repeat of the press, or a client that cannot show it, gets the sentence alone. */
export function heldReply(card: Card, sentence: string): CardReply {
  return { kind: 'card', card, unkept: sentence };
}
