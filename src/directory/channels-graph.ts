/**
 * What is asked of Graph about a channel: what kind it is, which of its threads changed, and the replies in one thread. Of a
 * thread that changed only the id is taken; its words are dropped with the page. Graph's reference: channel, team,
 * "chatMessage: delta", "List replies".
 */
import { z } from 'zod/v4';
import { AppError } from '../kernel/errors.ts';
import { storable } from '../kernel/text.ts';
import { type Graph, refuseForeign } from './graph.ts';
import { readReply } from './replies.ts';
import type { ChannelPlace } from './subscriptions.ts';

/** `kind` decides what may be read: a team's consent covers standard channels, and shared ones tell nobody. */
export type ChannelFacts = {
  readonly team: string;
  readonly channel: string;
  readonly kind: 'standard' | 'private' | 'shared';
  readonly archived: boolean;
};

/** A reply as it is read, before anybody looks at its words. */
export type ChannelReply = {
  readonly messageId: string;
  /** Absent: an app or Teams itself wrote it. */
  readonly authorId?: string;
  readonly words: string;
  readonly html: boolean;
  /** When its author last wrote it, or took it back; a reaction changes nothing. */
  readonly edition: Date;
  readonly deleted: boolean;
};

/** A page of changed threads, and where to go on: a next link in the middle of a round, a delta link at its end. */
export type DeltaPage = {
  readonly threads: readonly string[];
  readonly link: string;
  readonly last: boolean;
};

export interface ChannelReader {
  facts(place: ChannelPlace): Promise<ChannelFacts>;
  /** From `link`, or from the beginning: what changed since an instant. Throws AppError `graph-state-lost`. */
  changes(
    place: ChannelPlace,
    from: { readonly link: string } | { readonly since: Date },
  ): Promise<DeltaPage>;
  /** Every reply of a thread, oldest first. Throws AppError `graph-not-found` when the thread is gone. */
  replies(place: ChannelPlace, rootId: string): Promise<readonly ChannelReply[]>;
  /** One reply; undefined when it is gone. */
  reply(place: ChannelPlace, rootId: string, messageId: string): Promise<ChannelReply | undefined>;
}

const TeamShape = z.object({ displayName: z.string(), isArchived: z.boolean().nullish() });
const ChannelShape = z.object({ displayName: z.string(), membershipType: z.string().nullish() });
/** The delta's items: nothing but which thread. */
const Thread = z.object({ id: z.string().min(1) });
const Delta = z.object({
  value: z.array(Thread),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});
const Message = z.object({
  id: z.string().min(1),
  messageType: z.string().nullish(),
  createdDateTime: z.coerce.date(),
  lastEditedDateTime: z.coerce.date().nullish(),
  deletedDateTime: z.coerce.date().nullish(),
  from: z.object({ user: z.object({ id: z.string().min(1) }).nullish() }).nullish(),
  body: z.object({ contentType: z.string().nullish(), content: z.string().nullish() }).nullish(),
});

/** Messages a page; Graph gives no more. */
const PAGE = 50;

export function createChannelReader(graph: Graph): ChannelReader {
  return {
    facts: async (place) => {
      const team = `/teams/${encodeURIComponent(place.teamId)}`;
      const { displayName, isArchived } = await graph.get(
        `${team}?$select=id,displayName,isArchived`,
        TeamShape,
      );
      const channel = await graph.get(channelPath(place), ChannelShape);
      return {
        team: displayName,
        channel: channel.displayName,
        kind: kindOf(channel.membershipType),
        archived: isArchived ?? false,
      };
    },
    changes: async (place, from) => {
      const path =
        'link' in from
          ? from.link
          : `${channelPath(place)}/messages/delta?$filter=${encodeURIComponent(`lastModifiedDateTime gt ${from.since.toISOString()}`)}`;
      const page = await graph.get(path, Delta);
      const link = page['@odata.nextLink'] ?? page['@odata.deltaLink'];
      if (link === undefined) throw noLink();
      // It is kept, and followed another day.
      refuseForeign(link);
      return {
        threads: page.value.map(({ id }) => id),
        link,
        last: page['@odata.nextLink'] === undefined,
      };
    },
    replies: async (place, rootId) => {
      const path = `${channelPath(place)}/messages/${encodeURIComponent(rootId)}/replies?$top=${PAGE}`;
      const { items } = await graph.list(path, Message);
      return items.map(replyFrom).sort((one, other) => one.edition.getTime() - other.edition.getTime());
    },
    reply: async (place, rootId, messageId) => {
      const path = `${channelPath(place)}/messages/${encodeURIComponent(rootId)}/replies/${encodeURIComponent(messageId)}`;
      try {
        return replyFrom(await graph.get(path, Message));
      } catch (error) {
        if (error instanceof AppError && error.code === 'graph-not-found') return undefined;
        throw error;
      }
    },
  };
}

/** A reply from the message that a notice carried. Throws AppError `graph-bad-reply`. */
export function replyIn(message: unknown): ChannelReply {
  return replyFrom(readReply(Message, message, '/notices'));
}

function replyFrom(message: z.infer<typeof Message>): ChannelReply {
  const { body, from, deletedDateTime, lastEditedDateTime } = message;
  const author = message.messageType === 'message' ? from?.user?.id.toLowerCase() : undefined;
  return {
    messageId: message.id,
    ...(author === undefined ? {} : { authorId: author }),
    words: storable(body?.content ?? ''),
    html: body?.contentType === 'html',
    edition: deletedDateTime ?? lastEditedDateTime ?? message.createdDateTime,
    deleted: deletedDateTime !== undefined && deletedDateTime !== null,
  };
}

function kindOf(membershipType: string | null | undefined): ChannelFacts['kind'] {
  if (membershipType === 'private') return 'private';
  // Graph says unknownFutureValue for a shared channel to callers that do not ask for it by name.
  return membershipType === 'shared' || membershipType === 'unknownFutureValue' ? 'shared' : 'standard';
}

function channelPath({ teamId, channelId }: ChannelPlace): string {
  return `/teams/${encodeURIComponent(teamId)}/channels/${encodeURIComponent(channelId)}`;
}

function noLink(): AppError {
  return new AppError('graph-bad-reply', 'A page of changed messages leads nowhere.', {
    remedy: 'If it stays, Graph has changed; compare the reply with src/directory/channels-graph.ts.',
  });
}
