/** An instance: the app, its HTTP edge and its loops, started in order and stopped in reverse with nothing lost. */

import { type App, createApp } from '../app.ts';
import { createAdapter, forgetSdkKeys } from '../bot/adapter.ts';
import { createApplication } from '../bot/application.ts';
import { createGate } from '../bot/gate.ts';
import { createNoticeGate, NOTICE_LIMIT_BYTES } from '../bot/notice-gate.ts';
import { BODY_LIMIT_BYTES } from '../bot/shape.ts';
import { isForOthers } from '../bot/unaddressed.ts';
import type { Settings } from '../config/settings.ts';
import type { Trust } from '../config/trust.ts';
import { type HttpServer, type Readiness, startServer } from '../http/server.ts';
import { messageOf } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { alarm } from '../kernel/time.ts';
import { databaseTime } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { traced } from '../telemetry/trace.ts';
import type { ServiceClock } from './clock.ts';
import { watchFloods } from './floods.ts';
import { ensureIdentity } from './identity.ts';
import { type Opening, openResources, type Resources, readTrust } from './resources.ts';
import { notHere } from './roles.ts';

export type Instance = {
  readonly app: App;
  readonly trust: Trust;
  readonly clock: ServiceClock;
  readonly port: number;
  /** One sentence for each document that could not be read at the start; the others are answered from. */
  readonly documentProblems: readonly string[];
  close(): Promise<void>;
};

/** The app without its edge and loops: for commands. It has read the trust's file, the directory and the documents. */
export async function openApp(
  settings: Settings,
  log: Log,
  opening: Opening = {},
): Promise<{ readonly app: App; close(): Promise<void> }> {
  const { resources, app } = await assemble(settings, log, opening);
  return {
    app,
    close: async () => {
      await app.stop();
      await resources.close();
    },
  };
}

/** Throws the AppError of whatever could not be started; everything opened before it is closed again. */
export async function startInstance(settings: Settings, log: Log, opening: Opening = {}): Promise<Instance> {
  await ensureReady(settings);
  const { resources, app } = await assemble(settings, log, opening);
  const floods = watchFloods(log, globalThis.gc);
  let server: HttpServer | undefined;
  let documentProblems: readonly string[];
  try {
    opening.progress?.('people, documents and milestones');
    documentProblems = (await app.prepare(resources.clock.now())).problems;
    server = await listen(resources, app, floods.refused);
    await app.start();
  } catch (error) {
    floods.stop();
    await server?.close();
    await app.stop();
    await resources.close();
    throw error;
  }
  const { close, port } = server;
  return {
    app,
    trust: resources.trust,
    clock: resources.clock,
    port,
    documentProblems,
    close: async () => {
      floods.stop();
      await close();
      await app.bot.idle();
      await app.stop();
      await resources.close();
    },
  };
}

/** Whoever writes the trust's file has no identity yet: what is wrong with the file comes first. Throws AppError. */
async function ensureReady(settings: Settings): Promise<void> {
  try {
    ensureIdentity(settings);
  } catch (missing) {
    await readTrust(settings);
    throw missing;
  }
}

async function assemble(
  settings: Settings,
  log: Log,
  opening?: Opening,
): Promise<{ readonly resources: Resources; readonly app: App }> {
  const resources = await openResources(settings, log, opening);
  try {
    return { resources, app: createApp(resources) };
  } catch (error) {
    await resources.close();
    throw error;
  }
}

