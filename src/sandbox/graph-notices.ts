/**
 * The stand-in Graph's subscriptions and what it tells their owners: an address is asked to echo a token before it is taken,
 * changes are told in batches, their content encrypted for the subscriber's certificate. Rehearsals say when, how often, in
 * which order and how wrongly they are told. Shapes: Microsoft Graph v1.0, "subscription", "changeNotificationCollection",
 * "Set up change notifications that include resource data". Speaks to this machine only.
 */
import {
  createCipheriv,
  createHmac,
  constants as cryptoConstants,
  publicEncrypt,
  X509Certificate,
} from 'node:crypto';
import { z } from 'zod/v4';
import { isLoopbackUrl } from '../config/settings.ts';
import { newId, newSecret } from '../kernel/ids.ts';
import { type ChannelMessage, type ChannelWorld, messageResource, refusalFor } from './graph-channels.ts';
import { graphError, type Json, notFound, type Reply } from './graph-resources.ts';
import type { Tenant } from './tenant.ts';

const Asked = z.object({
  changeType: z.string(),
  notificationUrl: z.url(),
  lifecycleNotificationUrl: z.url().optional(),
  resource: z.string().regex(/^\/?teams\/[^/]+\/channels\/[^/]+\/messages$/),
  expirationDateTime: z.iso.datetime(),
  clientState: z.string().max(128).optional(),
  includeResourceData: z.boolean().optional(),
  encryptionCertificate: z.string().optional(),
  encryptionCertificateId: z.string().optional(),
});
const Changed = Asked.partial().omit({ resource: true, notificationUrl: true });
export type Subscription = z.infer<typeof Asked> & { readonly id: string };

/** How the next notices are told. */
export type Telling = {
  /** Each twice. */
  readonly twice?: boolean;
  /** The last first. */
  readonly reversed?: boolean;
  readonly clientState?: string;
  readonly tenantId?: string;
  /** Content that cannot be opened: with the signature of something else, or for another's certificate. */
  readonly spoilt?: 'signature' | 'key';
  /** JWTs of the collection. */
  readonly tokens?: readonly string[];
};

export type LifecycleEvent = 'subscriptionRemoved' | 'reauthorizationRequired' | 'missed';

export type NoticesWorld = {
  readonly subscriptions: Map<string, Subscription>;
  /** Public origin → the loopback origin behind it. */
  readonly reach: Map<string, string>;
  readonly untold: ChannelMessage[];
};

export function createNoticesWorld(): NoticesWorld {
  return { subscriptions: new Map(), reach: new Map(), untold: [] };
}

type Parts = {
  readonly tenant: Tenant;
  readonly notices: NoticesWorld;
  readonly channels: ChannelWorld;
};

/** `/subscriptions`, `/subscriptions/{id}` and `/reauthorize`. */
export async function answerSubscriptions(
  parts: Parts,
  method: string,
  path: readonly string[],
  body: string,
): Promise<Reply> {
  const { subscriptions } = parts.notices;
  const [, id, action] = path;
  if (!id) {
    if (method === 'GET') return { status: 200, body: { value: [...subscriptions.values()].map(shown) } };
    return method === 'POST' ? create(parts, body) : graphError(405, 'BadRequest', 'Not allowed.');
  }
  const known = subscriptions.get(id);
  if (!known) return notFound(id);
  if (method === 'GET') return { status: 200, body: shown(known) };
  if (method === 'DELETE') {
    subscriptions.delete(id);
    return { status: 204 };
  }
  const refused = refusedFor(parts, known.resource);
  if (refused) return refused;
  if (method === 'POST' && action === 'reauthorize') return { status: 204 };
  const change = Changed.safeParse(JSON.parse(body));
  if (method !== 'PATCH' || !change.success) return graphError(400, 'BadRequest', 'Invalid request.');
  const { expirationDateTime, encryptionCertificate, encryptionCertificateId } = change.data;
  const renewed = {
    ...known,
    ...(expirationDateTime ? { expirationDateTime } : {}),
    ...(encryptionCertificate ? { encryptionCertificate, encryptionCertificateId } : {}),
  };
  subscriptions.set(id, renewed);
  return { status: 200, body: shown(renewed) };
}

async function create(parts: Parts, body: string): Promise<Reply> {
  const asked = Asked.safeParse(JSON.parse(body));
  if (!asked.success) return graphError(400, 'ExtensionError', 'Invalid subscription request.');
  const wanted = asked.data;
  if (wanted.includeResourceData && !(wanted.encryptionCertificate && wanted.encryptionCertificateId))
    return graphError(400, 'ExtensionError', 'An encryption certificate is required with resource data.');
  const refused = refusedFor(parts, wanted.resource);
  if (refused) return refused;
  const { subscriptions } = parts.notices;
  if ([...subscriptions.values()].some(({ resource }) => resource === wanted.resource))
    return graphError(409, 'Conflict', 'Subscription already exists for the same resource.');
  for (const url of [wanted.notificationUrl, wanted.lifecycleNotificationUrl]) {
    if (url && !(await echoes(parts.notices, url)))
      return graphError(400, 'ValidationError', 'Subscription validation request failed.');
  }
  const subscription = { ...wanted, id: newId('sub') };
  subscriptions.set(subscription.id, subscription);
  return { status: 201, body: shown(subscription) };
}

