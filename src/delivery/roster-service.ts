/**
 * Who is in a conversation, asked of Teams at the time. Group chats are not in our copy of the directory, and what is said
 * in one may use only what everybody present may see. API: Bot Connector, get conversation paged members.
 */
import { z } from 'zod/v4';
import { AppError } from '../kernel/errors.ts';
import { isAllowedService } from './address.ts';
import type { Address, ConnectorOptions } from './teams.ts';

const Page = z.object({
  members: z.array(
    z.object({ id: z.string(), aadObjectId: z.string().optional(), objectId: z.string().optional() }),
  ),
  continuationToken: z.string().nullish(),
});
const PAGE_SIZE = 500;
const TIMEOUT = 10_000;
/** No chat has more people than this many pages hold; a server that never ends its pages is given up. */
const MOST_PAGES = 20;

/** Object ids; '' for a member without one, who is then nobody we know. Throws AppError `roster-unread`. */
export async function readMembers(
  to: Address,
  options: Pick<ConnectorOptions, 'hosts' | 'getToken'>,
): Promise<readonly string[]> {
  if (!isAllowedService(to.serviceUrl, options.hosts)) throw unread('its service address is not allowed');
  const token = await options.getToken?.();
  const ids: string[] = [];
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const url = new URL(
      `${to.serviceUrl.replace(/\/$/, '')}/v3/conversations/${encodeURIComponent(to.conversationId)}/pagedmembers`,
    );
    url.searchParams.set('pageSize', String(PAGE_SIZE));
    if (next) url.searchParams.set('continuationToken', next);
    const answer = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
      headers: { accept: 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    });
    if (!answer.ok) throw unread(`Teams answered ${answer.status}`);
    const { members, continuationToken } = Page.parse(await answer.json());
    ids.push(...members.map((member) => (member.aadObjectId ?? member.objectId ?? '').toLowerCase()));
    if (!continuationToken) return ids;
    next = continuationToken;
  }
  throw unread('its list of members has no end');
}

function unread(why: string): AppError {
  return new AppError('roster-unread', `The members of the chat could not be read: ${why}.`, {
    remedy: 'Nothing was said in it. Try again; if it goes on, check BOT_SERVICE_HOSTS.',
  });
}
