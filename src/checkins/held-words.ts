/** Which fields of a check-in's buttons hold words of a person's own: those that must name no pupil. Pure. */
import type { Inputs } from '../cards/envelope.ts';
import { joined } from '../cards/held.ts';
import type { CommandKind } from './lifecycle.ts';

/** By what is pressed; a link to evidence is no sentence. */
const FREE: Partial<Record<CommandKind | 'keep', readonly string[]>> = {
  submit: ['note', 'blocker', 'unblocker'],
  keep: ['note', 'blocker', 'unblocker'],
  return: ['comment'],
  question: ['comment'],
  reply: ['reply'],
};

export function freeWords(kind: CommandKind | 'keep', inputs: Inputs): string {
  return joined((FREE[kind] ?? []).map((name) => inputs[name] ?? ''));
}