/** Asks an address to say the token back as text, decoded, within ten seconds ("notificationUrl validation"). */
async function echoes(notices: NoticesWorld, url: string): Promise<boolean> {
  const token = `Validation: is anybody there? ${newId('v')} +&=%`;
  const target = targetOf(notices, url);
  if (!target) return false;
  target.searchParams.set('validationToken', token);
  const response = await fetch(target, { method: 'POST', signal: AbortSignal.timeout(10_000) }).catch(
    (error: unknown) => {
      if (error instanceof Error) return undefined;
      throw error;
    },
  );
  if (!response) return false;
  const type = response.headers.get('content-type') ?? '';
  return response.status === 200 && /^text\/plain\b/.test(type) && (await response.text()) === token;
}

function targetOf({ reach }: NoticesWorld, url: string): URL | undefined {
  const asked = new URL(url);
  const origin = isLoopbackUrl(url) ? asked.origin : reach.get(asked.origin);
  return origin === undefined ? undefined : new URL(`${asked.pathname}${asked.search}`, origin);
}

function refusedFor({ tenant, channels }: Parts, resource: string): Reply | undefined {
  const [, teamId = '', , channelId = ''] = resource.replace(/^\//, '').split('/');
  const team = tenant.teams.find(({ id }) => id === teamId);
  const channel = team?.channels.find(({ id }) => id === decodeURIComponent(channelId));
  return team && channel ? refusalFor(channels, team.id, channel) : notFound(resource);
}

/** The client state is the subscriber's secret: Graph does not tell it again. */
function shown({ clientState: _secret, ...rest }: Subscription): Json {
  return { ...rest, clientState: null };
}

/** Tells subscribers of what they have not heard of. Returns the status of each call. */
export async function tellNotices(parts: Parts, telling: Telling = {}): Promise<number[]> {
  const { notices, tenant } = parts;
  const untold = notices.untold.splice(0);
  const ordered = telling.reversed ? untold.reverse() : untold;
  const messages = telling.twice ? ordered.flatMap((message) => [message, message]) : ordered;
  const statuses: number[] = [];
  for (const message of messages) {
    const subscription = subscriptionFor(notices, message);
    if (!subscription) continue;
    const value = [noticeOf(tenant, subscription, message, telling)];
    statuses.push(
      await send(notices, subscription.notificationUrl, {
        value,
        ...(telling.tokens ? { validationTokens: telling.tokens } : {}),
      }),
    );
  }
  return statuses;
}

/** Tells every subscriber of an event in the life of its subscription. */
export async function tellLifecycle(parts: Parts, event: LifecycleEvent): Promise<number[]> {
  const { notices, tenant } = parts;
  const statuses: number[] = [];
  for (const subscription of [...notices.subscriptions.values()]) {
    if (event === 'subscriptionRemoved') notices.subscriptions.delete(subscription.id);
    const value = [{ ...common(tenant, subscription, {}), lifecycleEvent: event }];
    const url = subscription.lifecycleNotificationUrl;
    if (url) statuses.push(await send(notices, url, { value }));
  }
  return statuses;
}

function subscriptionFor(notices: NoticesWorld, { teamId, channelId }: ChannelMessage) {
  const resource = `teams/${teamId}/channels/${channelId}/messages`;
  return [...notices.subscriptions.values()].find(
    (one) => decodeURIComponent(one.resource).replace(/^\//, '') === resource,
  );
}

function common(tenant: Tenant, subscription: Subscription, telling: Telling): Json {
  return {
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: subscription.expirationDateTime,
    clientState: telling.clientState ?? subscription.clientState,
    tenantId: telling.tenantId ?? tenant.id,
  };
}

function noticeOf(
  tenant: Tenant,
  subscription: Subscription,
  message: ChannelMessage,
  telling: Telling,
): Json {
  const { teamId, channelId, rootId, id } = message;
  const thread = `teams('${teamId}')/channels('${channelId}')/messages('${rootId ?? id}')`;
  const resource = rootId ? `${thread}/replies('${id}')` : thread;
  const { encryptionCertificate, encryptionCertificateId, includeResourceData } = subscription;
  return {
    ...common(tenant, subscription, telling),
    changeType: message.deleted ? 'deleted' : message.edited ? 'updated' : 'created',
    resource,
    resourceData: { id, '@odata.type': '#Microsoft.Graph.chatMessage', '@odata.id': resource },
    ...(includeResourceData && encryptionCertificate
      ? {
          encryptedContent: {
            ...encrypted(messageResource(tenant, message), encryptionCertificate, telling.spoilt),
            encryptionCertificateId,
          },
        }
      : {}),
  };
}

/** AES-256-CBC with the key's first 16 bytes as vector, HMAC-SHA256 over the cipher text, the key by RSA-OAEP with SHA-1. */
export function encrypted(resource: Json, certificate: string, spoilt?: Telling['spoilt']): Json {
  const key = newSecret(32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
  const data = Buffer.concat([cipher.update(JSON.stringify(resource), 'utf8'), cipher.final()]);
  const signed = spoilt === 'signature' ? Buffer.concat([data, data]) : data;
  const { publicKey, fingerprint } = new X509Certificate(Buffer.from(certificate, 'base64'));
  const padding = { padding: cryptoConstants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  const dataKey = publicEncrypt({ key: publicKey, ...padding }, key);
  return {
    data: data.toString('base64'),
    dataSignature: createHmac('sha256', key).update(signed).digest('base64'),
    dataKey: (spoilt === 'key' ? newSecret(dataKey.length) : dataKey).toString('base64'),
    encryptionCertificateThumbprint: fingerprint.replaceAll(':', ''),
  };
}

async function send(notices: NoticesWorld, url: string, body: Json): Promise<number> {
  const target = targetOf(notices, url);
  if (!target) return 0;
  const response = await fetch(target, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
}
