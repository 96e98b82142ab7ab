/** One instance of delivery for `bench:delivery`: in this process, or in one of its own. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Limits } from '../src/delivery/pacing.ts';
import { createDelivery, type Delivery } from '../src/delivery/service.ts';
import { createConnector } from '../src/delivery/teams.ts';
import { systemClock } from '../src/kernel/time.ts';
import { openStore, type Store } from '../src/storage/database.ts';
import { startJobs } from '../src/storage/jobs.ts';
import { migrate } from '../src/storage/migrate.ts';
import { silentLog } from '../src/telemetry/log.ts';

export type Place = { readonly databaseUrl?: string; readonly dataDir: string; readonly schema: string };

export type Asked = {
  readonly place: Place;
  readonly limits: Limits;
  readonly standInUrl: string;
};

export type Instance = { readonly store: Store; readonly delivery: Delivery; close(): Promise<void> };

export async function openInstance({ place, limits, standInUrl }: Asked): Promise<Instance> {
  const store = await openStore(place);
  await migrate(store.db, store.schema);
  const jobs = await startJobs(store, silentLog);
  const connector = createConnector({ hosts: [standInUrl] });
  const delivery = createDelivery({
    db: store.db,
    jobs,
    connector,
    clock: systemClock(),
    log: silentLog,
    limits,
    mayPost: async () => true,
    soleInstance: place.databaseUrl === undefined,
  });
  return {
    store,
    delivery,
    close: async () => {
      await delivery.stop();
      await jobs.stop();
      connector.close();
      await store.close();
    },
  };
}

export type InstanceProcess = {
  /** Megabytes in use, once what is not has been collected. */
  memory(): Promise<number>;
  close(): Promise<void>;
};

/** Sends in a process of its own until it is closed. Throws when it ends before it is ready. */
export async function openProcess(asked: Asked): Promise<InstanceProcess> {
  const child = fork(fileURLToPath(import.meta.url), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--expose-gc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the second process ended with ${code}`)));
    child.send(asked);
  });
  return {
    memory: () =>
      new Promise((resolve) => {
        child.once('message', (megabytes) => resolve(Number(megabytes)));
        child.send('memory');
      }),
    close: async () => {
      child.disconnect();
      await ended;
    },
  };
}

async function serve(asked: Asked): Promise<void> {
  const instance = await openInstance(asked);
  await instance.delivery.start();
  process.once('disconnect', () => void instance.close());
  process.on('message', () => process.send?.(megabytesInUse()));
  process.send?.('ready');
}

function megabytesInUse(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}

if (import.meta.main) process.once('message', (asked: Asked) => void serve(asked));
