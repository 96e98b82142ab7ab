/**
 * What each kind of event means for the conversation: an answer, an answer rewritten, an answer withdrawn, a button's
 * outcome. Works through `TurnChannel`; what a turn cannot wait for is finished through the ledger.
 */
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { messageOf } from '../kernel/errors.ts';
import { newReference } from '../kernel/ids.ts';
import { sleep } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Actor } from './identity.ts';
import type { Inbound } from './inbound.ts';
import { faultLine, WAITING_LINE } from './lines.ts';
import type { BotResources, Track, TurnChannel } from './ports.ts';
import {
  cardActivity,
  invokeBody,
  messageBody,
  type OutgoingActivity,
  replyActivity,
  textActivity,
} from './replies.ts';
import { type MessageOutcome, onCommand, onMessage } from './routes.ts';
import { finishActivity, responseOf } from './store.ts';

/** A turn that takes longer is acknowledged and finished proactively; Teams repeats after 15 s. Milliseconds. */
const PATIENCE = 5000;
function activityOf(outcome: Exclude<MessageOutcome, { kind: 'silence' }>, to: string): OutgoingActivity {
  if (outcome.kind === 'safety') return cardActivity(outcome.card);
  return outcome.kind === 'fixed' ? textActivity(outcome.text) : replyActivity(outcome.reply, to);
}

type MessageEvent = Extract<Inbound, { kind: 'message' }>;
type Kept = { readonly replyId: string };

export async function answerMessage(
  resources: BotResources,
  inbound: MessageEvent,
  actor: Actor | undefined,
  channel: TurnChannel,
  now: Date,
  track: Track,
): Promise<Kept | null> {
  const work = onMessage(resources.cases, inbound, actor, now);
  const outcome = await within(PATIENCE, work);
  if (outcome === LATE) {
    await channel.reply(textActivity(WAITING_LINE));
    if (actor) void track(finishLater(resources, work.then(lateMessage), inbound.key, actor.person.id));
    return null;
  }
  if (outcome.kind === 'silence') return null;
  return { replyId: await channel.reply(activityOf(outcome, inbound.sender.userId)) };
}

/** Sends the outcome of work that a turn could not wait for; a fault becomes a sentence with a reference. */
async function finishLater(
  resources: BotResources,
  work: Promise<MessageReply | undefined>,
  key: string,
  personId: string,
): Promise<void> {
  const reply = await work.catch((error: unknown): MessageReply => {
    const reference = newReference();
    resources.log.error('late turn failed', { reference, reason: messageOf(error) });
    return { kind: 'reply', text: faultLine(reference) };
  });
  if (reply) await resources.postLater(personId, `late/${key}`, reply, resources.clock.now());
}

function lateMessage(outcome: MessageOutcome): MessageReply | undefined {
  if (outcome.kind === 'reply') return outcome.reply;
  return outcome.kind === 'fixed' ? { kind: 'reply', text: outcome.text } : undefined;
}

/** A card that changed late is revised by its capability; only words are sent after it. */
function lateCommand(reply: CardReply): MessageReply | undefined {
  if (reply.kind === 'card') return undefined;
  return { kind: 'reply', text: reply.kind === 'text' ? reply.text : reply.message };
}

/** An edited question gets its first answer rewritten in place; an edit into a safety matter removes the answer. */
export async function answerEdit(
  resources: BotResources,
  inbound: Extract<Inbound, { kind: 'edited' }>,
  actor: Actor | undefined,
  channel: TurnChannel,
  now: Date,
): Promise<Kept | null> {
  const outcome = await onMessage(resources.cases, inbound, actor, now);
  if (outcome.kind === 'silence') return null;
  const activity = activityOf(outcome, inbound.sender.userId);
  const earlier = await replyTo(resources.db, inbound.original);
  if (!earlier) {
    const replyId = await channel.reply(activity);
    await finishActivity(resources.db, inbound.original, { replyId });
    return { replyId };
  }
  await channel.update(earlier, activity);
  return { replyId: earlier };
}

export async function withdrawMessage(
  resources: BotResources,
  inbound: Extract<Inbound, { kind: 'deleted' }>,
  actor: Actor | undefined,
  channel: TurnChannel,
): Promise<null> {
  if (actor) await resources.withdraw(inbound.conversation.id, actor.person.id);
  const earlier = await replyTo(resources.db, inbound.original);
  if (earlier) await channel.remove(earlier);
  return null;
}

async function replyTo(db: Db, messageKey: string): Promise<string | undefined> {
  const kept = await responseOf(db, messageKey);
  return typeof kept === 'object' && kept !== null && 'replyId' in kept ? String(kept.replyId) : undefined;
}

export async function answerCommand(
  resources: BotResources,
  inbound: Extract<Inbound, { kind: 'command' }>,
  actor: Actor | undefined,
  channel: TurnChannel,
  now: Date,
  track: Track,
): Promise<unknown> {
  const work = onCommand(resources.cases, inbound.data, actor, now);
  const reply = await within(PATIENCE, work);
  if (inbound.invoke) {
    const body = reply === LATE ? messageBody(WAITING_LINE) : invokeBody(reply);
    await channel.answer(body);
    if (reply === LATE && actor)
      void track(finishLater(resources, work.then(lateCommand), inbound.key, actor.person.id));
    return body;
  }
  // A client without Execute sent the fallback Submit: the same outcome, shown by editing the card it came from.
  const shown = reply === LATE ? ({ kind: 'text', text: WAITING_LINE } as const) : reply;
  if (shown.kind === 'card' && inbound.cardActivityId)
    await channel.update(inbound.cardActivityId, cardActivity(shown.card));
  else if (shown.kind === 'card') await channel.reply(cardActivity(shown.card));
  else await channel.reply(textActivity(shown.kind === 'text' ? shown.text : shown.message));
  return null;
}

const LATE: unique symbol = Symbol('late');

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | typeof LATE> {
  const patience = new AbortController();
  const late = sleep(milliseconds, patience.signal).then((): typeof LATE => LATE);
  try {
    return await Promise.race<T | typeof LATE>([work, late]);
  } finally {
    patience.abort();
  }
}
