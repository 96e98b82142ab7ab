/**
 * The answer to "may I save this file to your OneDrive?". What is saved is made anew for whoever answers, if they may have it;
 * where it is written is looked at by `upload-service.ts`.
 */
import { enter } from '../access/decide.ts';
import type { MessageReply } from '../cards/reply.ts';
import { isRefusal, messageOf } from '../kernel/errors.ts';
import { newReference } from '../kernel/ids.ts';
import { type Actor, placeOf } from './identity.ts';
import type { Inbound } from './inbound.ts';
import { faultLine, outsiderLine } from './lines.ts';
import type { BotResources, TurnChannel } from './ports.ts';
import { replyActivity, textActivity } from './replies.ts';

const NOT_SAVED = 'Nothing was saved. Ask for it again when you want it.';

/** Teams is answered at once; the file follows, and then a message that names it. */
export async function answerConsent(
  { cases, log }: Pick<BotResources, 'cases' | 'log'>,
  inbound: Extract<Inbound, { kind: 'consent' }>,
  actor: Actor | undefined,
  channel: TurnChannel,
  now: Date,
): Promise<unknown> {
  const body = {};
  await channel.answer(body);
  const { accepted, context, place } = inbound;
  if (!actor) {
    await channel.reply(textActivity(outsiderLine(cases.trustName)));
    return body;
  }
  // Teams asks in one's own chat alone; elsewhere the name of a file would be told to others.
  if (!accepted || !place || inbound.conversation.kind !== 'personal') {
    await channel.reply(textActivity(NOT_SAVED));
    return body;
  }
  const entry = enter('file:save', actor.holder, placeOf(inbound.conversation));
  if (isRefusal(entry)) {
    await channel.reply(textActivity(entry.message));
    return body;
  }
  const saved = cases
    .saveFile(entry, context, place, actor.person, now)
    .catch((error: unknown): MessageReply => {
      // Teams has its answer already, so the fault is told in words.
      const reference = newReference();
      log.error('a file could not be saved', { reference, reason: messageOf(error) });
      return { kind: 'reply', text: faultLine(reference) };
    });
  await channel.reply(replyActivity(await saved));
  return body;
}
