/**
 * What apps have posted in a channel since an instant, read to the end: for whoever must know whether a card of ours is there. Of
 * what people wrote nothing is taken: it is dropped with the page. Graph's reference: "chatMessage: delta" (messages that begin a
 * thread, and which of them changed), "chatMessageAttachment" (a card's content is JSON as text).
 */
import { z } from 'zod/v4';
import type { Graph } from './graph.ts';
import { badReply } from './replies.ts';
import type { ChannelPlace } from './subscriptions.ts';

/** `content`: the cards it carries, as text. `hidden`: it was deleted, or has a card that Graph does not show. */
export type AppPost = { readonly id: string; readonly hidden: boolean; readonly content: string };

const CARD = 'application/vnd.microsoft.card.adaptive';

const Post = z
  .object({
    id: z.string().min(1),
    messageType: z.string().nullish(),
    deletedDateTime: z.string().nullish(),
    from: z.object({ user: z.object({ id: z.string() }).nullish() }).nullish(),
    attachments: z
      .array(z.object({ contentType: z.string().nullish(), content: z.string().nullish() }))
      .nullish(),
  })
  .transform(({ id, messageType, deletedDateTime, from, attachments }) => {
    const byApp = messageType === 'message' && !from?.user;
    // A person's attachments are theirs.
    const cards = byApp ? (attachments ?? []).filter(({ contentType }) => contentType === CARD) : [];
    const hidden = typeof deletedDateTime === 'string' || cards.some(({ content }) => !content);
    return { id, byApp, hidden, content: cards.map(({ content }) => content ?? '').join('\n') };
  });

/** All of them. Throws AppError `graph-…`, also when the reading did not come to an end. */
export async function readAppPosts(
  graph: Pick<Graph, 'list'>,
  { teamId, channelId }: ChannelPlace,
  since: Date,
): Promise<readonly AppPost[]> {
  const filter = encodeURIComponent(`lastModifiedDateTime gt ${since.toISOString()}`);
  const path = `/teams/${encodeURIComponent(teamId)}/channels/${encodeURIComponent(channelId)}/messages/delta?$filter=${filter}`;
  const { items, deltaLink } = await graph.list(path, Post);
  if (deltaLink === undefined) throw badReply(path, 'it ended without a delta link');
  return items.filter(({ byApp }) => byApp).map(({ id, hidden, content }) => ({ id, hidden, content }));
}
