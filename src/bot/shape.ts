/**
 * What an inbound activity must look like before any code of the SDK reads it: its shape, where it says answers go, and
 * whose tenant it is from. Pure. It refuses to know tokens and HTTP.
 */
import { z } from 'zod/v4';
import { isLoopbackUrl } from '../config/settings.ts';
import { readOutside } from '../kernel/outside.ts';
import type { Reason } from './claims.ts';
import { isReadable } from './inbound.ts';

/** 256 KB: Teams' own messages end at about 100 KB. */
export const BODY_LIMIT_BYTES = 256 * 1024;

const id = z.string().min(1).max(2048);
const Account = z.looseObject({ id, aadObjectId: z.string().max(200).nullish() });
const Shape = z.looseObject({
  type: z.string().min(1).max(100),
  id: id.optional(),
  name: z.string().max(300).optional(),
  text: z.string().optional(),
  channelId: z.string().max(100),
  serviceUrl: z.string().max(2048).optional(),
  timestamp: z.string().max(100).optional(),
  localTimestamp: z.string().max(100).optional(),
  replyToId: z.string().max(2048).optional(),
  from: Account,
  recipient: Account,
  conversation: z.looseObject({ id, tenantId: z.string().max(200).nullish() }),
  channelData: z.looseObject({ tenant: z.looseObject({ id: z.string().max(200) }).nullish() }).optional(),
  attachments: z.array(z.looseObject({})).optional(),
  entities: z.array(z.looseObject({})).optional(),
  membersAdded: z.array(Account).optional(),
  membersRemoved: z.array(Account).optional(),
});

export type InboundActivity = z.infer<typeof Shape>;

/** The activity that `body` (the request's raw text) holds, or why it holds none. */
export function parseActivity(body: string): { activity: InboundActivity } | { reason: Reason } {
  const read = readOutside(body);
  if (read.kind !== 'value') return { reason: read.kind === 'not-json' ? 'not-json' : 'not-an-activity' };
  const parsed = Shape.safeParse(withoutNulls(read.value));
  if (!parsed.success || !isReadable(parsed.data)) return { reason: 'not-an-activity' };
  return { activity: parsed.data };
}

/** Some senders write null for a field they leave out; the SDK's own readers are not ready for it. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

/** What is wrong with a `serviceUrl`: it must name a listed host over https, or a listed loopback origin. */
export function serviceUrlProblem(
  serviceUrl: string | undefined,
  hosts: readonly string[],
): Reason | undefined {
  if (!serviceUrl) return 'service-url-missing';
  const url = plainUrl(serviceUrl);
  if (!url) return 'service-url-not-allowed';
  const listed = hosts.some((entry) =>
    isLoopbackUrl(entry)
      ? new URL(entry).origin === url.origin
      : url.protocol === 'https:' && url.host === entry.toLowerCase(),
  );
  return listed ? undefined : 'service-url-not-allowed';
}

/** The same for a local run, where answers may go to this machine and nowhere else. */
export function localServiceUrlProblem(serviceUrl: string | undefined): Reason | undefined {
  if (!serviceUrl) return 'service-url-missing';
  const url = plainUrl(serviceUrl);
  return url && isLoopbackUrl(url.href) ? undefined : 'service-url-not-allowed';
}

/** Paths are appended to it, so it may carry no query and no fragment; and a password in it would be a disguise. */
function plainUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = !url.username && !url.password && !url.search && !url.hash;
  return plain && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
}

/** Every tenant that the activity names must be the trust's, and it must name at least one. */
export function isFromTenant(activity: InboundActivity, tenantId: string): boolean {
  const named = [activity.conversation.tenantId, activity.channelData?.tenant?.id].filter(
    (tenant) => tenant !== undefined && tenant !== null,
  );
  return named.length > 0 && named.every((tenant) => tenant.toLowerCase() === tenantId.toLowerCase());
}

/** True for an address of this machine as a socket reports it. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);
}
