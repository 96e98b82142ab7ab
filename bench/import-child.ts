/**
 * Imports in a process of their own, so that what they take can be told from what the bench takes: the whole service, started
 * as `npm start` starts it, the files streamed in, and one JSON line of time, memory and the longest hold of the event loop.
 */
import { createReadStream } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startInstance } from '../src/app/instance.ts';
import { readSettings } from '../src/config/settings.ts';
import { sleep, stopwatch } from '../src/kernel/time.ts';
import { silentLog } from '../src/telemetry/log.ts';

export type ImportAsked = {
  /** The service's settings. */
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly { readonly path: string; readonly now: string; readonly check?: boolean }[];
  /** Run what is due at this instant after the last file; count the schools whose card of this week is due. */
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
  /** Megabytes: before the first file, and at most from then on. */
  readonly idle: number;
  readonly peak: number;
  /** Milliseconds for which the event loop was held at most. */
  readonly held: number;
};

const MEGABYTE = 1024 * 1024;
/** The service is rehearsed once it listens; what that takes is not the import's. */
const SETTLED = 3_000;

export async function run(argv: readonly string[]): Promise<void> {
  const asked = JSON.parse(argv[0] ?? '{}') as ImportAsked;
  process.stdout.write(`${JSON.stringify(await measure(asked))}\n`);
}

async function measure(asked: ImportAsked): Promise<ImportMeasured> {
  const read = readSettings(asked.environment);
  if (read.kind === 'problems') throw new Error(read.problems.join('\n'));
  const { app, close } = await startInstance(read.settings, silentLog);
  await sleep(SETTLED);
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
    const receipt = await app.attendance.importMarks(
      createReadStream(file.path, { highWaterMark: 1 << 16 }),
      {
        now: new Date(file.now),
        by: 'bench',
        source: 'folder',
        check: file.check ?? false,
      },
    );
    if (receipt.kind === 'refusal') throw new Error(JSON.stringify(receipt).slice(0, 500));
    seconds.push(elapsed() / 1000);
    const used = process.cpuUsage(before);
    cpu.push((used.user + used.system) / 1e6);
    rows.push(receipt.rows);
    weeks.push(receipt.weeks.length);
  }
  const elapsed = stopwatch();
  const cards = asked.cards ? await planCards(asked.cards) : 0;
  const cardSeconds = elapsed() / 1000;
  peak = Math.max(peak, process.memoryUsage.rss());
  clearInterval(watch);
  loop.disable();
  await close();
  return {
    seconds,
    cpu,
    cardSeconds,
    cards,
    rows,
    weeks,
    idle: idle / MEGABYTE,
    peak: peak / MEGABYTE,
    held: loop.max / 1e6,
  };

  /** As on that Monday: the scheduled run reads, decides and writes the cards with the ledger. How many are due for channels. */
  async function planCards({ week, now }: { week: string; now: string }): Promise<number> {
    await app.tick(new Date(now), { send: false });
    const states = await app.attendance.nudgeStates(week);
    return [...states.values()].filter((state) => state === 'sent').length;
  }
}
