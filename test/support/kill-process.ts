/** Starts the instances of a kill campaign, tells them what to do, and hears what they say until they end. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { KillOrder, KillWord } from './kill-child.ts';

const CHILD = fileURLToPath(new URL('./kill-child.ts', import.meta.url));
/** As `npm start` keeps it: compiled code, which is half of a start. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/waymark', import.meta.url));

type Said<Name> = Extract<KillWord, { said: Name }>;

export type KillProcess = {
  tell(order: KillOrder): void;
  /** Everything it has said so far. */
  readonly words: readonly KillWord[];
  /** The next time that it says this; undefined when it was killed first. */
  hear<Name extends KillWord['said']>(said: Name): Promise<Said<Name> | undefined>;
  kill(): void;
  /** Rejects when it ended by a fault of its own. */
  readonly ended: Promise<void>;
};

export function startKillProcess(): KillProcess {
  const child = spawn(process.execPath, [CHILD, 'obey'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: COMPILED },
  });
  const words: KillWord[] = [];
  const listeners = new Set<(word: KillWord | undefined) => void>();
  let problems = '';
  let over = false;
  const tellAll = (word: KillWord | undefined) => {
    for (const listener of [...listeners]) listener(word);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const word = JSON.parse(line) as KillWord;
    words.push(word);
    tellAll(word);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    problems += chunk.toString();
  });
  // An order may meet a process that has just died; that it did is told by its end.
  child.stdin.on('error', (error) => {
    problems += error.message;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('close', (code, signal) => {
      over = true;
      tellAll(undefined);
      if (signal === 'SIGKILL' || code === 0) resolve();
      else reject(new Error(`an instance ended with ${code ?? signal}: ${problems.slice(0, 2000)}`));
    });
  });
  return {
    words,
    ended,
    tell: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    hear: (said) =>
      new Promise((resolve) => {
        const listener = (word: KillWord | undefined) => {
          if (word && word.said !== said) return;
          listeners.delete(listener);
          resolve(word as Said<typeof said> | undefined);
        };
        if (over) resolve(undefined);
        else listeners.add(listener);
      }),
    kill: () => void child.kill('SIGKILL'),
  };
}
