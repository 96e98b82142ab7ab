/**
 * A file that somebody attached in their own chat: looked at for its sender, answered there, and kept nowhere; neither is the
 * address that it came with. What a file may be, and whose, is the use case's.
 */
import { enter } from '../access/decide.ts';
import type { MessageReply } from '../cards/reply.ts';
import { isRefusal, messageOf } from '../kernel/errors.ts';
import { newReference } from '../kernel/ids.ts';
import { type Actor, placeOf } from './identity.ts';
import type { Inbound } from './inbound.ts';
import { LATE, within } from './late-turns.ts';
import { faultLine, outsiderLine, WAITING_LINE } from './lines.ts';
import type { BotResources, Track, TurnChannel } from './ports.ts';
import { cardActivity, replyActivity, textActivity } from './replies.ts';

/** Teams repeats a message after 15 s. Milliseconds. */
const PATIENCE = 5000;

export async function answerFile(
  resources: BotResources,
  inbound: Extract<Inbound, { kind: 'file' }>,
  actor: Actor | undefined,
  channel: TurnChannel,
  now: Date,
  track: Track,
): Promise<null> {
  const { cases, log, clock } = resources;
  if (!actor) {
    await channel.reply(textActivity(outsiderLine(cases.trustName)));
    return null;
  }
  const { person } = actor;
  const safety = inbound.text && cases.safety(inbound.text, person, 'chat');
  if (safety) {
    await channel.reply(cardActivity(safety));
    return null;
  }
  const entry = enter('file:check', actor.holder, placeOf(inbound.conversation));
  if (isRefusal(entry)) {
    await channel.reply(textActivity(entry.message));
    return null;
  }
  const work = cases.checkFile(entry, inbound.file, now);
  const reply = await within(PATIENCE, work);
  if (reply !== LATE) {
    await channel.reply(replyActivity(reply));
    return null;
  }
  await channel.reply(textActivity(WAITING_LINE));
  const checked = work.catch((error: unknown): MessageReply => {
    const reference = newReference();
    log.error('a file could not be looked at', { reference, reason: messageOf(error) });
    return { kind: 'reply', text: faultLine(reference) };
  });
  void track(
    checked.then((late) =>
      resources.postLater(person.id, `late/${inbound.key}`, late, clock.now(), async () => true),
    ),
  );
  return null;
}
