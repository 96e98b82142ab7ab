/**
 * A stand-in for the Bot Connector over HTTP, for the local run and for tests: it can do what the Playground cannot
 * (refuse, throttle, break off, be slow, take a message and say it did not), keeps a record of every request and arrival
 * (arrivals.ts), and also speaks as Teams to a bot (inbound.ts).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { sleep, stopwatch } from '../kernel/time.ts';
import { type Arrivals, type ArrivalsOptions, createArrivals, deliveryIn } from './arrivals.ts';
import { createInbound, type Inbound } from './inbound.ts';
import { createLimits, type StandInLimits } from './limits.ts';

/** What a conversation does instead of answering 201. `taken`: whether the message arrives nevertheless. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly retryAfter?: number;
      readonly taken?: boolean;
    }
  /** Cuts the connection: as soon as the request begins, or once it has been read. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after'; readonly taken?: boolean }
  /** Takes the message and answers after `delay` milliseconds. */
  | { readonly kind: 'slow'; readonly delay: number }
  /** Takes the message, sends the status line at once and the body after `delay` milliseconds; `cut`: half of it, and breaks off. */
  | { readonly kind: 'slow-body'; readonly delay: number; readonly cut?: boolean }
  /** Says 202 without an id, or what it is told to; the message never arrives, unless `taken`. */
  | { readonly kind: 'drop'; readonly taken?: boolean; readonly status?: number; readonly body?: string };

export type RequestRecord = {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly conversationId: string;
  readonly token?: string;
  /** What was answered; 0: nothing, or not yet. `code`: of an error. */
  status: number;
  code?: string;
  /** Of a message: the delivery that it names, and the id that it arrived under, whatever was answered. */
  delivery?: string;
  activityId?: string;
};

export type Member = { readonly id: string; readonly aadObjectId: string; readonly name: string };

export type SandboxConnector = Inbound & {
  readonly url: string;
  readonly arrivals: Arrivals['all'];
  readonly requests: readonly RequestRecord[];
  /** Milliseconds since it started, on the watch of both. */
  elapsed(): number;
  /** The next `times` writes to a conversation (`*`: any; `open:<person>`: opening that person's chat) meet the fault. Default: once. */
  fault(conversationId: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  /** Empties the records of arrivals and of requests. */
  forget(): void;
  duplicates: Arrivals['duplicates'];
  /** From now on the app is, or is not, installed for a person: only then may the bot open their own chat. */
  setInstalled(personId: string, installed: boolean): void;
  /** Members that a roster request lists. */
  setMembers(conversationId: string, members: readonly Member[]): void;
  waitForArrivals: Arrivals['waitFor'];
  close(): Promise<void>;
};

/** Above its limits it answers 429. */
export type SandboxOptions = StandInLimits &
  ArrivalsOptions & {
    readonly port?: number;
    /** Where the bot listens: `http://127.0.0.1:3978/api/messages`. */
    readonly botUrl?: string;
    /** Milliseconds between a message's arrival and its answer, as over a network. */
    readonly latency?: number;
  };

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly conversation: string;
  readonly id: string;
  readonly url: URL;
  readonly record: RequestRecord;
};

