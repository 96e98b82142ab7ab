/**
 * What operators can say and press in their own chats: see what is paused, pause, resume. Anybody else is told who runs Waymark,
 * whatever a card they were passed says.
 */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import type { Trust } from '../config/trust.ts';
import type { Person } from '../directory/model.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { keyOf, pauseCard } from '../scheduling/pause-card.ts';
import { type PauseScope, scopeKey, scopeOf } from '../scheduling/pauses.ts';
import type { Pausing } from './pausing.ts';

export type OperationsParts = {
  readonly trust: Trust;
  readonly pausing: Pausing;
  readonly nameOf: (personId: string) => Promise<string | undefined>;
};

/** What opens the card; folded. */
export const PAUSE_WORDS = ['pause', 'pauses', "what's paused", 'what is paused'] as const;

export type Operations = ReturnType<typeof createOperations>;

export function createOperations(parts: OperationsParts) {
  const { trust, pausing } = parts;

  /** Refuses whoever does not run Waymark. */
  function mayOperate(person: Person): Refusal | undefined {
    return trust.operators.includes(person.id)
      ? undefined
      : refuse(
          'not-an-operator',
          `That is for those who run Waymark at ${trust.trust.short_name}. For a pause of your own check-ins type "my settings".`,
        );
  }

  async function pauses(now: Date, done?: string) {
    const paused = await pausing.paused(now);
    const names = new Map<string, string>();
    for (const { by } of paused)
      names.set(by, by === 'command-line' ? 'the command line' : ((await parts.nameOf(by)) ?? 'somebody'));
    const known = new Set(paused.map(({ scope }) => scopeKey(scope)));
    return pauseCard({
      pauses: paused,
      zone: trust.trust.zone,
      words: pausing.words,
      nameOf: (by) => names.get(by) ?? by,
      choices: scopes()
        .map((scope) => [scopeKey(scope), pausing.words(scope)] as const)
        .filter(([key]) => !known.has(key)),
      ...(done ? { done } : {}),
    });
  }

  function scopes(): PauseScope[] {
    return [
      { kind: 'everything' },
      ...pausing.rules.map((rule): PauseScope => ({ kind: 'rule', rule })),
      ...trust.schools.map(({ urn }): PauseScope => ({ kind: 'school', urn })),
    ];
  }

  return {
    /** Answers the words that open the card of pauses. */
    pauses: async (person: Person, now: Date): Promise<MessageReply> => {
      const refused = mayOperate(person);
      return refused ? { kind: 'reply', text: refused.message } : { kind: 'reply', card: await pauses(now) };
    },
    act: async ({ envelope, inputs }: CardCommand, person: Person, now: Date): Promise<CardReply> => {
      const refused = mayOperate(person);
      if (refused) return refused;
      const hand = { by: person.id, now };
      const scope = scopeOf(envelope.id === 'chosen' ? keyOf(inputs.scope ?? '') : envelope.id);
      if (!scope) return refuse('nothing-chosen', 'Choose first what to pause.');
      switch (envelope.verb) {
        case 'operations.pause': {
          const told = await pausing.pause(scope, inputs.reason ?? '', hand);
          return isRefusal(told) ? told : { kind: 'card', card: await pauses(now, told) };
        }
        case 'operations.resume': {
          const told = await pausing.resume(scope, hand);
          return isRefusal(told) ? told : { kind: 'card', card: await pauses(now, told) };
        }
        default:
          return refuse(
            'unknown-card',
            'I do not recognise that button. Please type "pause" for a fresh card.',
          );
      }
    },
  };
}
