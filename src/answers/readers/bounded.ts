/**
 * Reads documents on a thread of its own, so that a file which takes for ever or takes all memory is cut off, named, and
 * costs neither the others nor the turns that are being answered. The thread is made when first needed and again after a cut.
 */
import { Worker } from 'node:worker_threads';
import { type Refusal, refuse } from '../../kernel/errors.ts';
import { stopwatch } from '../../kernel/time.ts';
import type { Block } from './block.ts';

export type ReaderLimits = {
  /** For one file. */
  readonly milliseconds: number;
  /** JavaScript objects of the thread. */
  readonly heapMegabytes: number;
  /** By how much the process may grow while it reads, buffers included. */
  readonly residentMegabytes: number;
};

export const READER_LIMITS: ReaderLimits = {
  milliseconds: 20_000,
  heapMegabytes: 384,
  residentMegabytes: 900,
};

/** Reads one file after the other, in the order asked. */
export type Reader = (file: string, bytes: Buffer) => Promise<ReadResult>;

export type ReadJob = { readonly file: string; readonly bytes: Uint8Array };
export type ReadResult = readonly Block[] | Refusal;

const WATCH_EVERY = 50;
/** A thread with nothing to read ends after this long. Milliseconds. */
const IDLE = 3_000;
const MEGABYTE = 1_048_576;

/** `script`: the thread's own file. */
export function openReader(
  limits: ReaderLimits = READER_LIMITS,
  script: URL = new URL('./thread.ts', import.meta.url),
): Reader {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const start = () =>
    new Worker(script, {
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes },
      // What readers print about a file is their own business; the file's problem is said by its refusal.
      stdout: true,
      stderr: true,
      execArgv: [],
    });

  function run(file: string, bytes: Buffer): Promise<ReadResult> {
    clearTimeout(idle);
    const current = worker ?? start();
    worker = current;
    const no = (reason: string, problem: string) => refuse(reason, `${file} was left out: ${problem}.`);
    const tooMuch = no('too-large', 'reading it takes more memory than it may');
    const gaveUp = no('corrupt', 'its reader gave up on it');
    return new Promise<ReadResult>((resolve) => {
      const elapsed = stopwatch();
      const before = process.memoryUsage.rss();
      const watch = setInterval(() => {
        if (elapsed() > limits.milliseconds)
          cutOff(no('too-slow', `reading it takes longer than ${limits.milliseconds / 1000} seconds`));
        else if (process.memoryUsage.rss() - before > limits.residentMegabytes * MEGABYTE) cutOff(tooMuch);
      }, WATCH_EVERY);
      const onError = (error: NodeJS.ErrnoException) =>
        cutOff(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch : gaveUp);
      const onExit = () => cutOff(gaveUp);
      const onMessage = (result: ReadResult) => {
        settle();
        current.unref();
        idle = setTimeout(() => {
          worker = undefined;
          void current.terminate();
        }, IDLE).unref();
        resolve(result);
      };
      const settle = () => {
        clearInterval(watch);
        current.off('message', onMessage).off('error', onError).off('exit', onExit);
      };
      const cutOff = (result: Refusal) => {
        settle();
        worker = undefined;
        // A last error of the dying thread would otherwise be a fault of the process.
        current.on('error', () => undefined);
        void current.terminate().then(() => resolve(result));
      };
      current.on('message', onMessage).on('error', onError).on('exit', onExit);
      const job: ReadJob = { file, bytes: new Uint8Array(bytes) };
      current.postMessage(job);
    });
  }

  return (file, bytes) => {
    const next = last.then(() => run(file, bytes));
    last = next;
    return next;
  };
}