export async function startSandboxConnector(options: SandboxOptions = {}): Promise<SandboxConnector> {
  const requests: RequestRecord[] = [];
  const faults = new Map<string, { fault: Fault; times: number }[]>();
  const members = new Map<string, readonly Member[]>();
  const installed = new Set<string>();
  const sockets = new Set<Socket>();
  const elapsed = stopwatch();
  const arrivals = createArrivals(options, elapsed);
  const isOverLimit = createLimits(options);

  function takeFault(conversationId: string): Fault | undefined {
    for (const key of [conversationId, '*']) {
      const queue = faults.get(key);
      const first = queue?.[0];
      if (!queue || !first) continue;
      first.times -= 1;
      if (first.times <= 0) queue.shift();
      return first.fault;
    }
    return undefined;
  }

  /** Carries out a write: `take` does it and returns the id to answer with, or undefined when there is no such message. */
  async function write(
    { request, response, record }: Exchange,
    fault: Fault | undefined,
    act: () => string | undefined,
    success: number,
  ): Promise<void> {
    const take = () => {
      const id = act();
      if (id) record.activityId = id;
      return id;
    };
    if (fault?.kind === 'drop') {
      if (fault.taken) take();
      response.writeHead(fault.status ?? 202, { 'content-type': 'application/json' });
      response.end(fault.body ?? '{}');
      return;
    }
    if (fault?.kind === 'status') {
      if (fault.taken) take();
      const retry = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      record.code = fault.code ?? 'Fault';
      const error = { code: record.code, message: 'The stand-in was told to.' };
      return answer(response, fault.status, { error }, retry);
    }
    if (fault?.kind === 'reset') {
      if (fault.taken) take();
      request.socket.resetAndDestroy();
      return;
    }
    const taken = take();
    if (!taken) return answer(response, 404, { error: { code: 'ActivityNotFoundInConversation' } });
    if (fault?.kind === 'slow-body') {
      response.writeHead(success, { 'content-type': 'application/json' });
      response.flushHeaders();
    }
    const delay = (fault?.delay ?? 0) + (options.latency ?? 0);
    if (delay > 0) await sleep(delay);
    const said = JSON.stringify({ id: taken });
    if (fault?.kind === 'slow-body' && fault.cut)
      response.write(said.slice(0, 8), () => request.socket.resetAndDestroy());
    else if (response.headersSent) response.end(said);
    else answer(response, success, { id: taken });
  }

  /**
   * A person's own chat, the same one each time. Teams refuses where the app is not installed for them (Microsoft Learn,
   * "Messages in bot conversations", status codes).
   */
  async function open(exchange: Exchange, body: Record<string, unknown>): Promise<void> {
    const { response } = exchange;
    const [member] = Array.isArray(body.members) ? (body.members as { id?: unknown }[]) : [];
    const person = String(member?.id ?? '').replace(/^29:/, '');
    if (!person || !body.tenantId) return answer(response, 400, { error: { code: 'BadSyntax' } });
    const fault = takeFault(`open:${person}`);
    if (!fault && !installed.has(person)) {
      const message = "Bot is not installed in user's personal scope";
      return answer(response, 403, { error: { code: 'ForbiddenOperationException', message } });
    }
    return write(exchange, fault, () => `a:chat-${person}`, 201);
  }

  function read({ response, conversation, id, url }: Exchange, paged: boolean): void {
    const all = members.get(conversation) ?? [];
    const one = all.find((member) => member.id === id || member.aadObjectId === id);
    if (paged) {
      const start = Number(url.searchParams.get('continuationToken') ?? 0);
      const next = start + Math.min(Number(url.searchParams.get('pageSize') ?? 200), 500);
      const more = next < all.length ? { continuationToken: String(next) } : {};
      answer(response, 200, { members: all.slice(start, next), ...more });
    } else if (!id) answer(response, 200, all);
    else answer(response, one ? 200 : 404, one ?? { error: { code: 'MemberNotFoundInConversation' } });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const parts = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    const [version, area, conversation = '', leaf = '', id = ''] = parts;
    if (version !== 'v3' || area !== 'conversations')
      return answer(response, 404, { error: { code: 'NotFound' } });
    const record = note(request, response, conversation, url.pathname);
    const exchange: Exchange = { request, response, conversation, id, url, record };
    const fault = request.method === 'GET' || !conversation ? undefined : takeFault(conversation);
    if (fault?.kind === 'reset' && fault.when === 'before') {
      request.socket.resetAndDestroy();
      return;
    }
    const body = await readJson(request);
    const delivery = deliveryIn(body);
    if (delivery) record.delivery = delivery;
    if (request.method !== 'GET' && isOverLimit(conversation, elapsed()))
      return answer(response, 429, { error: { code: 'Throttled' } }, { 'retry-after': '1' });
    const place = { conversationId: conversation, activityId: id };
    switch (`${request.method} ${leaf}`) {
      case 'POST ':
        return open(exchange, body);
      case 'POST activities':
        return write(exchange, fault, () => arrivals.take(conversation, body).activityId, 201);
      case 'PUT activities':
        return write(exchange, fault, () => arrivals.change(place, body)?.activityId, 200);
      case 'DELETE activities':
        return write(exchange, fault, () => arrivals.change(place, undefined)?.activityId, 200);
      case 'GET pagedmembers':
      case 'GET members':
        return read(exchange, leaf === 'pagedmembers');
      default:
        return answer(response, 405, { error: { code: 'MethodNotAllowed' } });
    }
  }

  function note(
    request: IncomingMessage,
    response: ServerResponse,
    conversationId: string,
    path: string,
  ): RequestRecord {
    const token = request.headers.authorization;
    const method = request.method ?? '';
    const record: RequestRecord = {
      at: elapsed(),
      method,
      path,
      conversationId,
      ...(token ? { token } : {}),
      status: 0,
    };
    requests.push(record);
    response.on('finish', () => {
      record.status = response.statusCode;
    });
    return record;
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent || request.socket.destroyed) response.destroy();
      else answer(response, 400, { error: { code: 'BadSyntax', message: String(error) } });
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const own = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const setInstalled = (personId: string, is: boolean) =>
    void (is ? installed.add(personId) : installed.delete(personId));

  return {
    ...createInbound(own(), options.botUrl, setInstalled),
    setInstalled,
    url: own(),
    arrivals: arrivals.all,
    requests,
    elapsed,
    fault: (conversationId, fault, times = 1) => {
      faults.set(conversationId, [...(faults.get(conversationId) ?? []), { fault, times }]);
    },
    clearFaults: () => faults.clear(),
    forget: () => {
      arrivals.forget();
      requests.length = 0;
    },
    duplicates: arrivals.duplicates,
    setMembers: (conversationId, list) => members.set(conversationId, list),
    waitForArrivals: arrivals.waitFor,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}
