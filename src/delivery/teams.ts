/**
 * Our own client of the Bot Connector: one attempt a call, everything seen is reported as an `Attempt`, nothing is repeated.
 * The SDK repeats a POST on 500 and 502, which doubles a message that had been taken (platform notes, 4.1). Knows which
 * addresses may be called; decides nothing about what an answer means (outcome.ts).
 * API: Microsoft Learn, "Bot Connector REST API reference", conversation operations.
 */
import type { Agent, Dispatcher } from 'undici';
import { isLoopbackUrl } from '../config/settings.ts';
import { messageOf } from '../kernel/errors.ts';
import { type Clock, systemClock } from '../kernel/time.ts';
import { traced } from '../telemetry/trace.ts';
import { isAllowedService } from './address.ts';
import { type Attempt, parseRetryAfter } from './outcome.ts';

export type Address = { readonly serviceUrl: string; readonly conversationId: string };

/** Where conversations of the tenant are opened, and by which bot. */
export type Home = { readonly serviceUrl: string; readonly botId: string; readonly tenantId: string };

export interface Connector {
  /**
   * The person's own chat with the bot: the answer's id is the conversation's. Teams has one for each person and gives the same
   * one however often it is asked, so this may be repeated.
   */
  open(at: Home, personId: string): Promise<Attempt>;
  /** `replyTo`: the message that it answers, in a turn. */
  post(to: Address, activity: Readonly<object>, replyTo?: string): Promise<Attempt>;
  update(to: Address, activityId: string, activity: Readonly<object>): Promise<Attempt>;
  remove(to: Address, activityId: string): Promise<Attempt>;
  /** Ends the connections; the next call opens new ones. */
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
/** One request at a time on a connection, HTTP/1.1: so that one which breaks off takes no other with it. */
const POOL = {
  connections: MAX_SOCKETS,
  pipelining: 1,
  allowH2: false,
  keepAliveTimeout: IDLE,
  keepAliveMaxTimeout: IDLE,
  // How long an answer may take is measured as a whole, below.
  headersTimeout: 0,
  bodyTimeout: 0,
} as const;

export function createConnector(options: ConnectorOptions): Connector {
  let agent: Promise<Agent> | undefined;
  // Loaded with the first request: many an instance never makes one.
  const pool = () => {
    agent ??= import('undici').then(({ Agent }) => new Agent(POOL));
    return agent;
  };
  const timeout = options.timeout ?? TIMEOUT;
  const clock = options.clock ?? systemClock();

  async function call(
    method: string,
    serviceUrl: string,
    path: string,
    sent?: Readonly<object>,
  ): Promise<Attempt> {
    const isHere = options.loopback === true && isLoopbackUrl(serviceUrl);
    if (!isHere && !isAllowedService(serviceUrl, options.hosts))
      return { kind: 'forbidden', reason: 'the service address is not among BOT_SERVICE_HOSTS' };
    let token: string | undefined;
    try {
      token = await options.getToken?.();
    } catch (error) {
      return { kind: 'not-sent', reason: `no token: ${messageOf(error)}` };
    }
    const base = serviceUrl.endsWith('/') ? serviceUrl : `${serviceUrl}/`;
    const url = new URL(`v3/conversations${path}`, base);
    return traced('connector', { method }, async (note) => {
      const request = requestOf(method, url, token, sent);
      const attempt = await exchange(await pool(), request, timeout, () => clock.now());
      note({ outcome: attempt.kind === 'answered' ? attempt.status : attempt.kind });
      return attempt;
    });
  }

  const within = ({ conversationId }: Address, activityId?: string) =>
    `/${encodeURIComponent(conversationId)}/activities${activityId ? `/${encodeURIComponent(activityId)}` : ''}`;
  return {
    open: ({ serviceUrl, botId, tenantId }, personId) =>
      call('POST', serviceUrl, '', {
        isGroup: false,
        bot: { id: botId },
        members: [{ id: personId }],
        tenantId,
        channelData: { tenant: { id: tenantId } },
      }),
    post: (to, activity, replyTo) => call('POST', to.serviceUrl, within(to, replyTo), activity),
    update: async (to, activityId, activity) =>
      named(await call('PUT', to.serviceUrl, within(to, activityId), activity), activityId),
    remove: async (to, activityId) =>
      named(await call('DELETE', to.serviceUrl, within(to, activityId)), activityId),
    close: () => {
      void agent?.then((opened) => opened.destroy());
      agent = undefined;
    },
  };
}

/** An edit or a removal need not repeat the id in its answer: it was in the address. */
function named(attempt: Attempt, activityId: string): Attempt {
  return attempt.kind === 'answered' && attempt.status < 300 ? { ...attempt, activityId } : attempt;
}

function requestOf(
  method: string,
  { origin, pathname, search }: URL,
  token: string | undefined,
  sent: Readonly<object> | undefined,
): Dispatcher.DispatchOptions {
  return {
    origin,
    path: pathname + search,
    method,
    headers: {
      accept: 'application/json',
      'user-agent': 'waymark',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(sent ? { 'content-type': 'application/json' } : {}),
    },
    ...(sent ? { body: JSON.stringify(sent) } : {}),
  };
}

type Answer = Extract<Attempt, { kind: 'answered' }>;

/** Writes the request once at most, and reads the answer to its end within `timeout` milliseconds. */
function exchange(
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  timeout: number,
  now: () => Date,
): Promise<Attempt> {
  return new Promise((resolve) => {
    /** Set when a connection stands and the request is about to be written: from then on all of it may have left. */
    let writing: Dispatcher.DispatchController | undefined;
    let ended = false;
    let answered: Answer | undefined;
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (attempt: Attempt) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      resolve(attempt);
    };
    const fail = (reason: string) => {
      if (!writing) finish({ kind: 'not-sent', reason });
      else if (!answered) finish({ kind: 'lost', reason });
      // A refusal is known by its status; an acceptance without its body is not known to be one.
      else if (answered.status >= 400) finish(answered);
      else finish({ kind: 'lost', reason: `answer cut off: ${reason}` });
    };
    const timer = setTimeout(() => {
      fail('no answer in time');
      writing?.abort(new Error('no answer in time'));
    }, timeout);
    agent.dispatch(request, {
      onRequestStart: (controller) => {
        // Neither a second time, should the connection be lost, nor after we have given it up.
        if (ended || writing) controller.abort(new Error('not written again'));
        else writing = controller;
      },
      onResponseStart: (_controller, status, headers) => {
        const header = headers['retry-after'];
        const retryAfter = parseRetryAfter(Array.isArray(header) ? header[0] : header, now());
        answered = { kind: 'answered', status, ...(retryAfter === undefined ? {} : { retryAfter }) };
      },
      onResponseData: (_controller, chunk) => {
        length += chunk.length;
        if (length <= MAX_ANSWER) chunks.push(chunk);
      },
      onResponseEnd: () => {
        if (answered) finish({ ...answered, ...fieldsOf(Buffer.concat(chunks).toString()) });
      },
      onResponseError: (_controller, error) => fail(messageOf(error)),
    });
  });
}

