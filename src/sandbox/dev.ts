/**
 * `npm run dev`: the whole service on the sample trust with a stand-in Graph and two chat windows, no account and no
 * cloud. This part looks first and begins what can be begun; `local-run.ts` has the service and the windows.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { reportFault, settingsOrExit, stopOnSignal } from '../cli/process.ts';
import type { Settings } from '../config/settings.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import { folderBusy, folderHolder } from '../storage/lock.ts';
import { makeStoreAhead } from '../storage/store-ahead.ts';
import { startGraphAside } from './graph-aside.ts';
import { DEFAULT_DATA, type Local } from './local.ts';
import { ensureFree, type Playground } from './playground.ts';

const TENANT_FILE = 'samples/tenant.yaml';
/** How often the local run looks whether npm is still there. Milliseconds. */
const PARENT_CHECK = 500;
/** The story begins five minutes before the Monday nudge. */
const CLOCK_START = '2026-11-23T07:25:00Z';

const HELP = `Starts Waymark on the sample trust, with two chat windows and no account.

  npm run dev -- [options]

  --fresh                  begin again with an empty data folder
  --port N                 the service's port (default 3978)
  --playground-port N      the teacher's window; her manager's is the next one (default 56150)
  --data DIR               the data folder (default .data)`;

export async function run(argv: readonly string[]): Promise<void> {
  const options = readOptions(argv);
  if (!options) return;
  // `| head` closes the pipe when it has read enough; the service and its orderly stop go on without a reader.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const opened: (() => Promise<void>)[] = [];
  const local: Local = {
    say: (text) => process.stdout.write(`${text}\n`),
    onClose: (close) => opened.push(close),
    stopping: false,
  };
  const starting = start(options, local);
  let closing: Promise<void> | undefined;
  const closeAll = () => {
    closing ??= (async () => {
      for (const close of opened.reverse()) await close();
    })();
    return closing;
  };
  // From the first moment, so that an early Ctrl-C also leaves nothing half-made: the step in hand is finished first.
  const stop = stopOnSignal(async () => {
    local.stopping = true;
    local.say('Stopping…');
    await Promise.allSettled([starting]);
    await closeAll();
  });
  stopWithNpm(stop);
  try {
    const windows = await starting;
    if (windows === undefined) {
      await closeAll();
      return;
    }
    const ended = await Promise.race(windows.map((window) => window.failed));
    if (!local.stopping)
      process.stderr.write(`${ended} The service goes on; restart "npm run dev" for the window.\n`);
  } catch (error) {
    reportFault(error);
    await closeAll();
    process.exitCode = 1;
  }
}

/** A signal that ends npm may not reach us, because a shell stands between; then we see that our parent is another. */
function stopWithNpm(stop: () => void): void {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, PARENT_CHECK);
  watch.unref();
}

/** The windows, or undefined when the settings are wrong or someone pressed Ctrl-C meanwhile. */
async function start(options: Options, local: Local): Promise<Playground[] | undefined> {
  if (options.fresh) await emptyFolder(options.data);
  await ensureUnused(options);
  local.say('Starting Waymark on the sample trust:');
  const graph = startGraphAside({
    tenantFile: TENANT_FILE,
    documentsDir: process.env.CONTENT_DIR ?? 'samples/documents',
  });
  local.onClose(() => graph.close());
  const emptyStore = makeStoreAhead({ dataDir: options.data, databaseUrl: process.env.DATABASE_URL });
  // Most of the code; the two threads work while it is loaded.
  const { runLocally } = await import('./local-run.ts');
  const { url, tenant } = await graph.serving();
  const settings = settingsFor(options, url);
  if (!settings || local.stopping) return undefined;
  return runLocally({ settings, tenant, playgroundPort: options.playgroundPort, emptyStore }, local);
}

function settingsFor(options: Options, graphUrl: string): Settings | undefined {
  return settingsOrExit({
    ...process.env,
    APP_ENV: 'local',
    PORT: options.port,
    DATA_DIR: options.data,
    TRUST_FILE: process.env.TRUST_FILE ?? 'samples/trust.yaml',
    GRAPH_URL: graphUrl,
    CLOCK_START: process.env.CLOCK_START ?? CLOCK_START,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    BOT_SERVICE_HOSTS: [options.playgroundPort, options.playgroundPort + 1]
      .map((port) => `http://localhost:${port}`)
      .join(','),
  });
}

/** Looks before anything is opened, so that a folder or port in use costs no time and changes nothing. */
async function ensureUnused(options: Options): Promise<void> {
  const holder = await folderHolder(options.data);
  if (holder) throw folderBusy(options.data, holder);
  const port = Number(options.port);
  if (Number.isInteger(port) && port > 0 && port < 65536) await ensureFree(port, 'the service', '--port');
  for (const window of [options.playgroundPort, options.playgroundPort + 1])
    await ensureFree(window, 'a chat window', '--playground-port');
}

type Options = {
  readonly fresh: boolean;
  readonly port: string;
  readonly playgroundPort: number;
  readonly data: string;
};

function readOptions(argv: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        fresh: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        port: { type: 'string' },
        'playground-port': { type: 'string' },
        data: { type: 'string' },
      },
    });
    if (values.help) {
      process.stdout.write(`${HELP}\n`);
      return undefined;
    }
    const playgroundPort = Number(values['playground-port'] ?? '56150');
    if (!Number.isInteger(playgroundPort) || playgroundPort < 1 || playgroundPort > 65534)
      throw new RangeError('--playground-port must be a port number');
    return {
      fresh: values.fresh === true,
      port: values.port ?? process.env.PORT ?? '3978',
      playgroundPort,
      data: resolve(values.data ?? process.env.DATA_DIR ?? DEFAULT_DATA),
    };
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${HELP}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

/** Empties our own data folder; refuses one that another process uses or that does not look like ours. */
async function emptyFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const holder = await folderHolder(folder);
  if (holder) {
    throw new AppError(
      'store-busy',
      `Another Waymark (process ${holder}) is using ${folder}; it was not emptied.`,
      { remedy: 'Stop it first, or choose another folder with --data.' },
    );
  }
  if (!existsSync(join(folder, 'pglite'))) {
    throw new AppError('not-ours', `${folder} holds no Waymark data; it was not emptied.`, {
      remedy: 'Choose the right folder with --data, or leave out --fresh.',
    });
  }
  await rm(folder, { recursive: true });
}
