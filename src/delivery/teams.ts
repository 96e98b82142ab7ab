/**
 * Our own client of the Bot Connector: one attempt a call, everything seen is reported as an `Attempt`, nothing is repeated.
 * The SDK repeats a POST on 500 and 502, which doubles a message that had been taken (platform notes, 4.1). Knows which
 * addresses may be called; decides nothing about what an answer means (outcome.ts).
 * API: Microsoft Learn, "Bot Connector REST API reference", conversation operations.
 */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isLoopbackUrl } from '../config/settings.ts';
import { messageOf } from '../kernel/errors.ts';
import { type Clock, systemClock } from '../kernel/time.ts';
import { isAllowedService } from './address.ts';
import { type Attempt, parseRetryAfter } from './outcome.ts';

export type Address = { readonly serviceUrl: string; readonly conversationId: string };

export interface Connector {
  /** `replyTo`: the message that it answers, in a turn. */
  post(to: Address, activity: Readonly<object>, replyTo?: string): Promise<Attempt>;
  update(to: Address, activityId: string, activity: Readonly<object>): Promise<Attempt>;
  remove(to: Address, activityId: string): Promise<Attempt>;
  close(): void;
}

export type ConnectorOptions = {
  /** BOT_SERVICE_HOSTS: https host names, or loopback origins. */
  readonly hosts: readonly string[];
  /** Any address of this machine as well: a local run, whose gate lets nothing else in. */
  readonly loopback?: boolean;
  /** A bearer token for the connector; absent: none is sent (loopback). */
  readonly getToken?: () => Promise<string>;
  /** From the first byte to the last of the answer, in milliseconds. */
  readonly timeout?: number;
  /** For `Retry-After` dates: the real clock, whatever the service believes the date to be. */
  readonly clock?: Clock;
};

const TIMEOUT = 15_000;
/** Idle connections are dropped sooner than any server does, so that a post never meets one that is being closed. */
const IDLE = 4_000;
const MAX_SOCKETS = 128;
const MAX_ANSWER = 64 * 1024;

export function createConnector(options: ConnectorOptions): Connector {
  const pool = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: IDLE, scheduling: 'lifo' as const };
  const agents = { http: new HttpAgent(pool), https: new HttpsAgent(pool) };
  const clock = options.clock ?? systemClock();

  async function call(
    method: string,
    to: Address,
    path: string,
    activity?: Readonly<object>,
  ): Promise<Attempt> {
    const isHere = options.loopback === true && isLoopbackUrl(to.serviceUrl);
    if (!isHere && !isAllowedService(to.serviceUrl, options.hosts))
      return { kind: 'forbidden', reason: 'the service address is not among BOT_SERVICE_HOSTS' };
    let token: string | undefined;
    try {
      token = await options.getToken?.();
    } catch (error) {
      return { kind: 'not-sent', reason: `no token: ${messageOf(error)}` };
    }
    const base = to.serviceUrl.endsWith('/') ? to.serviceUrl : `${to.serviceUrl}/`;
    const url = new URL(`v3/conversations/${encodeURIComponent(to.conversationId)}/${path}`, base);
    return exchange(url, method, agents, clock, {
      ...(activity ? { body: JSON.stringify(activity) } : {}),
      ...(token ? { token } : {}),
      timeout: options.timeout ?? TIMEOUT,
    });
  }

  return {
    post: (to, activity, replyTo) =>
      call('POST', to, replyTo ? `activities/${encodeURIComponent(replyTo)}` : 'activities', activity),
    update: async (to, activityId, activity) =>
      named(await call('PUT', to, `activities/${encodeURIComponent(activityId)}`, activity), activityId),
    remove: async (to, activityId) =>
      named(await call('DELETE', to, `activities/${encodeURIComponent(activityId)}`), activityId),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** An edit or a removal need not repeat the id in its answer: it was in the address. */
function named(attempt: Attempt, activityId: string): Attempt {
  return attempt.kind === 'answered' && attempt.status < 300 ? { ...attempt, activityId } : attempt;
}

type Exchange = { readonly body?: string; readonly token?: string; readonly timeout: number };

function exchange(
  url: URL,
  method: string,
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent },
  clock: Clock,
  options: Exchange,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:';
    const headers = {
      accept: 'application/json',
      'user-agent': 'waymark',
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...(options.body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(options.body) }),
    };
    const request = secure
      ? requestHttps(url, { method, headers, agent: agents.https })
      : requestHttp(url, { method, headers, agent: agents.http });
    // Until the connection stands nothing can have left; from then on the kernel may have sent all of it.
    let connected = false;
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), options.timeout);
    const finish = (attempt: Attempt) => {
      clearTimeout(timer);
      resolve(attempt);
    };
    request.on('socket', (socket) => {
      if (!socket.connecting) connected = true;
      else socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true));
    });
    request.on('error', (error) =>
      finish({ kind: connected ? 'lost' : 'not-sent', reason: messageOf(error) }),
    );
    request.on('response', (response) => readAnswer(response, clock).then(finish));
    request.end(options.body);
  });
}

async function readAnswer(response: IncomingMessage, clock: Clock): Promise<Attempt> {
  const status = response.statusCode ?? 0;
  const retryAfter = parseRetryAfter(response.headers['retry-after'], clock.now());
  const answered = { kind: 'answered', status, ...(retryAfter === undefined ? {} : { retryAfter }) } as const;
  let text = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      if (text.length < MAX_ANSWER) text += String(chunk);
    }
  } catch (error) {
    // A refusal is known by its status; an acceptance without its body is not known to be one.
    return status >= 400 ? answered : { kind: 'lost', reason: `answer cut off: ${messageOf(error)}` };
  }
  const { id, code } = fieldsOf(text);
  return { ...answered, ...(id ? { activityId: id } : {}), ...(code ? { code } : {}) };
}

/** `id` of an acceptance; of an error the inner code where there is one, for it says more. */
function fieldsOf(text: string): { readonly id?: string; readonly code?: string } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return {};
  }
  const id = textAt(body, 'id');
  const error = valueAt(body, 'error');
  const inner = valueAt(error, 'innerHttpError');
  const code = textAt(error, 'subCode') ?? textAt(valueAt(inner, 'body'), 'code') ?? textAt(error, 'code');
  return { ...(id ? { id } : {}), ...(code ? { code } : {}) };
}

function valueAt(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textAt(value: unknown, name: string): string | undefined {
  const found = valueAt(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/**
 * Tokens of the bot's user-assigned managed identity, cached by the library until shortly before they expire.
 * `scope`: `https://api.botframework.com/.default` unless BOT_OAUTH_SCOPE says otherwise.
 */
export function managedIdentityToken(clientId: string, scope: string): () => Promise<string> {
  let credential: Promise<{ getToken(scope: string): Promise<{ token: string }> }> | undefined;
  return async () => {
    credential ??= import('@azure/identity').then(
      ({ ManagedIdentityCredential }) => new ManagedIdentityCredential({ clientId }),
    );
    return (await (await credential).getToken(scope)).token;
  };
}
