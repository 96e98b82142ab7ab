/**
 * `npm run dev`: the whole service on the sample trust with a stand-in Graph and two chat windows, no account and no
 * cloud. It runs the same code as `npm start`; only what stands around it is local.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Settings } from '../config/settings.ts';
import { schoolByUrn, type Trust } from '../config/trust.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import { must } from '../kernel/guards.ts';
import { sinceStart } from '../kernel/time.ts';
import { type RunningService, reportFault, settingsOrExit, startService, stopOnSignal } from '../main.ts';
import { folderBusy, folderHolder } from '../storage/lock.ts';
import { startSandboxGraph } from './graph.ts';
import { loadSampleMarks } from './load.ts';
import {
  ensureFree,
  installInChannel,
  type Playground,
  type PlaygroundPlan,
  startPlayground,
} from './playground.ts';
import { personNamed, type Tenant } from './tenant.ts';

const TENANT_FILE = 'samples/tenant.yaml';
const DATA = '.data';
/** How often the local run looks whether npm is still there. Milliseconds. */
const PARENT_CHECK = 500;
/** The story begins five minutes before the Monday nudge. */
const CLOCK_START = '2026-11-23T07:25:00Z';
const TEACHER = 'Aisha Rahman';
const MANAGER = 'Jo Bennett';

const HELP = `Starts Waymark on the sample trust, with two chat windows and no account.

  npm run dev -- [options]

  --fresh                  begin again with an empty data folder
  --port N                 the service's port (default 3978)
  --playground-port N      the teacher's window; her manager's is the next one (default 56150)
  --data DIR               the data folder (default .data)`;

export async function run(argv: readonly string[]): Promise<void> {
  const options = readOptions(argv);
  if (!options) return;
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

/** A local run as its steps see it: where to say what happens, what to close at the end, and whether that has come. */
type Local = {
  readonly say: (text: string) => void;
  readonly onClose: (close: () => Promise<void>) => void;
  stopping: boolean;
};

/** The windows, or undefined when the settings are wrong or someone pressed Ctrl-C meanwhile. */
async function start(options: Options, local: Local): Promise<Playground[] | undefined> {
  const { say, onClose } = local;
  if (options.fresh) await emptyFolder(options.data);
  await ensureUnused(options);
  say('Starting Waymark on the sample trust:');
  const progress = (text: string) => say(`  ${text}`);
  const graph = await startSandboxGraph({
    tenantFile: TENANT_FILE,
    documentsDir: process.env.CONTENT_DIR ?? 'samples/documents',
  });
  onClose(() => graph.close());
  const settings = settingsFor(options, graph.url);
  if (!settings || local.stopping) return undefined;
  const service = await startService(settings, progress);
  onClose(() => service.close());
  for (const problem of service.instance.documentProblems) say(`  Left out: ${problem}`);
  say(`Service ready after ${(sinceStart() / 1000).toFixed(1)} s. Two more steps:`);
  if (local.stopping) return undefined;
  await loadSampleMarks(service.instance.app, service.instance.trust, options.data, progress);
  if (local.stopping) return undefined;
  const windows = await openWindows(service, graph.tenant, options, onClose);
  progress('chat windows for a teacher and her manager');
  if (!local.stopping) say(guide(service, windows, options));
  return windows;
}

function settingsFor(options: Options, graphUrl: string): Settings | undefined {
  return settingsOrExit({
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
      data: resolve(values.data ?? process.env.DATA_DIR ?? DATA),
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

/** A teacher's window and her line manager's. The manager's also shows the school's channel. */
async function openWindows(
  service: RunningService,
  tenant: Tenant,
  options: Options,
  onClose: Local['onClose'],
): Promise<Playground[]> {
  const { trust } = service.instance;
  const plans = [TEACHER, MANAGER].map((name, index) =>
    planWindow(service, trust, tenant, name, options, options.playgroundPort + index),
  );
  const windows: Playground[] = [];
  for (const plan of plans) {
    const window = await startPlayground(plan);
    onClose(() => window.stop());
    windows.push(window);
    await installInChannel(window, plan);
  }
  return windows;
}

function planWindow(
  service: RunningService,
  trust: Trust,
  tenant: Tenant,
  name: string,
  options: Options,
  port: number,
): PlaygroundPlan {
  const persona = personNamed(tenant, name);
  const school = must(
    trust.schools.find((candidate) => candidate.name === persona.office),
    `a school called ${persona.office}`,
  );
  const team = must(
    tenant.teams.find((candidate) => candidate.id === school.team),
    `the team of ${school.name}`,
  );
  const channel = must(
    team.channels.find((candidate) => candidate.id === school.channel),
    `the channel of ${school.name}`,
  );
  const colleagues = tenant.people.filter(
    (person) => person.office === school.name && person.id !== persona.id,
  );
  const shown = (person: Tenant['people'][number]) => ({
    id: person.id,
    name: person.name,
    givenName: person.name.split(' ')[0] ?? person.name,
    mail: person.mail,
  });
  return {
    folder: join(options.data, 'playground', String(port)),
    port,
    botUrl: `http://127.0.0.1:${service.port}/api/messages`,
    tenantId: tenant.id,
    persona: shown(persona),
    others: colleagues.map(shown),
    team: { id: team.id, name: must(schoolByUrn(trust, school.urn), 'the school').name, channel },
  };
}

function guide(service: RunningService, windows: readonly Playground[], options: Options): string {
  const cli = `${options.data === resolve(DATA) ? '' : `DATA_DIR=${options.data} `}npm run -s cli --`;
  const [teacher, manager] = windows.map((window) => window.url);
  const now = service.instance.clock.now().toISOString().slice(0, 16);
  return `
Waymark is running. It believes it is ${now}.

  ${TEACHER}, a teacher:          ${teacher}
  ${MANAGER}, her head and manager:  ${manager}

Five things to try
  1. In Aisha's window ask: What are our priorities this year?   Then: what does the canteen cost?
  2. Open Jo's window, then move the clock on to the Monday nudge:
       ${cli} clock 2026-11-23T07:31
     and look at the channel "Attendance" in Jo's window.
  3. Move on to 08:01 the same way: Aisha is asked for a check-in. Answer it; Jo gets it to approve.
  4. In Jo's window type: digest
  5. See what reached whom: ${cli} deliveries report

Stop with Ctrl-C.`;
}
