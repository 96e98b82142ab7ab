/** The stand-in Graph on a thread of its own, as the real one is on other machines: it takes no time from the service. */
import { Worker } from 'node:worker_threads';
import { AppError } from '../kernel/errors.ts';
import type { SandboxGraphOptions } from './graph.ts';
import type { Tenant } from './tenant.ts';

/** What the thread tells, once. */
export type GraphNews =
  | { readonly kind: 'serving'; readonly url: string; readonly tenant: Tenant }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly remedy: string };

export type GraphAside = {
  /** Throws the AppError of `startSandboxGraph`. */
  serving(): Promise<{ readonly url: string; readonly tenant: Tenant }>;
  close(): Promise<void>;
};

/** Begins at once; nobody need wait for it before the address is wanted. */
export function startGraphAside(options: SandboxGraphOptions): GraphAside {
  const worker = new Worker(new URL('./graph-thread.ts', import.meta.url), {
    workerData: options,
    execArgv: [],
  });
  // Never rejects by itself: a failure before anybody asks must not end the process, it is met by whoever asks.
  const news = new Promise<GraphNews | Error>((resolve) => {
    worker.once('message', resolve);
    worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => resolve(new Error(`the stand-in Graph ended with ${code}`)));
  });
  return {
    serving: async () => {
      const told = await news;
      if (told instanceof Error) throw told;
      if (told.kind === 'serving') return told;
      throw new AppError(told.code, told.message, { remedy: told.remedy });
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
