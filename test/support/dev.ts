/**
 * The local run as a user starts it: `npm run dev` in a process of its own, with its own folder and ports. It notes the
 * ids of every process that it saw, so that a test can say that none of them is left.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { sleep } from '../../src/kernel/time.ts';
import { freePort, freePorts } from './ports.ts';

export type Command = { readonly code: number | undefined; readonly out: string; readonly err: string };

export type LocalRun = {
  readonly dataDir: string;
  readonly port: number;
  readonly teacher: string;
  readonly manager: string;
  /** What it has printed until now. */
  out(): string;
  err(): string;
  /** Waits for a text in the output. Throws with the whole output when it ends first. */
  printed(text: string): Promise<void>;
  /** The processes that it consists of now: npm, Waymark, and the chat windows. */
  pids(): number[];
  /** Sends a signal to the process group, as a terminal does on Ctrl-C, or to Waymark itself. */
  signal(signal: NodeJS.Signals, to: 'group' | 'npm' | 'waymark'): void;
  /** Waits until it has ended; its exit code (undefined: ended by a signal). */
  ended(): Promise<number | undefined>;
  /** Seconds from the start of the process until the service was ready, as it printed them, and processor time until now. */
  cost(): { readonly ready: number; readonly processor: number };
  /** Runs `npm run -s cli -- …` on its folder. */
  cli(...argv: string[]): Command;
};

export type LocalOptions = {
  readonly dataDir: string;
  readonly port?: number;
  readonly playgroundPort?: number;
  readonly environment?: Readonly<Record<string, string>>;
};

const STARTED = 'Stop with Ctrl-C.';
/** Longest waits, for a busy machine. Milliseconds. */
const LONGEST_START = 90_000;

/** A run that has been started; `printed` and `ended` tell how far it is. */
export async function launchDev(options: LocalOptions): Promise<LocalRun> {
  const port = options.port ?? (await freePort());
  const playgroundPort = options.playgroundPort ?? (await freePorts(2));
  const flags = ['--port', port, '--playground-port', playgroundPort, '--data', options.dataDir].map(String);
  const child = spawn('npm', ['run', '-s', 'dev', '--', ...flags], {
    detached: true,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    text.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text.err += chunk.toString();
  });
  let done = false;
  const ended = new Promise<number | undefined>((resolve) =>
    child.once('close', (code) => {
      done = true;
      resolve(code ?? undefined);
    }),
  );
  const run: LocalRun = {
    dataDir: options.dataDir,
    port,
    teacher: `http://localhost:${playgroundPort}`,
    manager: `http://localhost:${playgroundPort + 1}`,
    out: () => text.out,
    err: () => text.err,
    printed: async (wanted) => {
      for (let waited = 0; waited < LONGEST_START; waited += 50) {
        if (text.out.includes(wanted)) return;
        if (done) break;
        await sleep(50);
      }
      throw new Error(`"${wanted}" was not printed:\n${text.out}\n${text.err}`);
    },
    pids: () => familyOf(child),
    signal: (signal, to) => {
      const pid = child.pid ?? 0;
      if (to === 'group') process.kill(-pid, signal);
      else process.kill(to === 'npm' ? pid : waymarkOf(pid), signal);
    },
    ended: () => ended,
    cost: () => ({
      ready: Number(/Service ready after ([\d.]+) s/.exec(text.out)?.[1]),
      processor: processorTime(waymarkOf(child.pid ?? 0)),
    }),
    cli: (...argv) => runCli(options.dataDir, argv),
  };
  return run;
}

/** A run that is ready to be used. */
export async function startDev(options: LocalOptions): Promise<LocalRun> {
  const run = await launchDev(options);
  await run.printed(STARTED);
  return run;
}

export function runCli(
  dataDir: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Command {
  return runNpm(['run', '-s', 'cli', '--', ...argv], { ...environment, DATA_DIR: dataDir });
}

/** Runs npm to its end; it is killed after two minutes, and `code` is then undefined. */
export function runNpm(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Command {
  const { status, stdout, stderr } = spawnSync('npm', argv, {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { code: status ?? undefined, out: stdout, err: withoutNpm(stderr) };
}

/** Without what npm says of the machine's own settings. */
export function withoutNpm(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('npm '))
    .join('\n');
}

/** Those of the processes that still run after a short grace: a process takes a moment to go. */
export async function stillRunning(pids: readonly number[]): Promise<number[]> {
  for (let waited = 0; waited < 5_000; waited += 100) {
    if (pids.every((pid) => !runs(pid))) return [];
    await sleep(100);
  }
  return pids.filter(runs);
}

/** A process and all below it, from /proc. */
function familyOf(child: ChildProcess): number[] {
  const below = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(below)];
  return child.pid === undefined ? [] : below(child.pid);
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The process that runs `src/start.mjs`, below npm and its shell. */
function waymarkOf(npm: number): number {
  let pid = npm;
  while (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0src/start.mjs\0')) {
    const [next] = childrenOf(pid);
    if (next === undefined) throw new Error('Waymark does not run yet');
    pid = next;
  }
  return pid;
}

/** Whether a process runs; one that has ended and waits for its parent does not. */
function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** Seconds of processor time of a process, all its threads (proc(5) fields 14 and 15, in ticks of 10 ms). */
function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
