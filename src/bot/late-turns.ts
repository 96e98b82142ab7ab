/**
 * Turns that take longer than Teams waits: acknowledged, kept with what was said, finished in the person's own chat through
 * the ledger. What a dead process left is finished by another; the ledger's key and the kept turn make it once at most.
 */
import { enter } from '../access/decide.ts';
import { outsider } from '../access/roles.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { isRefusal, messageOf } from '../kernel/errors.ts';
import { newReference } from '../kernel/ids.ts';
import { alarm } from '../kernel/time.ts';
import type { Trx } from '../storage/database.ts';
import { type Actor, identify } from './identity.ts';
import type { Inbound } from './inbound.ts';
import { faultLine, INTERRUPTED_LINE, interruptedCard } from './lines.ts';
import type { BotResources } from './ports.ts';
import { keepable, messageBody } from './replies.ts';
import { type MessageOutcome, onCommand, onMessage } from './routes.ts';
import { endLate, endLeft, keepLate, leftTurns, takeLate } from './store.ts';

/** What may be late: what somebody typed or pressed. */
export type LateEvent = Extract<Inbound, { kind: 'message' | 'command' }>;

export const LATE: unique symbol = Symbol('late');
/** A turn that brings down every process that takes it up is given up. */
const MOST_TRIES = 3;

/** Before the acknowledgement, so that nothing that was promised can be lost. `response`: what a repeat is told. */
export async function keepForLater(
  { db }: BotResources,
  event: LateEvent,
  actor: Actor,
  response: unknown,
): Promise<void> {
  await keepLate(db, { key: event.key, personId: actor.person.id, event }, response);
}

/** Sends the outcome of work that a turn could not wait for; a fault becomes a sentence with a reference. */
export async function finishLate(
  resources: BotResources,
  work: Promise<MessageReply | undefined>,
  event: LateEvent,
  personId: string,
): Promise<void> {
  const reply = await work.catch((error: unknown): MessageReply => {
    const reference = newReference();
    resources.log.error('late turn failed', { reference, reason: messageOf(error) });
    return { kind: 'reply', text: faultLine(reference) };
  });
  const now = resources.clock.now();
  const { key } = event;
  const kept = event.kind === 'message' && reply?.ref ? { ref: reply.ref } : undefined;
  const settle = (trx: Trx) => endLate(trx, key, kept);
  const sent = await resources.postLater(personId, `late/${key}`, reply, now, settle);
  // Withdrawn meanwhile, or finished elsewhere: what this run kept of the question is one too many.
  const entry = enter('message:withdraw', outsider(personId), 'shared');
  if (!sent && reply?.ref && !isRefusal(entry)) await resources.withdraw(entry, reply.ref);
}

export function lateMessage(outcome: MessageOutcome): MessageReply | undefined {
  if (outcome.kind === 'reply') return outcome.reply;
  if (outcome.kind === 'safety') return { kind: 'reply', card: outcome.card };
  return outcome.kind === 'fixed' ? { kind: 'reply', text: outcome.text } : undefined;
}

/** The outcome of a button that the turn could not wait for: as a card of its own, for the old one is out of reach. */
export function lateCommand(answer: CardReply): MessageReply {
  const reply = keepable(answer);
  if (reply.kind === 'card') return { kind: 'reply', card: reply.card };
  return { kind: 'reply', text: reply.kind === 'text' ? reply.text : reply.message };
}

/** Runs again what a silent process had in hand. A press that had its effect already shows what stands now. */
export async function recoverLate(resources: BotResources, everyLease: boolean): Promise<void> {
  for (const late of await takeLate(resources.db, everyLease)) {
    resources.log.info('a late turn is taken up again', { tries: late.tries });
    const event = late.event as LateEvent;
    await finishLate(resources, runAgain(resources, late.tries, event), event, late.personId);
  }
}

/**
 * Tells whoever waits for a turn that ended with its process before it could be answered or acknowledged. Its words were kept
 * nowhere, so it cannot be run again; and it may have been answered an instant before. `inHand`: keys of this process's own turns.
 */
export async function tellInterrupted(
  resources: BotResources,
  inHand: readonly string[],
  every: boolean,
): Promise<void> {
  const { db, directory, log, clock } = resources;
  for (const { key, personId } of await leftTurns(db, inHand, every)) {
    const isStaff = (await directory.person(personId))?.staff;
    const reply = isStaff ? ({ kind: 'reply', card: interruptedCard() } as const) : undefined;
    const settle = (trx: Trx) => endLeft(trx, key, every, messageBody(INTERRUPTED_LINE));
    const isTold = await resources.postLater(personId, `interrupted/${key}`, reply, clock.now(), settle);
    if (isTold) log.warn('a turn was interrupted; its person is told');
  }
}

async function runAgain(
  resources: BotResources,
  tries: number,
  event: LateEvent,
): Promise<MessageReply | undefined> {
  if (tries > MOST_TRIES) throw new RangeError(`taken up ${tries} times`);
  const { cases, clock } = resources;
  const actor = await identify(resources.directory, event);
  // Whoever has left since is told nothing.
  if (!actor) return undefined;
  if (event.kind === 'message') return lateMessage(await onMessage(cases, event, actor, clock.now()));
  return lateCommand(await onCommand(cases, event.data, actor, clock.now()));
}

/** The work's outcome, or `LATE` when it takes longer. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | typeof LATE> {
  const patience = alarm(milliseconds);
  try {
    return await Promise.race<T | typeof LATE>([work, patience.rings.then((): typeof LATE => LATE)]);
  } finally {
    patience.stop();
  }
}
