/**
 * The channels of the stand-in Graph: messages, their replies, and the paths that read them. Shapes: Microsoft Graph v1.0,
 * channel, chatMessage, "chatMessage: delta" and "List replies". Who may be kept out, and pages that come empty, are steered
 * by rehearsals through the object.
 */
import { channelResource, graphError, type Json, notFound, type Reply } from './graph-resources.ts';
import type { Tenant, TenantTeam } from './tenant.ts';

export type ChannelMessage = {
  readonly id: string;
  readonly teamId: string;
  readonly channelId: string;
  /** Absent: a message that begins a thread. */
  readonly rootId?: string;
  /** The person's id; absent: an app's message. */
  readonly from?: string;
  content: string;
  /** Cards that an app's message carries. */
  readonly cards?: readonly unknown[];
  readonly contentType: 'text' | 'html';
  readonly created: string;
  modified: string;
  edited?: string;
  deleted?: string;
  /** `systemEventMessage` for what Teams itself writes. */
  readonly kind: 'message' | 'systemEventMessage';
};

export type ChannelWorld = {
  readonly messages: ChannelMessage[];
  /** Teams whose messages we may not read: the consent was never given, or taken away. */
  readonly denied: Set<string>;
  /** So many list pages of messages come empty, with a link to the next. */
  emptyPages: number;
  /** A reply leaves its thread unchanged, so that no delta tells of it: nowhere is it written that it must. */
  stillThreads: boolean;
};

export function createChannelWorld(): ChannelWorld {
  return { messages: [], denied: new Set(), emptyPages: 0, stillThreads: false };
}

/** What pages a list, and a delta: the routes' own. */
export type Paging = {
  page(url: URL, items: readonly Json[]): Reply;
  delta(url: URL, current: ReadonlyMap<string, Json>): Reply;
  empty(url: URL): Reply;
};

type Channel = TenantTeam['channels'][number];

/** GET `/teams/{id}/channels/{id}…`; `rest` begins after the channel's id. */
export function answerChannel(
  { tenant, world }: { readonly tenant: Tenant; readonly world: ChannelWorld },
  paging: Paging,
  url: URL,
  team: TenantTeam,
  channelId: string,
  rest: readonly string[],
): Reply {
  const channel = team.channels.find((candidate) => candidate.id === channelId);
  if (!channel) return graphError(404, 'NotFound', `No channel found with id ${channelId}`);
  const [what, messageId, replies, replyId] = rest;
  if (!what) return { status: 200, body: channelResource(channel) };
  if (what !== 'messages') return notFound(rest.join('/'));
  const refused = refusalFor(world, team.id, channel);
  if (refused) return refused;
  if (world.emptyPages > 0 && (messageId === 'delta' || replies === 'replies') && !replyId) {
    world.emptyPages -= 1;
    return paging.empty(url);
  }
  const own = world.messages.filter((message) => message.channelId === channelId);
  if (messageId === 'delta') return answerDelta(tenant, paging, url, own);
  const root = own.find(({ id, rootId }) => id === messageId && rootId === undefined);
  if (!root) return notFound(messageId ?? 'messages');
  if (!replies) return { status: 200, body: messageResource(tenant, root) };
  const answers = own.filter(({ rootId }) => rootId === root.id);
  if (!replyId) {
    const newestFirst = [...answers].reverse().map((message) => messageResource(tenant, message));
    return paging.page(url, newestFirst);
  }
  const reply = answers.find(({ id }) => id === replyId);
  return reply ? { status: 200, body: messageResource(tenant, reply) } : notFound(replyId);
}

/** Threads that changed since the token; at first, those changed after the filter's instant. Replies themselves are not listed. */
function answerDelta(tenant: Tenant, paging: Paging, url: URL, own: readonly ChannelMessage[]): Reply {
  const filter = url.searchParams.get('$filter');
  const after = /^lastModifiedDateTime gt (\S+)$/.exec(filter ?? '')?.[1];
  if (filter && !after) return graphError(400, 'BadRequest', `The filter '${filter}' is not supported.`);
  const roots = own.filter(
    ({ rootId, modified }) => rootId === undefined && (after === undefined || modified > after),
  );
  return paging.delta(url, new Map(roots.map((root) => [root.id, messageResource(tenant, root)])));
}

/** 403 where the team's consent is missing, and in a private channel, which that consent never covers. */
export function refusalFor(world: ChannelWorld, teamId: string, channel: Channel): Reply | undefined {
  if (!world.denied.has(teamId) && channel.type !== 'private') return undefined;
  return graphError(403, 'Forbidden', 'Missing scope permissions on the request.');
}

/** A message or a reply as Graph words it (chatMessage). */
export function messageResource(tenant: Tenant, message: ChannelMessage): Json {
  const person = tenant.people.find(({ id }) => id === message.from);
  return {
    id: message.id,
    replyToId: message.rootId ?? null,
    etag: String(Date.parse(message.modified)),
    messageType: message.kind,
    createdDateTime: message.created,
    lastModifiedDateTime: message.modified,
    lastEditedDateTime: message.edited ?? null,
    deletedDateTime: message.deleted ?? null,
    from: person
      ? {
          application: null,
          user: {
            id: person.id,
            displayName: person.name,
            userIdentityType: 'aadUser',
            tenantId: tenant.id,
          },
        }
      : { application: { id: 'bot', applicationIdentityType: 'bot' }, user: null },
    body: { contentType: message.contentType, content: message.deleted ? '' : message.content },
    channelIdentity: { teamId: message.teamId, channelId: message.channelId },
    attachments: message.deleted ? [] : (message.cards ?? []).map(attachment),
    mentions: [],
    reactions: [],
  };
}

/** A card as Graph gives it back: its content is JSON as text (chatMessageAttachment). */
function attachment(card: unknown, index: number): Json {
  return {
    id: `card-${index + 1}`,
    contentType: 'application/vnd.microsoft.card.adaptive',
    contentUrl: null,
    content: JSON.stringify(card),
    name: null,
    thumbnailUrl: null,
    teamsAppId: null,
  };
}
