/** Begins an empty store on a thread of its own while the rest of the program is still being loaded. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StoreImage } from './empty-store.ts';

/** PGlite's own folder within the data folder, and the mark beside it while it is being made. */
export function storePlaces(dataDir: string): { readonly folder: string; readonly unfinished: string } {
  return { folder: join(dataDir, 'pglite'), unfinished: join(dataDir, 'pglite.unfinished') };
}

/**
 * Undefined when there is nothing to make: a database server is used, or the folder holds a store. Otherwise what
 * `openStore` waits for; it rejects with the thread's fault.
 */
export function makeStoreAhead(place: {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
}): (() => Promise<StoreImage>) | undefined {
  if (place.databaseUrl) return undefined;
  const { folder, unfinished } = storePlaces(place.dataDir);
  if (existsSync(folder) && !existsSync(unfinished)) return undefined;
  const worker = new Worker(new URL('./empty-store-thread.ts', import.meta.url), { execArgv: [] });
  // Never rejects by itself: a failure before anybody asks must not end the process, it is met by whoever asks.
  const outcome = new Promise<StoreImage | Error>((resolve) => {
    worker.once('message', (bytes: ArrayBuffer) => resolve(new Blob([bytes])));
    worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => resolve(new Error(`the thread that makes the store ended with ${code}`)));
  });
  return async () => {
    const made = await outcome;
    if (made instanceof Error) throw made;
    return made;
  };
}
