/**
 * The HTTP edge: restify, four routes, no opinions. Everything refused is a status with an empty body; reasons go to the
 * log. What a request may do is decided by the gate behind `messages`, which gets the body as it came.
 */
import type { Socket } from 'node:net';
import { createServer, type Request, type Response, type Server } from 'restify';
import { AppError, messageOf } from '../kernel/errors.ts';
import { alarm } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';
import { createBodyReader } from './body.ts';

export type HttpPorts = {
  /** Answers one activity, or refuses it, on `response`. */
  readonly messages: (request: Request, response: Response, body: Buffer) => Promise<void>;
  /** The longest body that `messages` reads, in bytes; one byte more is passed on so that it can refuse. */
  readonly bodyLimit: number;
  /** Answers what Graph tells, or asks whether this is our address; undefined: nobody asked to be told. */
  readonly notices?: (
    request: Request,
    body: Buffer,
  ) => Promise<{ readonly status: number; readonly text?: string }>;
  /** As `bodyLimit`, of notices. */
  readonly noticeLimit: number;
  /** Whether the service can do its work now, part by part. */
  readonly readiness: () => Promise<Readiness>;
  /** Told of every request that was refused: answered with 400 to 499. */
  readonly refused: () => void;
  readonly log: Log;
};

export type Readiness = { readonly ready: boolean; readonly parts: Readonly<Record<string, string>> };

export type HttpServer = { readonly port: number; close(): Promise<void> };

/** Listens. `host` is 127.0.0.1 in local mode. Throws AppError `port-in-use` or `listen-failed`. */
export async function startServer(
  ports: HttpPorts,
  at: { readonly port: number; readonly host: string },
): Promise<HttpServer> {
  const { log } = ports;
  const server = createServer({ name: 'waymark', handleUncaughtExceptions: false });
  server.on('restifyError', (request, response, error, done) => {
    const status = typeof error.statusCode === 'number' ? error.statusCode : 500;
    // Probes and scanners knock on paths and methods that are not there; that is no news.
    const level = status === 404 || status === 405 ? 'debug' : 'warn';
    log[level]('request refused', { status, path: request.path(), reason: messageOf(error) });
    response.sendRaw(status, '');
    return done();
  });
  server.on('after', (_request: Request, { statusCode }: Response) => {
    if (statusCode >= 400 && statusCode < 500) ports.refused();
  });
  const failed = (response: Response, path: string) => (error: unknown) => {
    log.error('request failed', { path, reason: messageOf(error) });
    if (!response.headersSent) response.sendRaw(500, '');
  };
  const readBody = createBodyReader();
  let brokenOff = 0;
  /** Undefined when the caller broke off: nobody is there to be answered, and anybody can do it as often as they like. */
  const bodyOf = async (request: Request, limit: number): Promise<Buffer | undefined> => {
    try {
      return await readBody(request, limit);
    } catch (error) {
      brokenOff += 1;
      // Powers of two only, as at the gate.
      if ((brokenOff & (brokenOff - 1)) === 0)
        log.info('a request broke off on its way', { number: brokenOff, reason: messageOf(error) });
      request.socket.destroy();
      return undefined;
    }
  };
  const inHand = new Set<Socket>();
  server.post('/api/messages', (request, response, next) => {
    bodyOf(request, ports.bodyLimit)
      .then(async (body) => {
        if (!body) return;
        inHand.add(request.socket);
        await ports.messages(request, response, body);
      })
      .catch(failed(response, '/api/messages'))
      .finally(() => {
        inHand.delete(request.socket);
        next(false);
      });
  });
  const { notices } = ports;
  if (notices)
    server.post('/api/graph/notifications', (request, response, next) => {
      bodyOf(request, ports.noticeLimit)
        .then(async (body) => {
          if (!body) return;
          inHand.add(request.socket);
          const { status, text } = await notices(request, body);
          const headers =
            text === undefined
              ? {}
              : { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
          response.sendRaw(status, text ?? '', headers);
        })
        .catch(failed(response, '/api/graph/notifications'))
        .finally(() => {
          inHand.delete(request.socket);
          next(false);
        });
    });
  const look = shared(ports.readiness);
  server.get('/healthz', (_request, response, next) => {
    response.json(200, { status: 'ok' });
    next();
  });
  server.get('/readyz', (_request, response, next) => {
    look()
      .then(({ ready, parts }) =>
        response.json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', parts }),
      )
      .catch(failed(response, '/readyz'))
      .finally(() => next(false));
  });
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, at);
  return { port: server.address().port, close: () => close(server, sockets, inHand) };
}

/** Whoever asks while somebody is being told is told the same: anybody may ask, and each look costs the store a few questions. */
function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let looking: Promise<T> | undefined;
  return () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
}

function listen(server: Server, at: { readonly port: number; readonly host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE';
      const text = inUse
        ? `Port ${at.port} is in use by another program.`
        : `Port ${at.port} cannot be opened: ${cause.message}`;
      const remedy = `Stop that program, or choose another port: PORT=${at.port + 1}. Nothing was changed.`;
      reject(new AppError(inUse ? 'port-in-use' : 'listen-failed', text, { remedy, cause }));
    };
    // On restify's server, not on Node's within it: restify throws what it re-emits and nobody listens for.
    server.once('error', failed);
    server.listen(at.port, at.host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

/** How long a request may still be on its way when the service stops. Milliseconds. */
const STILL_COMING = 2_000;

/**
 * Stops taking requests and waits for those in hand. Keep-alive connections that idle are closed at once; one that is still
 * sending its request a little later is broken off, or anybody could hold up the stop by sending a request slowly.
 */
async function close(server: Server, open: ReadonlySet<Socket>, inHand: ReadonlySet<Socket>): Promise<void> {
  const patience = alarm(STILL_COMING);
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
    if ('closeIdleConnections' in server.server) server.server.closeIdleConnections();
  });
  await Promise.race([closed, patience.rings]);
  patience.stop();
  for (const socket of open) if (!inHand.has(socket)) socket.destroy();
  await closed;
}
