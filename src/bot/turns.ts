/**
 * What each kind of event means for the conversation: an answer, an answer rewritten, an answer withdrawn, a button's
 * outcome. Works through `TurnChannel`; what a turn cannot wait for is finished through the ledger.
 */
import { z } from 'zod/v4';
import { enter } from '../access/decide.ts';
import type { Holder } from '../access/roles.ts';
import type { Card } from '../cards/elements.ts';
import { isRefusal } from '../kernel/errors.ts';
import { sleep } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { type Actor, companyOf, placeOf, senderOf } from './identity.ts';
import { type Inbound, messageKeysOf } from './inbound.ts';
import { finishLate, keepForLater, LATE, lateCommand, lateMessage, within } from './late-turns.ts';
import { WAITING_LINE } from './lines.ts';
import type { BotResources, Track, TurnChannel } from './ports.ts';
import {
  cardActivity,
  invokeBody,
  keepable,
  messageBody,
  type OutgoingActivity,
  replyActivity,
  textActivity,
} from './replies.ts';
import { isForAll, isStaffOnly, type MessageOutcome, onCommand, onMessage } from './routes.ts';
import { earlierOf, endLate, finishActivity, keptOfReply } from './store.ts';

/** A turn that takes longer is acknowledged and finished proactively; Teams repeats after 15 s. Milliseconds. */
const PATIENCE = 5000;
/** How often a turn that waits for another one looks, and how long an edit and a press wait. Milliseconds. */
const LOOK_EVERY = 40;
const SETTLE_WAIT = PATIENCE + 3000;
const PRESS_WAIT = 2000;

function activityOf(outcome: Exclude<MessageOutcome, { kind: 'silence' }>): OutgoingActivity {
  if (outcome.kind === 'safety') return cardActivity(outcome.card);
  return outcome.kind === 'fixed' ? textActivity(outcome.text) : replyActivity(outcome.reply);
}

type MessageEvent = Extract<Inbound, { kind: 'message' }>;
/** Kept of an answered message: Teams' id of the reply (unless it came late), and what the use case kept of it. No words. */
const KeptShape = z.object({ replyId: z.string().optional(), ref: z.string().optional() });
type Kept = z.infer<typeof KeptShape>;

/** `met`: where the sender is reached has been kept; nothing is said before. */
export async function answerMessage(
  resources: BotResources,
  inbound: MessageEvent,
  actor: Actor | undefined,
  channel: TurnChannel,
  now: Date,
  { track, met }: { readonly track: Track; readonly met: Promise<void> },
): Promise<Kept | null> {
  const work = onMessage(resources.cases, inbound, actor, now);
  const [outcome] = await Promise.all([within(PATIENCE, work), met]);
  if (outcome === LATE) {
    if (actor) await keepForLater(resources, inbound, actor, null);
    // It may be slow because nobody can tell who is there; then nothing is said there.
    if (await isStaffOnly(resources.cases, inbound.conversation))
      await channel.reply(textActivity(WAITING_LINE));
    if (actor) void track(finishLate(resources, work.then(lateMessage), inbound, actor.person.id));
    return null;
  }
  if (outcome.kind === 'silence') return null;
  if (outcome.kind === 'safety' && outcome.alone)
    return sendAlone(resources, outcome.card, inbound, actor, now);
  return keptOf(outcome, await channel.reply(activityOf(outcome)));
}

/** A safety card for somebody who typed where others may see: to their own chat, with nothing said here. */
async function sendAlone(
  resources: BotResources,
  card: Card,
  inbound: Inbound,
  actor: Actor | undefined,
  now: Date,
): Promise<null> {
  if (actor) await resources.postAlone(actor.person.id, `alone/${inbound.key}`, card, now);
  return null;
}

/** An edited question gets its first answer rewritten in place; what the first one began is withdrawn before. */
export async function answerEdit(
  resources: BotResources,
  inbound: Extract<Inbound, { kind: 'edited' }>,
  actor: Actor | undefined,
  channel: TurnChannel,
  now: Date,
): Promise<Kept | null> {
  const earlier = await settledOf(resources.db, inbound.original);
  if (earlier?.ref) await withdraw(resources, earlier.ref, senderOf(actor, inbound));
  const outcome = await onMessage(resources.cases, inbound, actor, now);
  if (outcome.kind === 'silence' || (outcome.kind === 'safety' && outcome.alone)) {
    if (earlier?.replyId) await channel.remove(earlier.replyId);
    return outcome.kind === 'silence' ? null : sendAlone(resources, outcome.card, inbound, actor, now);
  }
  const activity = activityOf(outcome);
  const replyId = await sayInPlaceOf(channel, earlier?.replyId, activity);
  const kept = keptOf(outcome, replyId);
  await finishActivity(resources.db, inbound.original, kept);
  return kept;
}

/**
 * What was kept of a message whose edit or deletion has come. Either may overtake the end of the message's own turn, in this
 * process or another: it waits for that, so that it finds the answer which it is to rewrite or take back.
 */
