/**
 * One import in a process of its own, so that what it takes can be told from what the bench takes: the service's store, ledger
 * and attendance opened as the app opens them, the file streamed in, and one JSON line of time, memory and the longest hold of
 * the event loop.
 */
import { createReadStream } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createAttendance } from '../src/attendance/service.ts';
import type { Card } from '../src/cards/elements.ts';
import { createDelivery } from '../src/delivery/service.ts';
import { createConnector } from '../src/delivery/teams.ts';
import { stopwatch, systemClock } from '../src/kernel/time.ts';
import { inTransaction, openStore } from '../src/storage/database.ts';
import { startJobs } from '../src/storage/jobs.ts';
import { migrate } from '../src/storage/migrate.ts';
import { silentLog } from '../src/telemetry/log.ts';
import { yearTrust } from '../test/support/marks-year.ts';

export type ImportAsked = {
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly schema: string;
  readonly files: readonly { readonly path: string; readonly now: string; readonly check?: boolean }[];
  /** Plan and enqueue this week's cards after the last file, at this instant. */
  readonly cards?: { readonly week: string; readonly now: string };
};

export type ImportMeasured = {
  /** Seconds of each file, and of the cards. */
  readonly seconds: readonly number[];
  /** Seconds of processor time of each file: told apart from what else the machine does. */
  readonly cpu: readonly number[];
  readonly cardSeconds: number;
  readonly cards: number;
  readonly rows: readonly number[];
  readonly weeks: readonly number[];
  /** Megabytes: before the first file, and at most. */
  readonly idle: number;
  readonly peak: number;
  /** Milliseconds for which the event loop was held at most. */
  readonly held: number;
};

const MEGABYTE = 1024 * 1024;

export async function run(argv: readonly string[]): Promise<void> {
  const asked = JSON.parse(argv[0] ?? '{}') as ImportAsked;
  process.stdout.write(`${JSON.stringify(await measure(asked))}\n`);
}

async function measure(asked: ImportAsked): Promise<ImportMeasured> {
  const store = await openStore(asked);
  await migrate(store.db, store.schema);
  const jobs = await startJobs(store, silentLog);
  const connector = createConnector({ hosts: ['http://127.0.0.1:9'] });
  const delivery = createDelivery({
    db: store.db,
    jobs,
    connector,
    clock: systemClock(),
    log: silentLog,
    mayPost: async () => true,
  });
  const attendance = createAttendance({
    db: store.db,
    trust: yearTrust(),
    directory: {
      person: async () => undefined,
      people: async () => [],
      staff: async () => [],
      membersOf: async () => ({ ids: [], outsiders: 0 }),
    },
    outbox: delivery,
    pseudonymKey: 'a key for measuring',
    log: silentLog,
  });
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const seconds: number[] = [];
  const cpu: number[] = [];
  const rows: number[] = [];
  const weeks: number[] = [];
  for (const file of asked.files) {
    const elapsed = stopwatch();
    const before = process.cpuUsage();
    const receipt = await attendance.importMarks(createReadStream(file.path, { highWaterMark: 1 << 16 }), {
      now: new Date(file.now),
      by: 'bench',
      source: 'folder',
      check: file.check ?? false,
    });
    if (receipt.kind === 'refusal') throw new Error(JSON.stringify(receipt).slice(0, 500));
    seconds.push(elapsed() / 1000);
    const used = process.cpuUsage(before);
    cpu.push((used.user + used.system) / 1e6);
    rows.push(receipt.rows);
    weeks.push(receipt.weeks.length);
  }
  const elapsed = stopwatch();
  const cards = asked.cards ? await planCards(asked.cards) : [];
  const cardSeconds = elapsed() / 1000;
  peak = Math.max(peak, process.memoryUsage.rss());
  clearInterval(watch);
  loop.disable();
  await jobs.stop();
  connector.close();
  await store.close();
  return {
    seconds,
    cpu,
    cardSeconds,
    cards: cards.length,
    rows,
    weeks,
    idle: idle / MEGABYTE,
    peak: peak / MEGABYTE,
    held: loop.max / 1e6,
  };

  /** As the scheduled run does it: read, then one transaction with the ledger. */
  async function planCards({ week, now }: { week: string; now: string }): Promise<readonly { card: Card }[]> {
    const at = new Date(now);
    const plan = await attendance.planNudges({ week, now: at, attempt: 'first' });
    await inTransaction(store.db, async (trx) => {
      await plan.write(trx);
      await delivery.enqueue(trx, 'bench', plan.drafts, at);
    });
    return plan.drafts;
  }
}
