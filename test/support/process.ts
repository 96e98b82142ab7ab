/** The service as a process of its own, as `npm start` runs it, and the command line beside it. Ended by its process id only. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../../src/kernel/guards.ts';

export type Environment = Readonly<Record<string, string>>;
export type Ended = { readonly exit: number | null; readonly out: string; readonly err: string };

export type ServiceProcess = {
  readonly port: number;
  readonly pid: number;
  /** What it has said to people so far. */
  said(): string;
  isAlive(): boolean;
  /** SIGKILL: nothing is finished, nothing is tidied up. */
  kill(): Promise<void>;
  /** SIGTERM, as a host ends an instance: resolves when it has ended, with its exit code and all that it said. */
  stop(): Promise<Ended>;
};

/** Node's flags as `npm start` gives them, in this checkout or in another one's folder. */
export function startFlags(checkout = '.'): string[] {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

/** Nothing of this process's own settings reaches the child. */
function environmentOf(environment: Environment): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment };
}

/** Resolves when the service says that it is ready; rejects with what it said when it ended before. */
export async function startProcess(environment: Environment, checkout = '.'): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [...startFlags(checkout), 'src/start.mjs', 'main'], {
    cwd: checkout,
    env: environmentOf(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exit) => resolve({ exit, out, err }));
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
      const ready = /ready on http:\/\/127\.0\.0\.1:(\d+)/.exec(err);
      if (ready) resolve(Number(ready[1]));
    });
    void ended.then(({ exit }) => reject(new Error(`the service ended with ${exit}: ${err.slice(0, 2000)}`)));
  });
  return {
    port,
    pid: must(child.pid, 'the process id'),
    said: () => err,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** `npm run -s cli -- …` with that environment. */
export function runCommand(environment: Environment, ...argv: string[]): Promise<Ended> {
  return runCommandIn('.', environment, ...argv);
}

/** The same in another checkout's folder. */
export async function runCommandIn(
  checkout: string,
  environment: Environment,
  ...argv: string[]
): Promise<Ended> {
  const child = spawn(process.execPath, ['src/start.mjs', 'cli', ...argv], {
    cwd: checkout,
    env: environmentOf(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, out, err };
}