/** Codes are words; an id of Teams' is some hundred signs at most, and an index holds no longer ones than about 2,700. */
const LONGEST_CODE = 120;
const LONGEST_ID = 1_024;

/** `id` of an acceptance, unless it is one that cannot be kept as it is; of an error the inner code where there is one, for it says more. */
function fieldsOf(text: string): Pick<Answer, 'activityId' | 'code'> {
  const body = jsonIn(text);
  const id = textAt(body, 'id');
  const error = valueAt(body, 'error');
  const inner = valueAt(error, 'innerHttpError');
  // A blocked conversation is told of without `error`, by JSON within the message's text.
  const message = textAt(body, 'message');
  const told = message === undefined ? undefined : jsonIn(message);
  const code =
    textAt(error, 'subCode') ??
    textAt(told, 'subCode') ??
    textAt(valueAt(inner, 'body'), 'code') ??
    textAt(error, 'code');
  const word = code && plain(code).slice(0, LONGEST_CODE);
  const isKept = id !== undefined && id.length <= LONGEST_ID && plain(id) === id;
  return { ...(isKept ? { activityId: id } : {}), ...(word ? { code: word } : {}) };
}

/** Without signs that a store refuses or a reader does not see: it stands in the report. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, '');
}

/** Undefined for what is not JSON: an error page, say. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
