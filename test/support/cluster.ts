/**
 * A PostgreSQL cluster of its own for tests that restart, cut off or fill a database: made with initdb, listening on loopback
 * alone, owned by a user who is not root, and removed at the end.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, chmod, chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { AppError, messageOf } from '../../src/kernel/errors.ts';
import { sleep, stopwatch } from '../../src/kernel/time.ts';
import { freePort } from './ports.ts';

const run = promisify(execFile);
const PACKAGES = '/usr/lib/postgresql';
/** PostgreSQL refuses to run as root; whichever of these the machine has will do. */
const USERS = ['postgres', 'nobody'];
const START_WITHIN = 60_000;

export type Cluster = {
  readonly port: number;
  readonly url: string;
  /** The folder of its data, and a folder beside it on the same disk. */
  readonly folder: string;
  start(): Promise<void>;
  /** `immediate`: as after a crash; else open transactions are broken off and everything is written down. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  isRunning(): boolean;
  close(): Promise<void>;
};

/** Its log of changes stays small, so that a small disk has room for it. */
const CONFIGURATION = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_wal_size=64MB'];

/** Throws AppError `no-postgres` where its programs or a user for it are missing. `within`: a folder to make it in. */
export async function openCluster(within = tmpdir()): Promise<Cluster> {
  const programs = await programsFolder();
  const owner = await ownerOf();
  const folder = await mkdtemp(join(within, 'waymark-cluster-'));
  const data = join(folder, 'data');
  if (owner) {
    await chown(folder, owner.uid, owner.gid);
    await chmod(folder, 0o700);
  }
  const port = await freePort();
  // A test that is killed takes its cluster with it.
  const user = owner ? [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'] : [];
  const as = [...user, '--pdeathsig=QUIT'];
  const call = (program: string, ...words: string[]) =>
    ['setpriv', [...as, join(programs, program), ...words]] as const;
  const options = { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
  await run(
    ...call('initdb', '-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8'),
    options,
  );
  let server: { readonly child: ChildProcess; readonly ended: Promise<void> } | undefined;
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;

  async function start(): Promise<void> {
    if (server) return;
    const settings = CONFIGURATION.flatMap((setting) => ['-c', setting]);
    const child = spawn(...call('postgres', '-D', data, '-p', String(port), ...settings), {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const own = { child, ended };
    server = own;
    void ended.then(() => {
      if (server === own) server = undefined;
    });
    const elapsed = stopwatch();
    for (;;) {
      const problem = await problemOf(url);
      if (!problem) return;
      if (!server || elapsed() > START_WITHIN)
        throw new AppError('no-cluster', `The cluster did not start: ${problem}. ${said}`, {
          remedy: `Look at ${folder}.`,
        });
      await sleep(50);
    }
  }

  async function stop(how: 'fast' | 'immediate'): Promise<void> {
    const own = server;
    if (!own) return;
    own.child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await own.ended;
  }

  await start();
  return {
    port,
    url,
    folder,
    start,
    stop,
    isRunning: () => server !== undefined,
    close: async () => {
      await stop('immediate');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function problemOf(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {
    // It is only asked whether it answers; that it broke off is told by the next call.
  });
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    await client.end();
  }
}

async function programsFolder(): Promise<string> {
  const versions = existsSync(PACKAGES) ? await readdir(PACKAGES) : [];
  const [newest] = versions.sort((a, b) => Number(b) - Number(a));
  const folder = newest && join(PACKAGES, newest, 'bin');
  if (!folder || !existsSync(join(folder, 'initdb')))
    throw new AppError('no-postgres', `There is no initdb below ${PACKAGES}.`, {
      remedy: "Install the server: apt-get install postgresql (Debian's package).",
    });
  await access(join(folder, 'initdb'), constants.X_OK);
  return folder;
}

/** Undefined when this process is not root: then the cluster is its own. */
async function ownerOf(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of USERS) {
    const line = lines.find(([user]) => user === name);
    if (line) return { uid: Number(line[2]), gid: Number(line[3]) };
  }
  throw new AppError('no-postgres', 'PostgreSQL does not run as root, and there is no user for it.', {
    remedy: 'Add one: useradd postgres.',
  });
}
