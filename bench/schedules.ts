/**
 * Schedules beside an oracle on another date library: every form of rule in ten school years and several zones; the runner through
 * clocks that step back and forth; and downtime of a minute to a fortnight, judged by the stand-in connector's record.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outbox } from '../src/delivery/message.ts';
import { newId } from '../src/kernel/ids.ts';
import { stopwatch } from '../src/kernel/time.ts';
import { openStore, type Store } from '../src/storage/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { runBySchools } from '../test/support/by-school-runs.ts';
import { DOWNTIMES, goDown, standStill } from '../test/support/downtime.ts';
import { compareAll, LONG_ZONES, OTHER_ZONES, OWN_ZONE } from '../test/support/schedule-comparison.ts';
import { drawTicks, drawWorld, expectedOf, judge, runnerOf } from '../test/support/schedule-runs.ts';
import { beginBench, type Form } from './report.ts';

const HELP = 'Schedules beside an oracle on another date library. DATABASE_URL chooses PostgreSQL.';
const FIRST = 2024;
const DAY = 86_400_000;

/** School years of dates; of runs in our own zone; seeds of trusts. */
const SIZES: Readonly<
  Record<Form, { years: number; runYears: number; otherYears: number; seeds: number; outages: number }>
> = {
  quick: { years: 2, runYears: 0.2, otherYears: 0, seeds: 1, outages: 1 },
  standard: { years: 10, runYears: 1, otherYears: 0.2, seeds: 1, outages: 2 },
  full: { years: 10, runYears: 10, otherYears: 2, seeds: 5, outages: 7 },
};

/** Days. */
const SPANS: Readonly<Record<Form, readonly number[]>> = { quick: [1], standard: [1, 7], full: [1, 7, 14] };

