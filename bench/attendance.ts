/**
 * The measured claims of importing marks: a trust's year as one CSV, streamed, every field checked, tallied and kept, beside
 * one DuckDB aggregation of the same file in the same run; what the whole service takes in memory and how long it holds the
 * event loop; what twice the rows cost; and a normal week from file to cards due. Then seeded families of broken exports
 * (test/support). `--quick`: a tenth of the year. DATABASE_URL adds the same on PostgreSQL.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { newId } from '../src/kernel/ids.ts';
import { stopwatch } from '../src/kernel/time.ts';
import { startSandboxGraph } from '../src/sandbox/graph.ts';
import { openStore } from '../src/storage/database.ts';
import { runExportCampaign } from '../test/support/export-campaign.ts';
import { writeYear, writeYearTrust, YEAR_DAYS } from '../test/support/marks-year.ts';
import { startFlags } from '../test/support/process.ts';
import type { ImportAsked, ImportMeasured } from './import-child.ts';
import { beginBench } from './report.ts';

const FORMS = {
  quick: { pupils: 1_100, exports: 400 },
  standard: { pupils: 11_000, exports: 1_000 },
  full: { pupils: 11_000, exports: 5_000 },
} as const;
const WEEK_PUPILS = 11_000;
const YEAR_END = '2026-07-25T09:00:00Z';

const BARS = {
  /** Times one DuckDB aggregation. */
  ratio: 7,
  /** Megabytes: of the whole service on PostgreSQL, and above its idle on PGlite. */
  server: 300,
  embedded: 400,
  doubled: 2.2,
  heldMs: 200,
  weekSeconds: 3,
} as const;

const SEEDS = { marks: 1, exports: 1 } as const;

const run_ = promisify(execFile);
type Say = (line: string) => void;

export async function run(argv: readonly string[]): Promise<void> {
  const bench = beginBench(
    'attendance',
    `A trust's year of marks beside one DuckDB aggregation, a week from file to cards due, broken exports.
--quick: ${FORMS.quick.pupils} pupils and ${FORMS.quick.exports} exports; standard ${FORMS.standard.pupils} and ${FORMS.standard.exports}; --full ${FORMS.full.pupils} and ${FORMS.full.exports}.
On PGlite, and on PostgreSQL too with DATABASE_URL (or TEST_DATABASE_URL).`,
    argv,
  );
  if (!bench) return;
  const { form, say } = bench;
  const sizes = FORMS[form];
  const databaseUrl = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
  const figures: Record<string, number | string> = { load: round(loadavg()[0] ?? 0) };
  const bars: Record<string, boolean> = {};
  const folder = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  const files = await writeYearTrust(folder);
  const graph = await startSandboxGraph({ tenantFile: files.tenant, documentsDir: 'samples/documents' });
  try {
    const year = join(folder, 'year.csv');
    const half = join(folder, 'half.csv');
    const rows = await writeYear(year, { pupils: sizes.pupils, seed: SEEDS.marks });
    await writeYear(half, { pupils: sizes.pupils / 2, seed: SEEDS.marks });
    const megabytes = (await stat(year)).size / 1e6;
    say(
      `A trust's year: ${rows.toLocaleString('en-GB')} marks of ${sizes.pupils.toLocaleString('en-GB')} pupils, ${megabytes.toFixed(0)} MB; load ${figures.load}`,
    );
    for (const engine of ['pglite', ...(databaseUrl ? ['postgresql'] : [])] as const)
      await measureEngine({
        engine,
        databaseUrl: engine === 'pglite' ? undefined : databaseUrl,
        environment: { ...LOCAL, TRUST_FILE: files.trust, GRAPH_URL: graph.url },
        folder,
        year,
        half,
        say,
        figures,
        bars,
      });
  } finally {
    await graph.close();
    await rm(folder, { recursive: true, force: true });
  }
  const campaign = await runExportCampaign({ exports: sizes.exports, seed: SEEDS.exports, say });
  Object.assign(figures, campaign.figures);
  Object.assign(bars, campaign.bars);

  await bench.finish({ seeds: SEEDS, figures, bars });
}

