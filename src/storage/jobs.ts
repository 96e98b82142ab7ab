/**
 * pg-boss on the same database: durable wake-ups and cron that several instances share. A job names a run, never a
 * message: only the ledger grants a send. Queues are made and touched at start, because on PGlite a first send inside a
 * transaction looks its queue up through the one connection that the transaction holds, and would wait for ever.
 */
import { fromKysely, fromPglite, PgBoss } from 'pg-boss';
import { AppError, messageOf } from '../kernel/errors.ts';
import type { LogFields } from '../telemetry/log.ts';
import { afterCommit, oneAtATime, type Store, type Trx } from './database.ts';
import type { Query } from './pool.ts';

export type Jobs = {
  /** Adds a job; with `trx`, it exists only if the transaction commits. */
  send(queue: string, data: Readonly<Record<string, string>>, trx?: Trx): Promise<void>;
  /** Runs `handle` for each job, in this process. A throw makes pg-boss retry: `handle` must be repeatable. */
  work(queue: string, handle: (data: Readonly<Record<string, string>>) => Promise<void>): Promise<void>;
  /** About how many jobs wait to be worked on: the engine counts them every minute. */
  waiting(): Promise<number>;
  stop(): Promise<void>;
};

/** Every queue there is. A new one is added here, so that it exists before the first send. */
const QUEUES = ['delivery.wake', 'channels.wake', 'lists.wake'] as const;

/** How often an idle worker looks, in seconds. Sends also wake the worker of their own process at once. */
const POLL_SECONDS = 2;
const BATCH = 50;

type JobLog = { warn(message: string, fields?: LogFields): void };

/** Starts pg-boss in a schema beside the tables'. Throws AppError `jobs-failed`. */
export async function startJobs(store: Store, log: JobLog): Promise<Jobs> {
  const shared = { schema: `${store.schema}_jobs`, migrate: true, supervise: true };
  const boss =
    store.engine.kind === 'embedded'
      ? new PgBoss({ ...shared, db: fromPglite(store.engine.pglite), backend: 'pglite' })
      : new PgBoss({ ...shared, db: { executeSql: executor(store.engine.query) } });
  boss.on('error', (error) => log.warn('job engine fault', { reason: messageOf(error) }));
  try {
    await oneAtATime(store, async () => {
      await boss.start();
      for (const queue of QUEUES) {
        await boss.createQueue(queue);
        await boss.send(queue, { touch: 'start' }, { retryLimit: 0 });
      }
    });
  } catch (cause) {
    throw new AppError('jobs-failed', `The job engine did not start: ${messageOf(cause)}`, {
      remedy: 'Check that the database user may create a schema.',
      cause,
    });
  }
  const workers = new Map<string, string>();
  const nudge = (queue: string) => {
    const worker = workers.get(queue);
    if (worker) boss.notifyWorker(worker);
  };
  return {
    send: async (queue, data, trx) => {
      await boss.send(queue, data, {
        retryLimit: 5,
        retryBackoff: true,
        ...(trx ? { db: fromKysely(trx) } : {}),
      });
      if (trx) afterCommit(trx, () => nudge(queue));
      else nudge(queue);
    },
    work: async (queue, handle) => {
      const worker = await boss.work<Record<string, string>>(
        queue,
        { batchSize: BATCH, pollingIntervalSeconds: POLL_SECONDS },
        async (jobs) => {
          for (const job of jobs) if (job.data.touch !== 'start') await handle(job.data);
        },
      );
      workers.set(queue, worker);
    },
    waiting: async () => {
      const queues = await boss.getQueues([...QUEUES]);
      return queues.reduce((sum, { readyCount }) => sum + readyCount, 0);
    },
    stop: async () => {
      await boss.stop({ graceful: true, timeout: 5000 });
    },
  };
}

function executor(query: Query) {
  return (text: string, values?: unknown[]) => query(text, values) as Promise<{ rows: never[] }>;
}
