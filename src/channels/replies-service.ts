/**
 * Handles a reply once, however it is heard of and how often: by a notice, a sweep, two instances at a time. What was handled
 * is recorded in the transaction that holds what came of it. A reply outside an open thread never comes here.
 */
import type { ChannelReply } from '../directory/channels-graph.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Listener, Thread } from './ports.ts';
import { handledEditions, takeReply } from './store.ts';
import { plainWords } from './words.ts';

export type ReplyResources = { readonly db: Db; readonly listener: Listener; readonly log: Log };

/** Returns how many of them were new. Throws what the listener's reading throws; those before it stay handled. */
export async function handleReplies(
  resources: ReplyResources,
  thread: Thread,
  replies: readonly ChannelReply[],
  now: Date,
): Promise<number> {
  const ids = replies.map(({ messageId }) => messageId);
  const known = await handledEditions(resources.db, thread.channelId, ids);
  let handled = 0;
  for (const reply of replies) {
    const before = known.get(reply.messageId);
    if (before && before >= reply.edition) continue;
    // One that was taken back before anybody heard of it says nothing to anybody.
    if (reply.deleted && !before) continue;
    if (await handleOne(resources, thread, reply, now)) handled += 1;
  }
  return handled;
}

async function handleOne(
  { db, listener, log }: ReplyResources,
  thread: Thread,
  reply: ChannelReply,
  now: Date,
): Promise<boolean> {
  const { authorId, messageId, edition, deleted } = reply;
  // Teams itself, or an app: Waymark's own words too.
  if (authorId === undefined) return false;
  const words = deleted ? '' : plainWords(reply.words, reply.html);
  const heard = await listener.hear({ thread, messageId, authorId, words, deleted }, now);
  const { channelId } = thread;
  const taken = await inTransaction(db, async (trx) => {
    const { outcome, personId } = heard;
    if (!(await takeReply(trx, { channelId, messageId, edition, outcome, personId }, now))) return false;
    await heard.write(trx);
    return true;
  });
  if (taken) log.info('a reply was handled', { channel: channelId, outcome: heard.outcome });
  return taken;
}