const LOCAL = {
  APP_ENV: 'local',
  PORT: '0',
  CONTENT_DIR: 'samples/documents',
  BOT_SERVICE_HOSTS: 'http://127.0.0.1:9',
  /** The week's cards are due this morning; nothing is before it. */
  CLOCK_START: '2025-11-24T00:30:00Z',
  LOG_LEVEL: 'warn',
} as const;

type EngineParts = {
  readonly engine: string;
  readonly databaseUrl: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly year: string;
  readonly half: string;
  readonly say: Say;
  readonly figures: Record<string, number | string>;
  readonly bars: Record<string, boolean>;
};

async function measureEngine(parts: EngineParts): Promise<void> {
  const { engine, say, figures, bars } = parts;
  const name = (figure: string) => `${engine}${figure}`;
  const peer = await aggregate(parts.year);
  const half = await inChild(parts, { files: [{ path: parts.half, now: YEAR_END }] });
  const whole = await inChild(parts, { files: [{ path: parts.year, now: YEAR_END }] });
  // Streamed, checked and tallied, as far as the aggregation goes; keeping it is measured above.
  const tallied = await inChild(parts, { files: [{ path: parts.year, now: YEAR_END, check: true }] });
  const peerAgain = await aggregate(parts.year);
  // The load of the machine changes within a run, so the peer is measured on both sides of ours.
  const beside = { seconds: (peer.seconds + peerAgain.seconds) / 2, cpu: (peer.cpu + peerAgain.cpu) / 2 };
  const seconds = whole.seconds[0] ?? 0;
  const ratio = (tallied.seconds[0] ?? 0) / beside.seconds;
  const cpuRatio = (tallied.cpu[0] ?? 0) / beside.cpu;
  const doubled = (whole.cpu[0] ?? 0) / (half.cpu[0] ?? 1);
  const above = whole.peak - whole.idle;
  const held = Math.max(whole.held, half.held);
  say(
    `${engine}: file to tallies ${(tallied.seconds[0] ?? 0).toFixed(1)} s (${(tallied.cpu[0] ?? 0).toFixed(1)} s of processor); one DuckDB aggregation ${beside.seconds.toFixed(2)} s (${beside.cpu.toFixed(2)} s); ratio ${ratio.toFixed(1)} (${cpuRatio.toFixed(1)})`,
  );
  say(
    `  file to published ${seconds.toFixed(1)} s (${(whole.cpu[0] ?? 0).toFixed(1)} s of processor; ${whole.weeks[0]} school weeks; ${(seconds / beside.seconds).toFixed(1)} times the aggregation)`,
  );
  say(
    `  memory of the whole service ${whole.idle.toFixed(0)} MB idle, ${whole.peak.toFixed(0)} MB at most; event loop held ${held.toFixed(0)} ms at most; twice the rows ${doubled.toFixed(2)} times the processor time`,
  );
  Object.assign(figures, {
    [name('Seconds')]: round(seconds),
    [name('ProcessorSeconds')]: round(whole.cpu[0] ?? 0),
    [name('TalliedSeconds')]: round(tallied.seconds[0] ?? 0),
    [name('DuckdbSeconds')]: round(beside.seconds),
    [name('ProcessorRatio')]: round(cpuRatio),
    [name('PublishedRatio')]: round(seconds / beside.seconds),
    [name('Ratio')]: round(ratio),
    [name('IdleMB')]: round(whole.idle),
    [name('PeakMB')]: round(whole.peak),
    [name('HeldMs')]: round(held),
    [name('Doubled')]: round(doubled),
  });
  bars[`${engine}: at most ${BARS.ratio} times one DuckDB aggregation`] = ratio <= BARS.ratio;
  bars[`${engine}: twice the rows at most ${BARS.doubled} times`] = doubled <= BARS.doubled;
  bars[`${engine}: event loop held at most ${BARS.heldMs} ms`] = held <= BARS.heldMs;
  if (parts.databaseUrl) bars[`${engine}: at most ${BARS.server} MB`] = whole.peak <= BARS.server;
  else bars[`${engine}: at most ${BARS.embedded} MB above idle`] = above <= BARS.embedded;
  await measureWeek(parts, name);
}