async function settledOf(db: Db, original: string): Promise<Kept | undefined> {
  for (let waited = 0; waited < SETTLE_WAIT; waited += LOOK_EVERY) {
    const earlier = await earlierOf(db, original);
    if (earlier?.state !== 'running') break;
    await sleep(LOOK_EVERY);
  }
  await endLate(db, original);
  return readKept((await earlierOf(db, original))?.response);
}

async function withdraw(resources: BotResources, ref: string, sender: Holder): Promise<void> {
  const entry = enter('message:withdraw', sender, 'shared');
  if (!isRefusal(entry)) await resources.withdraw(entry, ref);
}

/** What was kept of the message that a reply answered; a press may come before it has been. */
async function keptFor(db: Db, conversationId: string, replyId: string): Promise<Kept | undefined> {
  for (let waited = 0; waited < PRESS_WAIT; waited += LOOK_EVERY) {
    const kept = await keptOfReply(db, messageKeysOf(conversationId), replyId);
    if (kept !== 'running') return readKept(kept?.response);
    await sleep(LOOK_EVERY);
  }
  return undefined;
}

export async function withdrawMessage(
  resources: BotResources,
  inbound: Extract<Inbound, { kind: 'deleted' }>,
  actor: Actor | undefined,
  channel: TurnChannel,
): Promise<null> {
  const earlier = await settledOf(resources.db, inbound.original);
  if (earlier?.ref) await withdraw(resources, earlier.ref, senderOf(actor, inbound));
  if (earlier?.replyId) await channel.remove(earlier.replyId);
  return null;
}

/**
 * Keeps what staff thought of a reply; of anybody else, nothing. A reason that may concern somebody's safety is no reason: its
 * words go nowhere, and who typed it gets the card where they typed, or in their own chat when others may read there.
 */
export async function keepFeedback(
  resources: BotResources,
  inbound: Extract<Inbound, { kind: 'feedback' }>,
  actor: Actor | undefined,
  channel: TurnChannel,
  now: Date,
): Promise<unknown> {
  const safety = actor && inbound.reason && resources.cases.safety(inbound.reason, actor.person, 'chat');
  const kept = await keptFor(resources.db, inbound.conversation.id, inbound.replyId);
  const entry = enter('feedback:answer', senderOf(actor, inbound), placeOf(inbound.conversation));
  if (!isRefusal(entry) && kept?.ref)
    await resources.feedback(entry, kept.ref, inbound.helpful, safety ? '' : inbound.reason);
  const body = {};
  await channel.answer(body);
  if (safety && inbound.conversation.kind === 'personal') await channel.reply(cardActivity(safety));
  else if (safety) await sendAlone(resources, safety, inbound, actor, now);
  return body;
}

function keptOf(outcome: Exclude<MessageOutcome, { kind: 'silence' }>, replyId: string): Kept {
  const ref = outcome.kind === 'reply' ? outcome.reply.ref : undefined;
  return { replyId, ...(ref ? { ref } : {}) };
}

function readKept(response: unknown): Kept | undefined {
  return KeptShape.safeParse(response).data;
}

export async function answerCommand(
  resources: BotResources,
  inbound: Extract<Inbound, { kind: 'command' }>,
  actor: Actor | undefined,
  channel: TurnChannel,
  now: Date,
  { track, met }: { readonly track: Track; readonly met: Promise<void> },
): Promise<unknown> {
  // An invoke's answer is seen by the one who pressed; what answers a Submit is seen by everyone there.
  const seenByAll = !inbound.invoke && inbound.conversation.kind !== 'personal';
  const mayStand = async () =>
    actor !== undefined &&
    isForAll(inbound.data) &&
    (await companyOf(inbound.conversation, resources.cases)).kind !== 'mixed';
  if (seenByAll && !(await mayStand())) {
    await met;
    return null;
  }
  const work = onCommand(resources.cases, inbound.data, actor, now);
  const [reply] = await Promise.all([within(PATIENCE, work), met]);
  if (reply === LATE && actor) {
    await keepForLater(resources, inbound, actor, inbound.invoke ? messageBody(WAITING_LINE) : null);
    void track(finishLate(resources, work.then(lateCommand), inbound, actor.person.id));
  }
  if (inbound.invoke) {
    const body = reply === LATE ? messageBody(WAITING_LINE) : invokeBody(reply);
    await channel.answer(body);
    return reply === LATE ? body : invokeBody(keepable(reply));
  }
  // A client without Execute sent the fallback Submit: the same outcome, shown by editing the card it came from.
  const shown = reply === LATE ? ({ kind: 'text', text: WAITING_LINE } as const) : keepable(reply);
  if (shown.kind === 'card') await sayInPlaceOf(channel, inbound.cardActivityId, cardActivity(shown.card));
  else await channel.reply(textActivity(shown.kind === 'text' ? shown.text : shown.message));
  return null;
}

/** What was said earlier gives way to it; where that is gone, it is said anew. The id of what then stands. */
async function sayInPlaceOf(
  channel: TurnChannel,
  earlier: string | undefined,
  activity: OutgoingActivity,
): Promise<string> {
  if (earlier && (await channel.update(earlier, activity))) return earlier;
  return channel.reply(activity);
}
