/**
 * The way to Microsoft Graph: the vendor's client with its own chain of middlewares, and last one of ours. Every URL
 * stays https://graph.microsoft.com/… so that tokens and links work as in production; only when GRAPH_URL is loopback
 * does that middleware send the request there instead (the client gives no token over http). It knows pages, batches,
 * faults and downloads, and nothing of people or documents.
 */
import type { TokenCredential } from '@azure/identity';
import {
  Client,
  type Context,
  GraphError,
  type Middleware,
  MiddlewareFactory,
  type MiddlewareOptions,
  ResponseType,
  RetryHandlerOptions,
} from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import type { z } from 'zod/v4';
import { AppError, messageOf } from '../kernel/errors.ts';
import { must } from '../kernel/guards.ts';
import { sleep } from '../kernel/time.ts';
import { traced } from '../telemetry/trace.ts';
import { BatchReply, badReply, GRAPH_ORIGIN, PageReply, pathOnly, readReply } from './replies.ts';

const SCOPE = 'https://graph.microsoft.com/.default';

export type GraphOptions = {
  /** `settings.graphUrl`: Graph itself, or a loopback origin to send its requests to. */
  readonly url: string;
  readonly credential: TokenCredential;
  readonly timeoutSeconds?: number;
};

export type Listing<T> = { readonly items: readonly T[]; readonly deltaLink?: string };
export type BatchItem = { readonly status: number; readonly body: unknown };

/** Reads only. Paths are relative to v1.0 (`/users`) or links that Graph gave. All throw AppError `graph-…`. */
export interface Graph {
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>;
  /** Every page of a list, followed by its next links, and the delta link at the end when there is one. */
  list<T>(path: string, shape: z.ZodType<T>): Promise<Listing<T>>;
  /** GETs in batches of 20; the replies in the order of the paths. Throttled ones are asked again. */
  batch(paths: readonly string[]): Promise<readonly BatchItem[]>;
  download(path: string): Promise<Uint8Array>;
  /** The same, in pieces as they come; nothing is asked before the first one is wanted. */
  stream(path: string): AsyncIterable<Uint8Array>;
}

/** The few things that are written: subscriptions to changes, rows of the trust's list of milestones, a report's files. Never a message. */
export interface GraphWriter {
  /** The reply in its shape; of one without a body, what the shape makes of undefined. Throws as `Graph` does. */
  change<T>(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body: unknown,
    shape: z.ZodType<T>,
  ): Promise<T>;
  /** Puts a file there in one piece. A wait of a few seconds that Graph asks for is waited for, a longer one is thrown. */
  upload<T>(path: string, bytes: Uint8Array, type: string, shape: z.ZodType<T>): Promise<T>;
}

/** Somebody waits for an upload: it is tried again once, and not after a longer wait than this. Seconds. */
const UPLOAD_WAIT = 3;
/** Seconds until a request is given up. */
const TIMEOUT_SECONDS = 30;
/** A file in pieces takes as long as what is done with them. */
const STREAM_SECONDS = 600;
/** Marks a request whose answer is read in pieces. */
class InPieces implements MiddlewareOptions {}
const FOREIGN_LINK = 'graph-foreign-link';
const BATCH_LIMIT = 20;
const BATCH_ROUNDS = 4;
/** Longest wait between rounds of a batch, in seconds, whatever Retry-After says. */
const LONGEST_WAIT = 60;

/** The identity of the service in Azure: the managed identity that BOT_ID names. Its library is loaded for the first token. */
export function managedIdentity(clientId: string): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, options) => {
      credential ??= import('@azure/identity').then(
        ({ ManagedIdentityCredential }) => new ManagedIdentityCredential({ clientId }),
      );
      return (await credential).getToken(scopes, options);
    },
  };
}