export async function run(argv: readonly string[]): Promise<void> {
  const bench = beginBench('schedules', HELP, argv);
  if (!bench) return;
  const { years, runYears, otherYears, seeds, outages } = SIZES[bench.form];
  const totals = { slots: 0, missed: 0, doubled: 0, wrongTime: 0, wrongSchool: 0 };
  const elapsed = stopwatch();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const compared = compareAll({
      seed,
      first: FIRST,
      years,
      zones: [OWN_ZONE, ...LONG_ZONES],
      times: ['07:30', '01:30', '00:00', '02:15', '23:45'],
    });
    for (const line of compared.differences) bench.say(`  ${line}`);
    totals.slots += compared.slots;
    totals.missed += compared.missed;
    totals.doubled += compared.doubled;
    totals.wrongTime += compared.wrongTime;
    totals.wrongSchool += compared.wrongSchool;
  }
  bench.say(
    `every form in ${years} school years and ${1 + LONG_ZONES.length} zones, ${seeds} trust(s): ${totals.slots} slots, ${totals.missed} missed, ${totals.doubled} doubled, ${totals.wrongTime} at a wrong time, ${totals.wrongSchool} of a school by another's calendar (${seconds(elapsed())})`,
  );
  const ran = { due: 0, missed: 0, doubled: 0, unreported: 0 };
  for (const zone of [OWN_ZONE, ...OTHER_ZONES]) {
    const span = zone === OWN_ZONE ? runYears : otherYears;
    if (span === 0) continue;
    const took = stopwatch();
    const verdict = await throughTheYears(zone, span);
    for (const line of verdict.differences) bench.say(`  ${line}`);
    bench.say(
      `the runner through ${span} school year(s) in ${zone}, ${verdict.ticks} ticks, its clock stepping both ways: ${verdict.due} due, ${verdict.done} sent, ${verdict.skipped} skipped, ${verdict.missed} missed, ${verdict.doubled} doubled, ${verdict.unreported} not reported (${seconds(took())})`,
    );
    const own = await bySchools(zone, span);
    for (const line of own.differences) bench.say(`  ${line}`);
    bench.say(
      `the same ticks for rules by schools in ${zone}: ${own.due} of schools and of the trust due, ${own.missed} missed, ${own.doubled} doubled, ${own.unreported} not reported`,
    );
    ran.due += own.due;
    ran.missed += own.missed;
    ran.doubled += own.doubled;
    ran.unreported += own.unreported;
    ran.due += verdict.due;
    ran.missed += verdict.missed;
    ran.doubled += verdict.doubled;
    ran.unreported += verdict.unreported;
  }
  const down = { due: 0, wrong: 0, alarmsDue: 0, alarms: 0 };
  for (let seed = 1; seed <= outages; seed += 1) {
    const verdict = await withStore((store) => goDown(store, DOWNTIMES, seed));
    for (const line of verdict.differences) bench.say(`  ${line}`);
    bench.say(
      `down for 1 minute to 14 days (${DOWNTIMES.length} times, seed ${seed}): ${verdict.due} due, ${verdict.done} sent, ${verdict.skipped} skipped, ${verdict.missed} lost, ${verdict.doubled} doubled, ${verdict.unreported + verdict.untold} not reported`,
    );
    down.due += verdict.due;
    down.wrong += verdict.missed + verdict.doubled + verdict.unreported + verdict.untold;
  }
  for (const days of SPANS[bench.form]) {
    const { due, alarmed, latest } = await withStore((store) => standStill(store, days * DAY, 1));
    bench.say(
      `a runner that stands still for ${days} day(s) beside an instance that lives: ${due} due, ${alarmed} told of within 15 minutes, the latest after ${(latest / 60_000).toFixed(0)}`,
    );
    down.alarmsDue += due;
    down.alarms += alarmed;
  }
  await bench.finish({
    seeds: { trusts: seeds, ticks: 1 },
    figures: {
      ...totals,
      runs: ran.due,
      runsMissed: ran.missed,
      runsDoubled: ran.doubled,
      engine: engineName(),
    },
    bars: {
      'no date missed, none doubled, each at its wall time':
        totals.missed + totals.doubled + totals.wrongTime === 0,
      'each school by its own calendar, the trust once': totals.wrongSchool === 0,
      'each run sent once or skipped with its reason, whatever the clock does':
        ran.missed + ran.doubled + ran.unreported === 0,
      'down for a minute to a fortnight: each run sent once or skipped by its policy and reported':
        down.wrong === 0,
      'told of within 15 minutes where an instance lives': down.alarms === down.alarmsDue,
    },
  });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function engineName(): string {
  return databaseUrl() ? 'postgresql' : 'pglite';
}

function databaseUrl(): string | undefined {
  return process.env.DATABASE_URL;
}

function ticksOf(years: number): Date[] {
  const from = Date.parse(`${FIRST}-08-25T12:00:00Z`);
  return drawTicks(1, from, from + years * 355 * DAY);
}

async function bySchools(zone: string, years: number) {
  const draw = { seed: 1, first: FIRST, years: Math.ceil(years), zone };
  return withStore((store) => runBySchools(store, draw, ticksOf(years)));
}

async function throughTheYears(zone: string, years: number) {
  return withStore(async (store) => {
    const world = drawWorld(1, FIRST, Math.ceil(years), zone);
    const ticks = ticksOf(years);
    const sent: string[] = [];
    const outbox: Outbox = {
      enqueue: async (_trx, runId, drafts) => {
        sent.push(runId);
        return drafts.length;
      },
      revise: async () => undefined,
    };
    const runner = runnerOf(world, store, outbox);
    for (const tick of ticks) await runner.tick(tick);
    const records = await runner.runs(1_000_000);
    return { ...judge(expectedOf(world, ticks), sent, records), ticks: ticks.length };
  });
}

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  const url = databaseUrl();
  const schema = newId('bench');
  const store = await openStore({ dataDir, schema, ...(url ? { databaseUrl: url } : {}) });
  try {
    await migrate(store.db, schema);
    return await work(store);
  } finally {
    if (url) {
      for (const name of [schema, `${schema}_jobs`])
        await store.db.schema.dropSchema(name).ifExists().cascade().execute();
    }
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