function listen(resources: Resources, app: App, refused: () => void): Promise<HttpServer> {
  const { settings, log } = resources;
  const gate = createGate({ settings, log, onNewKeys: forgetSdkKeys });
  const application = createApplication({
    adapter: createAdapter(settings),
    bot: app.bot,
    connector: app.connector,
    log,
  });
  return startServer(
    {
      log,
      bodyLimit: BODY_LIMIT_BYTES,
      noticeLimit: NOTICE_LIMIT_BYTES,
      ...noticesOf(app, resources),
      readiness: () => readinessOf(app, resources),
      refused,
      messages: async (request, response, body) => {
        if (settings.role === 'worker') {
          notHere(response, log);
          return;
        }
        const { authorization, 'content-type': contentType, 'x-forwarded-for': forwarded } = request.headers;
        const { remoteAddress } = request.socket;
        const forwardedFor = String(forwarded ?? '');
        const verdict = await gate.check({ authorization, contentType, body, remoteAddress, forwardedFor });
        if (verdict.kind === 'stop') {
          response.sendRaw(verdict.status, '');
          return;
        }
        if (isForOthers(verdict.activity)) {
          response.sendRaw(200, '');
          return;
        }
        const { status, body: answer } = await traced('activity', { kind: verdict.activity.type }, () =>
          application.answer(verdict.activity, authorization),
        );
        if (answer) response.json(status, answer);
        else response.sendRaw(status, '');
      },
    },
    { port: settings.port, host: settings.appEnv === 'local' ? '127.0.0.1' : '0.0.0.0' },
  );
}

/** Nothing is listened for where replies in channels are not read. */
function noticesOf(
  { channels }: App,
  { settings, log }: Resources,
): Pick<Parameters<typeof startServer>[0], 'notices'> {
  if (!channels) return {};
  const gate = createNoticeGate({
    settings,
    log,
    vouches: channels.vouches,
    // No span of what is refused unread: strangers would fill the day's telemetry.
    take: (body) =>
      traced('notification', {}, async () => {
        const receipt = await channels.receive(body);
        return receipt && { wrong: receipt.refused > 0 };
      }),
  });
  return {
    notices: (request, body) => {
      const { 'content-type': contentType, 'x-forwarded-for': forwarded } = request.headers;
      const { remoteAddress } = request.socket;
      const forwardedFor = String(forwarded ?? '');
      return gate({ body, query: request.getQuery(), contentType, remoteAddress, forwardedFor });
    },
  };
}

/** Whoever asks has a patience of a few seconds, and is told "no" sooner than nothing. Milliseconds. */
const READY_WITHIN = 3_000;

async function readinessOf(app: App, resources: Resources): Promise<Readiness> {
  const patience = alarm(READY_WITHIN);
  try {
    const late = patience.rings.then(() => notReady(resources.log, `no answer within ${READY_WITHIN} ms`));
    return await Promise.race([lookReady(app, resources), late]);
  } finally {
    patience.stop();
  }
}

/**
 * Ready when the store answers and there is a copy of the directory: without one nobody counts as staff. A late run or a waiting
 * queue is said, but another instance would have the same, so it turns no requests away. Anybody may ask: what is late and what is
 * paused is counted, and named to operators alone (`doctor`, `pauses`).
 */
async function lookReady(app: App, resources: Resources): Promise<Readiness> {
  const { clock, jobs, log, store } = resources;
  const late = app.watch.late().length;
  try {
    await databaseTime(store.db);
    const paused = (await app.pausing.paused(clock.now())).length;
    const [age, waiting] = [await app.directory.age(clock.now()), await jobs.waiting()];
    return {
      ready: age.syncedAt !== undefined,
      parts: {
        database: 'answers',
        queue: waiting === 0 ? 'empty' : `${waiting} waiting`,
        directory: age.syncedAt ? `copied ${age.minutes ?? 0} minutes ago` : 'no copy yet: run doctor',
        schedules: late === 0 ? 'on time' : `${count(late, 'run')} late`,
        paused: paused === 0 ? 'nothing' : count(paused, 'pause'),
      },
    };
  } catch (error) {
    return notReady(log, messageOf(error));
  }
}

function notReady(log: Log, reason: string): Readiness {
  log.warn('not ready: the database does not answer', { reason });
  return { ready: false, parts: { database: 'does not answer' } };
}
