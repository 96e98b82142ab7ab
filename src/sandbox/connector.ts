/**
 * A stand-in for the Bot Connector over HTTP, for the local run and for tests: it can do what the Playground cannot
 * (refuse, throttle, break off, be slow, take a message and say it did not) and keeps its own record of every arrival,
 * which is the truth that the ledger is judged by. It also speaks as Teams to a bot (inbound.ts).
 */
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { newId } from '../kernel/ids.ts';
import { sleep, stopwatch } from '../kernel/time.ts';
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

export type Arrival = {
  readonly seq: number;
  /** Milliseconds since the stand-in started. */
  readonly at: number;
  readonly conversationId: string;
  readonly activityId: string;
  /** The delivery's id, when the message carries one. */
  readonly delivery?: string;
  activity: Record<string, unknown>;
  edits: number;
  deleted: boolean;
};

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
  /** Every message that arrived, in order; edits and deletions change it in place. */
  readonly arrivals: readonly Arrival[];
  readonly requests: readonly RequestRecord[];
  /** Milliseconds since it started, on the watch of both. */
  elapsed(): number;
  /** The next `times` writes to a conversation (`*`: any; `open:<person>`: opening that person's chat) meet the fault. Default: once. */
  fault(conversationId: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  /** Empties the record: a long campaign is judged day by day. What stands can still be edited. */
  forget(): void;
  /** Deliveries that arrived more than once. */
  duplicates(): string[];
  /** From now on the app is, or is not, installed for a person: only then may the bot open their own chat. */
  setInstalled(personId: string, installed: boolean): void;
  /** Members that a roster request lists. */
  setMembers(conversationId: string, members: readonly Member[]): void;
  /** Waits until `count` messages have arrived; throws after `within` milliseconds. */
  waitForArrivals(count: number, within?: number): Promise<void>;
  close(): Promise<void>;
};

/** A rehearsal that begins in the middle writes messages of before into the ledger; their ids begin so. */
export const STAGED = 'staged-';
/** Ids of what arrived here begin so. */
const OWN = 'act';

/** Above its limits it answers 429. */
export type SandboxOptions = StandInLimits & {
  readonly port?: number;
  /** Where the bot listens: `http://127.0.0.1:3978/api/messages`. */
  readonly botUrl?: string;
  /** A file to which a JSON line is appended for each arrival, edit and deletion. */
  readonly record?: string;
  /** False: of an activity nothing is kept but its delivery, for campaigns that would fill the memory. Default: true. */
  readonly bodies?: boolean;
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
  const arrivals: Arrival[] = [];
  const byActivity = new Map<string, Arrival>();
  const requests: RequestRecord[] = [];
  const faults = new Map<string, { fault: Fault; times: number }[]>();
  const members = new Map<string, readonly Member[]>();
  const installed = new Set<string>();
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let forgot = false;
  const elapsed = stopwatch();
  const isOverLimit = createLimits(options);

  const keep = (line: object) => {
    if (options.record) appendFileSync(options.record, `${JSON.stringify(line)}\n`);
  };

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

  function arrive(conversationId: string, activity: Record<string, unknown>): Arrival {
    const delivery = deliveryIn(activity);
    const arrival: Arrival = {
      seq: arrivals.length + 1,
      at: elapsed(),
      conversationId,
      activityId: newId(OWN),
      ...(delivery ? { delivery } : {}),
      activity: options.bodies === false ? {} : activity,
      edits: 0,
      deleted: false,
    };
    arrivals.push(arrival);
    byActivity.set(`${conversationId}/${arrival.activityId}`, arrival);
    keep({ kind: 'arrival', conversationId, activityId: arrival.activityId, delivery, activity });
    for (const check of [...waiting]) check();
    return arrival;
  }

  /** A message that was there before this stand-in began, or of which it forgot; none of the arrivals. */
  function earlier(conversationId: string, activityId: string): Arrival | undefined {
    const known = activityId.startsWith(STAGED) || (forgot && activityId.startsWith(OWN));
    if (!known) return undefined;
    const arrival = { seq: 0, at: 0, conversationId, activityId, activity: {}, edits: 0, deleted: false };
    byActivity.set(`${conversationId}/${activityId}`, arrival);
    return arrival;
  }

  function change(exchange: Exchange, activity: Record<string, unknown> | undefined): Arrival | undefined {
    const { conversation, id } = exchange;
    const existing = byActivity.get(`${conversation}/${id}`) ?? earlier(conversation, id);
    if (!existing || existing.deleted) return undefined;
    if (activity) {
      existing.activity = activity;
      existing.edits += 1;
    } else existing.deleted = true;
    keep({ kind: activity ? 'edit' : 'delete', conversationId: conversation, activityId: id, activity });
    return existing;
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
    switch (`${request.method} ${leaf}`) {
      case 'POST ':
        return open(exchange, body);
      case 'POST activities':
        return write(exchange, fault, () => arrive(conversation, body).activityId, 201);
      case 'PUT activities':
        return write(exchange, fault, () => change(exchange, body)?.activityId, 200);
      case 'DELETE activities':
        return write(exchange, fault, () => change(exchange, undefined)?.activityId, 200);
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
    arrivals,
    requests,
    elapsed,
    fault: (conversationId, fault, times = 1) => {
      faults.set(conversationId, [...(faults.get(conversationId) ?? []), { fault, times }]);
    },
    clearFaults: () => faults.clear(),
    forget: () => {
      arrivals.length = 0;
      requests.length = 0;
      byActivity.clear();
      forgot = true;
    },
    duplicates: () => repeated(arrivals.flatMap(({ delivery }) => (delivery ? [delivery] : []))),
    setMembers: (conversationId, list) => members.set(conversationId, list),
    waitForArrivals: (count, within = 10_000) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (arrivals.length < count) return;
          done();
          resolve();
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`${arrivals.length} of ${count} messages arrived within ${within} ms`));
        }, within);
        const done = () => {
          clearTimeout(timer);
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The delivery's id, when a message carries one. */
function deliveryIn(activity: Record<string, unknown>): string | undefined {
  return /"delivery":"(dlv_[0-9a-f]+)"/.exec(JSON.stringify(activity.channelData ?? {}))?.[1];
}

function repeated(items: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(items.filter((item) => seen.size === seen.add(item).size))];
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
