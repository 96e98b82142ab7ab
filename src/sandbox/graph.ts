/**
 * A stand-in for Microsoft Graph on loopback, over real HTTP, so that the real client code runs in every environment.
 * It wants a bearer token, pages, batches, throttles and fails as Graph does. Tests and rehearsals steer it by the
 * functions of the object it returns; there is no door for that over HTTP.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod/v4';
import { AppError, messageOf } from '../kernel/errors.ts';
import { sleep } from '../kernel/time.ts';
import { type AppsWorld, answerApps } from './graph-apps.ts';
import { editFiled, type FiledFile } from './graph-filed.ts';
import { answerGrants, refuseWithheld } from './graph-grants.ts';
import { changeList } from './graph-lists.ts';
import { answerSubscriptions } from './graph-notices.ts';
import { type Rehearsal, rehearse } from './graph-rehearsal.ts';
import { graphError, type Reply } from './graph-resources.ts';
import { answerGet, answerPut, createWorld, findContent, type World } from './graph-routes.ts';
import { readTenant, type Tenant } from './tenant.ts';

export type SandboxGraphOptions = {
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly tenantFile: string;
  readonly documentsDir: string;
  /** Largest page served; small ones make paging show. */
  readonly pageSize?: number;
};

/** One request as it came in; a request inside a batch has `batched`. */
export type SandboxRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly batched: boolean;
  readonly status: number;
};

export type SandboxGraph = {
  readonly url: string;
  readonly tenant: Tenant;
  readonly requests: readonly SandboxRequest[];
  /** Changes the tenant as an administrator would; the next delta tells of it. */
  update(change: (tenant: Tenant) => void): void;
  /** The next `count` requests get 429. */
  throttle(count: number, options?: ThrottleOptions): void;
  /** Posts, edits and notices in channels. */
  readonly teams: Rehearsal;
  /** The catalogue of Teams apps, and for whom they are installed. */
  readonly apps: AppsWorld;
  /** Permissions that the tenant has not granted: requests that need one get 403. An administrator's grant takes it out. */
  readonly withheld: Set<string>;
  /** What was put into libraries, oldest first: its path, its bytes, and in how many versions. */
  filed(): readonly FiledFile[];
  /** A person changes such a file by hand. */
  editFiled(path: string, personId: string): void;
  /** Putting files fails with this status until `recover()`; `after` so many that succeed. */
  refuseFiles(status: number, options?: { readonly after?: number }): void;
  /** Every request fails with this status until `recover()`. */
  fail(status: number): void;
  recover(): void;
  /** Every request waits so many milliseconds before it is answered; 0 ends it. */
  slow(milliseconds: number): void;
  /** Page and delta links name this origin from now on. */
  sendLinksTo(origin: string): void;
  /** Delta tokens given so far are no longer known. */
  forgetDeltas(): void;
  close(): Promise<void>;
};

/** `retryAfter`: seconds; `silent`: 429 without the header. `inBatch`: requests within batches instead. */
export type ThrottleOptions = {
  readonly retryAfter?: number;
  readonly silent?: boolean;
  readonly inBatch?: boolean;
};

const Batch = z.object({
  requests: z.array(z.object({ id: z.string(), method: z.string(), url: z.string() })),
});
const BATCH_LIMIT = 20;
const BODY_LIMIT = 1_000_000;

type Steering = {
  outer: number;
  inner: number;
  retryAfter: number | undefined;
  failing: number | undefined;
  /** Milliseconds. */
  delay: number;
};

