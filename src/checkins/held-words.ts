/**
 * Which fields of a check-in's buttons hold words of a person's own: those that must name no pupil; and whose given names may
 * stand alone in them. Pure.
 */
import type { Inputs } from '../cards/envelope.ts';
import { joined } from '../cards/held.ts';
import type { Checkin, CommandKind } from './lifecycle.ts';
import type { Lines } from './lines-service.ts';
import type { Milestone } from './milestone.ts';

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

/** Of those who write a check-in, read it, answer in its owner's place or decided on it: in a form and in a reply alike. */
export function namesConcerned(
  lines: Pick<Lines, 'person' | 'readersOf' | 'standIns'>,
  { checkin, milestone }: { readonly checkin: Checkin; readonly milestone: Milestone },
  writerId: string,
): string[] {
  const around = [
    checkin.ownerId,
    writerId,
    ...lines.readersOf(checkin, milestone).may,
    ...lines.standIns(checkin.ownerId, milestone),
    ...(checkin.decidedBy === undefined ? [] : [checkin.decidedBy]),
  ];
  return around.flatMap((id) => lines.person(id)?.givenName || []);
}