/** Two weeks, so that the second has one to be compared with; the second is the one that is measured. */
async function measureWeek(parts: EngineParts, name: (figure: string) => string): Promise<void> {
  const { engine, say, figures, bars, folder } = parts;
  const paths = ['2025-11-10', '2025-11-17'].map((monday) => ({
    monday,
    path: join(folder, `week-${monday}.csv`),
  }));
  for (const { monday, path } of paths) {
    const from = YEAR_DAYS.indexOf(monday);
    await writeYear(path, { pupils: WEEK_PUPILS, days: YEAR_DAYS.slice(from, from + 5), seed: from });
  }
  const measured = await inChild(parts, {
    files: [
      { path: paths[0]?.path ?? '', now: '2025-11-14T18:00:00Z' },
      { path: paths[1]?.path ?? '', now: '2025-11-21T18:00:00Z' },
    ],
    cards: { week: '2025-W47', now: '2025-11-24T07:30:00Z' },
  });
  const seconds = (measured.seconds[1] ?? 0) + measured.cardSeconds;
  say(
    `  a week: ${(measured.rows[1] ?? 0).toLocaleString('en-GB')} marks to ${measured.cards} cards due in ${seconds.toFixed(2)} s (import ${(measured.seconds[1] ?? 0).toFixed(2)} s)`,
  );
  figures[name('WeekSeconds')] = round(seconds);
  bars[`${engine}: a week from file to cards due within ${BARS.weekSeconds} s`] =
    seconds <= BARS.weekSeconds && measured.cards >= 25;
}

/** One aggregation with the reader's defaults: seconds by the clock and of the processor. */
async function aggregate(path: string): Promise<{ readonly seconds: number; readonly cpu: number }> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const elapsed = stopwatch();
  const before = process.cpuUsage();
  const reader = await connection.runAndReadAll(
    `select school_urn, date_trunc('week', date) as week, pp, count(*) filter (mark in ('/', '\\', 'L')) as present, count(*) as marks
     from read_csv('${path}') group by all`,
  );
  const seconds = elapsed() / 1000;
  const used = process.cpuUsage(before);
  if (reader.currentRowCount === 0) throw new Error('DuckDB read nothing');
  connection.closeSync();
  instance.closeSync();
  return { seconds, cpu: (used.user + used.system) / 1e6 };
}

async function inChild(
  parts: Pick<EngineParts, 'databaseUrl' | 'environment'>,
  asked: Pick<ImportAsked, 'files' | 'cards'>,
): Promise<ImportMeasured> {
  const { databaseUrl } = parts;
  const place = {
    ...(databaseUrl ? { databaseUrl } : {}),
    dataDir: await mkdtemp(join(tmpdir(), 'waymark-import-')),
    schema: newId('bench'),
  };
  const environment = {
    ...parts.environment,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    DATA_DIR: place.dataDir,
    DATABASE_SCHEMA: place.schema,
  };
  try {
    // A service that was started before: what a new store takes once is not what it stands at.
    await oneChild({ environment, files: [] });
    return await oneChild({ environment, ...asked });
  } finally {
    if (databaseUrl) await dropSchemas(place);
    await rm(place.dataDir, { recursive: true, force: true });
  }
}

async function oneChild(asked: ImportAsked): Promise<ImportMeasured> {
  const { stdout } = await run_(
    process.execPath,
    [...startFlags(), 'src/start.mjs', 'import-child', JSON.stringify(asked)],
    { maxBuffer: 10_000_000 },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ImportMeasured;
}

async function dropSchemas(place: {
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly schema: string;
}) {
  const store = await openStore(place);
  for (const schema of [place.schema, `${place.schema}_jobs`])
    await store.db.schema.dropSchema(schema).ifExists().cascade().execute();
  await store.close();
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}