/** Throws AppError `sandbox-port` when the port is taken. */
export async function startSandboxGraph(options: SandboxGraphOptions): Promise<SandboxGraph> {
  const tenant = await readTenant(options.tenantFile);
  const world = createWorld(tenant, options.documentsDir, options.pageSize ?? 999);
  const steering: Steering = { outer: 0, inner: 0, retryAfter: 0, failing: undefined, delay: 0 };
  const requests: SandboxRequest[] = [];
  const server = createServer((request, response) => {
    serve(world, steering, requests, request).then(
      (reply) => write(response, reply),
      (error: unknown) => write(response, graphError(500, 'generalException', messageOf(error))),
    );
  });
  world.downloads = await listen(server, options.port ?? 0);
  return {
    url: world.downloads,
    tenant,
    requests,
    update: (change) => change(tenant),
    teams: rehearse(world),
    apps: world.apps,
    withheld: world.withheld,
    throttle: (count, { retryAfter = 0, silent = false, inBatch = false } = {}) => {
      steering.retryAfter = silent ? undefined : retryAfter;
      if (inBatch) steering.inner = count;
      else steering.outer = count;
    },
    fail: (status) => {
      steering.failing = status;
    },
    filed: () => world.filed.files,
    editFiled: (path, personId) => editFiled(world.filed, path, personId),
    refuseFiles: (status, { after = 0 } = {}) => {
      world.filed.refusal = { status, after };
    },
    recover: () => {
      steering.failing = undefined;
      world.filed.refusal = undefined;
    },
    slow: (milliseconds) => {
      steering.delay = milliseconds;
    },
    sendLinksTo: (origin) => {
      world.links = origin;
    },
    forgetDeltas: () => {
      world.userDeltas.forget();
      world.driveDeltas.forget();
      world.messageDeltas.forget();
      world.listDeltas.forget();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  world: World,
  steering: Steering,
  requests: SandboxRequest[],
  request: IncomingMessage,
): Promise<Reply> {
  const url = new URL(request.url ?? '/', world.downloads);
  const method = request.method ?? 'GET';
  const bytes = await readBody(request);
  if (steering.delay > 0) await sleep(steering.delay);
  const reply = await answer(world, steering, requests, { method, url, bytes, token: tokenOf(request) });
  requests.push({ method, path: url.pathname, query: url.search, batched: false, status: reply.status });
  return reply;
}

type Ask = { readonly method: string; readonly url: URL; readonly bytes: Buffer; readonly token: string };

async function answer(
  world: World,
  steering: Steering,
  requests: SandboxRequest[],
  { method, url, bytes, token }: Ask,
): Promise<Reply> {
  const body = method === 'PUT' ? '' : bytes.toString('utf8');
  const [, first = '', itemId = ''] = url.pathname.split('/');
  if (first === 'download' && method === 'GET') {
    const content = await findContent(world, itemId);
    return content
      ? { status: 200, body: content }
      : graphError(404, 'itemNotFound', 'The resource could not be found.');
  }
  if (!token) return graphError(401, 'InvalidAuthenticationToken', 'Access token is empty.');
  if (steering.failing) return graphError(steering.failing, 'serviceNotAvailable', 'The service is failing.');
  if (steering.outer > 0) {
    steering.outer -= 1;
    return throttled(steering);
  }
  if (first !== 'v1.0') return graphError(400, 'BadRequest', 'Unsupported version of the API.');
  const path = url.pathname.split('/').slice(2);
  const granted = answerGrants(world.withheld, { method, url, path, body });
  const refused = granted ?? refuseWithheld(world.tenant, world.withheld, decodeURIComponent(path.join('/')));
  if (refused) return refused;
  const app = answerApps(world.tenant, world.apps, { method, url, path: path.map(decodeURIComponent), body });
  if (app) return app;
  if (path[0] === 'subscriptions') return answerSubscriptions(world, method, path, body);
  if (method === 'GET') return answerGet(world, url);
  if (method === 'PUT' && path[0] === 'drives') return answerPut(world, url, bytes);
  const listed = changeList(world.tenant, method, path.map(decodeURIComponent), body);
  if (listed) return listed;
  if (method === 'POST' && url.pathname === '/v1.0/$batch')
    return answerBatch(world, steering, requests, body);
  return graphError(405, 'Request_BadRequest', `Specified HTTP method is not allowed: ${method}.`);
}

/** JSON batching: at most 20 requests, each answered on its own (Graph, "Combine multiple HTTP requests"). */
async function answerBatch(
  world: World,
  steering: Steering,
  requests: SandboxRequest[],
  body: string,
): Promise<Reply> {
  const batch = Batch.safeParse(JSON.parse(body));
  if (!batch.success) return graphError(400, 'BadRequest', 'Invalid batch payload format.');
  if (batch.data.requests.length > BATCH_LIMIT) {
    return graphError(
      400,
      'BadRequest',
      `Number of batch request steps exceeds the maximum value of ${BATCH_LIMIT}.`,
    );
  }
  const responses = [];
  for (const { id, method, url } of batch.data.requests) {
    const target = new URL(`/v1.0${url}`, world.downloads);
    const slow = steering.inner > 0;
    if (slow) steering.inner -= 1;
    const reply = slow ? throttled(steering) : await answerOfBatch(world, method, target);
    requests.push({
      method,
      path: target.pathname,
      query: target.search,
      batched: true,
      status: reply.status,
    });
    responses.push({ id, status: reply.status, headers: reply.headers ?? {}, body: reply.body ?? null });
  }
  return { status: 200, body: { responses } };
}

async function answerOfBatch(world: World, method: string, url: URL): Promise<Reply> {
  if (method !== 'GET')
    return graphError(405, 'Request_BadRequest', 'Only GET is served within a batch here.');
  const path = url.pathname.split('/').slice(2).map(decodeURIComponent);
  return (
    refuseWithheld(world.tenant, world.withheld, path.join('/')) ??
    answerApps(world.tenant, world.apps, { method, url, path, body: '' }) ??
    answerGet(world, url)
  );
}

function throttled(steering: Steering): Reply {
  const { retryAfter } = steering;
  const headers = retryAfter === undefined ? undefined : { 'Retry-After': String(retryAfter) };
  return graphError(429, 'TooManyRequests', 'Too many requests.', headers);
}

function tokenOf(request: IncomingMessage): string {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const chunk = Buffer.from(part);
    size += chunk.byteLength;
    if (size > BODY_LIMIT) throw new RangeError('The request is too large.');
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

function write(response: ServerResponse, { status, body, headers }: Reply): void {
  const binary = body instanceof Uint8Array;
  response.writeHead(status, {
    ...(body ? { 'content-type': binary ? 'application/octet-stream' : 'application/json' } : {}),
    ...headers,
  });
  response.end(binary ? body : body && JSON.stringify(body));
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AppError('sandbox-port', `The stand-in Graph cannot use port ${port}: ${messageOf(cause)}`, {
          remedy: 'Stop what listens there, or choose another port.',
          cause,
        }),
      ),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}
