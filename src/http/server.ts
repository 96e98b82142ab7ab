/**
 * The HTTP edge: restify, four routes, no opinions. Everything unexpected is a status with an empty body; reasons go to
 * the log. What a request may do is decided by the gate behind `messages`.
 */
import { createServer, plugins, type Request, type Response, type Server } from 'restify';
import { AppError, messageOf } from '../kernel/errors.ts';
import type { Log } from '../telemetry/log.ts';

/** Teams' own messages stay under 100 KB (platform notes, limits); nothing legitimate comes near this. Bytes. */
const MAX_BODY = 256 * 1024;

export type HttpPorts = {
  /** Answers one activity. `remoteAddress` is the connection's, for refusals by address. */
  readonly messages: (request: Request, response: Response) => Promise<void>;
  /** Whether the service can do its work now, part by part. */
  readonly readiness: () => Promise<{
    readonly ready: boolean;
    readonly parts: Readonly<Record<string, string>>;
  }>;
  readonly log: Log;
};

export type HttpServer = { readonly port: number; close(): Promise<void> };

/** Listens. `host` is 127.0.0.1 in local mode. Throws AppError `port-in-use` or `listen-failed`. */
export async function startServer(
  ports: HttpPorts,
  at: { readonly port: number; readonly host: string },
): Promise<HttpServer> {
  const server = createServer({ name: 'waymark', handleUncaughtExceptions: false });
  server.use(
    plugins.bodyParser({ mapParams: false, mapFiles: false, maxBodySize: MAX_BODY, rejectUnknown: true }),
  );
  server.on('restifyError', (request, response, error, done) => {
    const status = typeof error.statusCode === 'number' ? error.statusCode : 500;
    ports.log.warn('request refused', { status, path: request.path(), reason: messageOf(error) });
    response.sendRaw(status, '');
    return done();
  });
  server.post('/api/messages', (request, response, next) => {
    ports.messages(request, response).then(
      () => next(false),
      (error: unknown) => {
        ports.log.error('request failed', { path: '/api/messages', reason: messageOf(error) });
        if (!response.headersSent) response.sendRaw(500, '');
        next(false);
      },
    );
  });
  server.get('/healthz', (_request, response, next) => {
    response.json(200, { status: 'ok' });
    next();
  });
  server.get('/readyz', (_request, response, next) => {
    ports.readiness().then(
      ({ ready, parts }) => {
        response.json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', parts });
        next(false);
      },
      (error: unknown) => {
        response.json(503, { status: 'not ready', parts: { service: messageOf(error) } });
        next(false);
      },
    );
  });
  await listen(server, at);
  return { port: server.address().port, close: () => close(server) };
}

function listen(server: Server, at: { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE';
      const text = inUse
        ? `Port ${at.port} is in use by another program.`
        : `Port ${at.port} cannot be opened: ${cause.message}`;
      const remedy = `Stop that program, or choose another port: PORT=${at.port + 1}. Nothing was changed.`;
      reject(new AppError(inUse ? 'port-in-use' : 'listen-failed', text, { remedy, cause }));
    };
    server.server.once('error', failed);
    server.listen(at.port, at.host, () => {
      server.server.off('error', failed);
      resolve();
    });
  });
}

/** Stops taking requests and waits for those in hand. Keep-alive connections that idle are closed at once. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeIdleConnections' in server.server) server.server.closeIdleConnections();
  });
}