/** For the stand-in on loopback, which wants a bearer token and does not look at it; Graph itself would. */
export function loopbackCredential(): TokenCredential {
  return { getToken: async () => ({ token: 'loopback', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
}

/** Throws AppError `graph-url` when `url` is neither Graph nor loopback. */
export function connectGraph(options: GraphOptions): Graph & GraphWriter {
  const authentication = new TokenCredentialAuthenticationProvider(options.credential, { scopes: [SCOPE] });
  const chain = MiddlewareFactory.getDefaultMiddlewareChain(authentication);
  const route = routeTo(options.url, (options.timeoutSeconds ?? TIMEOUT_SECONDS) * 1000);
  chain.splice(chain.length - 1, 0, route);
  chain.slice(1).forEach((next, index) => {
    must(chain[index]?.setNext, 'a middleware that passes on').call(chain[index], next);
  });
  const client = Client.initWithMiddleware({
    middleware: must(chain[0], 'the first middleware'),
    defaultVersion: 'v1.0',
  });

  const get = async (path: string): Promise<unknown> => {
    refuseForeign(path);
    try {
      return await client.api(path).get();
    } catch (error) {
      throw faultOf(error, path);
    }
  };
  const post = async (path: string, body: unknown): Promise<unknown> => {
    try {
      return await client.api(path).post(body);
    } catch (error) {
      throw faultOf(error, path);
    }
  };
  return {
    get: async (path, shape) => readReply(shape, await get(path), path),
    list: (path, shape) => listAll(get, path, shape),
    batch: (paths) => batchAll(post, paths),
    change: async (method, path, body, shape) => {
      refuseForeign(path);
      const request = client.api(path);
      const sent = {
        POST: () => request.post(body),
        PATCH: () => request.patch(body),
        DELETE: () => request.delete(),
      };
      try {
        return readReply(shape, await sent[method](), path);
      } catch (error) {
        throw faultOf(error, path);
      }
    },
    upload: async (path, bytes, type, shape) => {
      refuseForeign(path);
      const soon = (response: Response) => Number(response.headers.get('retry-after') ?? 0) <= UPLOAD_WAIT;
      const again = new RetryHandlerOptions(1, 1, (_delay, _attempt, _request, _options, response) =>
        soon(response),
      );
      try {
        // The client sends the whole memory behind a view that is not a Buffer of its own.
        const request = client.api(path).middlewareOptions([again]).header('Content-Type', type);
        return readReply(shape, await request.put(Buffer.from(bytes)), path);
      } catch (error) {
        throw faultOf(error, path);
      }
    },
    download: async (path) => {
      refuseForeign(path);
      try {
        const content: unknown = await client.api(path).responseType(ResponseType.ARRAYBUFFER).get();
        if (!(content instanceof ArrayBuffer)) throw badReply(path, 'not a file');
        return new Uint8Array(content);
      } catch (error) {
        throw error instanceof AppError ? error : faultOf(error, path);
      }
    },
    stream: async function* (path) {
      refuseForeign(path);
      try {
        const body: unknown = await client.api(path).middlewareOptions([new InPieces()]).getStream();
        if (!(body instanceof ReadableStream)) throw badReply(path, 'not a file');
        for await (const piece of body) yield piece as Uint8Array;
      } catch (error) {
        throw faultOf(error, path);
      }
    },
  };
}

/** Sends Graph's URLs to `target` when that is loopback; to anywhere else only over https, and nowhere from loopback. */
function routeTo(target: string, timeout: number): Middleware {
  const { origin, hostname } = new URL(target);
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  if (!loopback && origin !== GRAPH_ORIGIN) {
    throw new AppError('graph-url', `GRAPH_URL ${target} is neither Graph nor on this machine.`, {
      remedy: `Leave GRAPH_URL unset, or use a loopback address such as http://127.0.0.1:4000.`,
    });
  }
  let next: Middleware | undefined;
  return {
    setNext: (middleware) => {
      next = middleware;
    },
    execute: async (context: Context) => {
      const asked = context.request;
      const url = new URL(typeof asked === 'string' ? asked : asked.url);
      const atGraph = url.origin === GRAPH_ORIGIN;
      if (loopback ? !atGraph && url.origin !== origin : url.protocol !== 'https:') {
        // The vendor's client keeps of an error its name and its message, no more; `faultOf` knows it by that name.
        const refused = new Error(`a reply led to ${url.origin}; nothing was asked there`);
        refused.name = FOREIGN_LINK;
        throw refused;
      }
      const request = loopback && atGraph ? `${origin}${url.pathname}${url.search}` : url.href;
      const pieces = context.middlewareControl?.getMiddlewareOptions(InPieces) !== undefined;
      const patience = pieces ? STREAM_SECONDS * 1000 : timeout;
      const options = { ...context.options, signal: AbortSignal.timeout(patience) };
      const sent: Context = { ...context, request, options };
      const method = typeof asked === 'string' ? context.options?.method : asked.method;
      await traced('graph', { method: method ?? 'GET' }, async (note) => {
        await must(next, 'the middleware that sends')
          .execute(sent)
          .catch((error: unknown) => {
            throw withCause(error);
          });
        if (sent.response) note({ outcome: sent.response.status });
      });
      if (sent.response) context.response = sent.response;
    },
  };
}

/** Node says "fetch failed" of everything, and the client keeps the message alone: what it was stands in the cause. */
function withCause(error: unknown): unknown {
  if (!(error instanceof Error) || !(error.cause instanceof Error)) return error;
  const { cause } = error;
  const why = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return new Error(`${error.message} (${why})`, { cause });
}

/** A link in a reply carries our token with it: it must lead to Graph. */
export function refuseForeign(path: string): void {
  if (path.startsWith('/') && !path.startsWith('//')) return;
  if (URL.canParse(path) && new URL(path).origin === GRAPH_ORIGIN) return;
  throw new AppError(
    'graph-foreign-link',
    'A link in a reply of Graph leads elsewhere; it was not followed.',
    {
      remedy: 'Graph never does so by itself; look at what stands between.',
    },
  );
}

async function listAll<T>(
  get: (path: string) => Promise<unknown>,
  path: string,
  shape: z.ZodType<T>,
): Promise<Listing<T>> {
  const items: T[] = [];
  const followed = new Set<string>();
  for (let next = path; ; ) {
    followed.add(next);
    const page = readReply(PageReply, await get(next), next);
    for (const item of page.value) items.push(readReply(shape, item, next));
    const link = page['@odata.nextLink'];
    if (link === undefined) {
      const deltaLink = page['@odata.deltaLink'];
      return deltaLink === undefined ? { items } : { items, deltaLink };
    }
    if (followed.has(link)) throw badReply(path, 'a next link that leads back');
    next = link;
  }
}

async function batchAll(
  post: (path: string, body: unknown) => Promise<unknown>,
  paths: readonly string[],
): Promise<BatchItem[]> {
  const found = new Map<number, BatchItem>();
  let open = paths.map((_, index) => index);
  for (let round = 1; open.length > 0; round += 1) {
    let wait = 0;
    const again: number[] = [];
    for (let start = 0; start < open.length; start += BATCH_LIMIT) {
      const some = open.slice(start, start + BATCH_LIMIT);
      const requests = some.map((index) => ({ id: String(index), method: 'GET', url: paths[index] }));
      const reply = readReply(BatchReply, await post('/$batch', { requests }), '/$batch');
      const byId = new Map(reply.responses.map((response) => [Number(response.id), response]));
      for (const index of some) {
        const response = byId.get(index);
        if (!response) throw badReply('/$batch', 'a request without a response');
        if (response.status === 429 || response.status === 503 || response.status === 504) {
          again.push(index);
          wait = Math.max(wait, retryAfter(response.headers));
        } else found.set(index, { status: response.status, body: response.body });
      }
    }
    if (again.length > 0 && round === BATCH_ROUNDS) throw throttledFault('/$batch');
    if (again.length > 0) await sleep(Math.min(wait, LONGEST_WAIT) * 1000);
    open = again;
  }
  return paths.map((path, index) => must(found.get(index), `a reply to ${path}`));
}

function retryAfter(headers: Readonly<Record<string, string>> | null | undefined): number {
  const value = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  const seconds = Number(value ?? 1);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 1;
}

function throttledFault(path: string): AppError {
  return new AppError('graph-throttled', `Graph asked us to slow down at ${pathOnly(path)}, repeatedly.`, {
    remedy:
      'It is tried again at the next sync; if it stays, look for another heavy user of the same tenant.',
  });
}

function faultOf(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const { statusCode, code, message } =
    error instanceof GraphError ? error : { statusCode: -1, code: null, message: '' };
  const at = pathOnly(path);
  const fault = (name: string, message: string, remedy: string) =>
    new AppError(name, message, { remedy, cause: error });
  if (statusCode === 410 || code === 'syncStateNotFound' || code === 'resyncRequired') {
    return fault(
      'graph-state-lost',
      `Graph no longer knows how far we had read at ${at}.`,
      'Read from the start.',
    );
  }
  if (statusCode === 409)
    return fault('graph-conflict', `Graph has at ${at} what was to be made.`, 'Look what there is.');
  if (statusCode === 423) return fault('graph-locked', `Somebody has ${at} open.`, 'Try again later.');
  if (statusCode === 400)
    return fault(
      'graph-refused',
      `Graph refused ${at} (${code ?? statusCode}).`,
      'Look what was asked for; for a subscription, that Graph reaches NOTIFICATION_URL.',
    );
  if (statusCode === 403 && /blocked by app permission policy/i.test(message))
    return fault(
      'graph-app-blocked',
      `Teams' policies do not allow the app at ${at}.`,
      'Allow Waymark for this person under Permission policies or Manage apps in the Teams admin centre.',
    );
  if (statusCode === 403 && /license information for the user/i.test(message))
    return fault(
      'graph-unlicensed',
      `There is no licence at ${at}.`,
      'Give the account a licence for Teams.',
    );
  if (statusCode === 404)
    return fault('graph-not-found', `Graph knows nothing at ${at}.`, 'Check the ids in trust.yaml.');
  if (statusCode === 401 || statusCode === 403 || /credential|authentication/i.test(code ?? '')) {
    return fault(
      'graph-denied',
      `Graph did not let us in at ${at} (${code ?? statusCode}).`,
      'Check the identity and that the permissions of docs/OPERATIONS.md are granted.',
    );
  }
  if (statusCode === 429) return throttledFault(path);
  if (statusCode === -1) {
    const cause = code === FOREIGN_LINK ? FOREIGN_LINK : 'graph-unreachable';
    return fault(
      cause,
      `Graph cannot be reached for ${at}: ${messageOf(error)}`,
      'Check the network and GRAPH_URL.',
    );
  }
  return fault(
    'graph-failing',
    `Graph answered ${statusCode} at ${at}.`,
    'It is tried again at the next sync.',
  );
}
