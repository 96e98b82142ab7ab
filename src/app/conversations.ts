/**
 * Where people and channels can be reached, bound to the ledger: learned from every inbound event, greeted once, forgotten
 * when the app is removed. An answer that a turn could not wait for leaves through the ledger too.
 */
import { holds } from '../access/appointments.ts';
import type { Actor } from '../bot/identity.ts';
import type { Conversation } from '../bot/inbound.ts';
import { welcomeCard } from '../bot/lines.ts';
import type { Card } from '../cards/elements.ts';
import type { MessageReply } from '../cards/reply.ts';
import { safeguardingLead, type Trust } from '../config/trust.ts';
import type { Target } from '../delivery/message.ts';
import type { Delivery } from '../delivery/service.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import { lateCard } from './late-answer.ts';

export type ConversationParts = { readonly db: Db; readonly trust: Trust; readonly delivery: Delivery };

/** Keeps the address; on the first installation by a member of staff, greets them. */
export async function meet(
  parts: ConversationParts,
  conversation: Conversation,
  actor: Actor | undefined,
  installed: boolean,
  now: Date,
): Promise<void> {
  const { delivery, trust } = parts;
  for (const target of targetsOf(trust, conversation, actor)) {
    await delivery.rememberConversation({
      target,
      conversationId: target.kind === 'channel' ? target.channelId : conversation.id,
      serviceUrl: conversation.serviceUrl,
      botId: conversation.botId,
      tenantId: conversation.tenantId,
    });
  }
  if (!installed || !actor || conversation.kind !== 'personal') return;
  const { person } = actor;
  const greeting = welcomeCard({
    givenName: person.givenName,
    trust: trust.trust.short_name,
    safeguarding: safeguardingLead(trust, person),
    leads: holds(actor.holder, 'trust-leader') || holds(actor.holder, 'head'),
  });
  const draft = {
    key: `welcome/${person.id}`,
    target: { kind: 'person', personId: person.id } as const,
    card: greeting,
  };
  await inTransaction(parts.db, (trx) => delivery.enqueue(trx, 'welcome', [draft], now));
}

/** A personal chat reaches its person; a team, and a leadership chat, are reached where the trust's file names them. */
function targetsOf(trust: Trust, conversation: Conversation, actor: Actor | undefined): Target[] {
  if (conversation.kind === 'personal') return actor ? [{ kind: 'person', personId: actor.person.id }] : [];
  if (conversation.kind === 'group')
    return trust.schools.some((school) => school.leadership_chat === conversation.id)
      ? [{ kind: 'chat', chatId: conversation.id }]
      : [];
  const { teamId } = conversation;
  if (conversation.kind !== 'channel' || !teamId) return [];
  const { attendance_channel: attendance, questions_channel: questions } = trust.trust;
  const places = [...trust.schools, attendance, questions].flatMap((place) =>
    place?.team === teamId ? place.channel : [],
  );
  return [...new Set(places)].map((channelId) => ({ kind: 'channel', teamId, channelId }));
}

export async function part(
  parts: ConversationParts,
  conversation: Conversation,
  personId: string | undefined,
): Promise<void> {
  if (conversation.kind === 'personal' && personId) await parts.delivery.forgetConversation({ personId });
  else if (conversation.kind === 'group')
    await parts.delivery.forgetConversation({ chatId: conversation.id });
  else if (conversation.teamId) await parts.delivery.forgetConversation({ teamId: conversation.teamId });
}

/** The runs of the ledger under which these leave. */
const LATE_RUN = 'late-answers';
const ALONE_RUN = 'alone';

/** Sends a late answer to the person who asked, in their own chat, wherever they asked; unless `settle` says that it was sent. */
export async function postLater(
  parts: ConversationParts,
  personId: string,
  key: string,
  reply: MessageReply | undefined,
  now: Date,
  settle: (trx: Trx) => Promise<boolean>,
): Promise<boolean> {
  return inTransaction(parts.db, async (trx) => {
    const isFirst = await settle(trx);
    if (isFirst && reply) await send(parts, trx, LATE_RUN, personId, key, lateCard(reply), now);
    return isFirst;
  });
}

/** Sends a card to a person's own chat; that they got it is forgotten by `forgetAlone`. */
export async function postAlone(
  parts: ConversationParts,
  personId: string,
  key: string,
  card: Card,
  now: Date,
): Promise<void> {
  await inTransaction(parts.db, (trx) => sendAlone(parts, trx, personId, key, card, now));
}

/** The same within a transaction that records what it follows from. */
export async function sendAlone(
  parts: ConversationParts,
  trx: Trx,
  personId: string,
  key: string,
  card: Card,
  now: Date,
): Promise<void> {
  await send(parts, trx, ALONE_RUN, personId, key, card, now);
}

async function send(
  { delivery }: ConversationParts,
  trx: Trx,
  run: string,
  personId: string,
  key: string,
  card: Card,
  now: Date,
): Promise<void> {
  const target = { kind: 'person', personId } as const;
  await delivery.enqueue(trx, run, [{ key, target, card, urgent: true }], now);
}

/** Who got a card alone is kept no longer than sending it takes. */
export async function forgetAlone({ db, delivery }: ConversationParts): Promise<void> {
  await inTransaction(db, (trx) => delivery.forgetRun(trx, ALONE_RUN));
}

/** Late answers that have arrived; of the others the ledger tells until `before`. */
export async function forgetLate(delivery: Delivery, trx: Trx, before: Date): Promise<number> {
  return delivery.forgetRun(trx, LATE_RUN, before);
}
