/**
 * Thirty days of the whole service with something the matter everywhere: two instances on one server, both with their loops, one of
 * them stopped and started anew in the middle of each day; whatever the trust's rules make due, housekeeping too, and several
 * messages a day to everybody, most of them met by a fault. Each day is judged by the stand-in's record, to the last person.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { newId } from '../src/kernel/ids.ts';
import { addDays, localInstant } from '../src/kernel/time.ts';
import { startService } from '../test/support/service.ts';
import { beginBench } from './report.ts';
import { beginning, type Day, liveADay, ZONE } from './soak-day.ts';

const DAYS = { quick: 2, standard: 10, full: 30 } as const;
const FIRST = '2026-11-23';
/** Nobody waits for the pace, and it is lowered and raised all the same. */
const LIMITS = { tenantPerSecond: 20_000, conversation: { burst: 100_000, perSecond: 100_000 } };
const PROGRESS = '.bench/soak-days.json';
const HELP = `Days of the whole service with faults, seeded; a bench that was stopped goes on after its last whole day (${PROGRESS}).
On PostgreSQL, by DATABASE_URL.`;

export async function run(argv: readonly string[]): Promise<void> {
  const bench = beginBench('soak', HELP, argv);
  if (!bench) return;
  const databaseUrl = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
  if (!databaseUrl) {
    process.stderr.write('DATABASE_URL is needed.\n');
    process.exitCode = 2;
    return;
  }
  const kept = existsSync(PROGRESS)
    ? (JSON.parse(await readFile(PROGRESS, 'utf8')) as { schema: string; days: Day[] })
    : undefined;
  const schema = kept?.schema ?? newId('soak');
  const days = [...(kept?.days ?? [])];
  const asked = { databaseUrl, schema, documents: false, limits: LIMITS, connector: { bodies: false } };
  const opened = await startService({
    ...asked,
    ...beginning(localInstant(addDays(FIRST, days.length), '00:30', ZONE)),
  });
  let whole = false;
  try {
    for (let day = days.length; day < DAYS[bench.form]; day += 1) {
      const seen = await liveADay(day, addDays(FIRST, day), opened, asked);
      days.push(seen);
      bench.say(
        `day ${day + 1}: ${seen.runs} runs, ${seen.due} due, ${seen.faults} faults, ${JSON.stringify(seen.states)}, ${seen.wrong.length} differences, ${seen.megabytes.toFixed(1)} MB`,
      );
      for (const one of seen.wrong.slice(0, 5)) bench.say(`  ${one}`);
      await mkdir('.bench', { recursive: true });
      await writeFile(PROGRESS, JSON.stringify({ schema, days }));
    }
    whole = true;
  } finally {
    // The schema stays for whoever goes on.
    await opened.close(!whole);
  }
  const total = (pick: (day: Day) => number) => days.reduce((sum, day) => sum + pick(day), 0);
  // The first day fills what is filled once.
  const sizes = days.slice(1).map(({ megabytes }) => megabytes);
  const [least = 0, last = 0] = [Math.min(...sizes), sizes.at(-1)];
  await bench.finish({
    seeds: { days: 'each its number' },
    figures: {
      days: days.length,
      runs: total(({ runs }) => runs),
      due: total(({ due }) => due),
      faults: total(({ faults }) => faults),
      differences: total(({ wrong }) => wrong.length),
      delivered: total(({ states }) => states.delivered ?? 0),
      uncertain: total(({ states }) => states.uncertain ?? 0),
      megabytesGrown: Math.round((last - least) * 10) / 10,
    },
    bars: {
      'each day: the report equals the record, nothing lost, nothing doubled, every run done': days.every(
        ({ wrong }) => wrong.length === 0,
      ),
      ...(bench.form === 'full'
        ? {
            'at least 10,000 faults': total(({ faults }) => faults) >= 10_000,
            'memory grows by less than 10 MB from its least to the last day': last - least < 10,
          }
        : {}),
    },
  });
  await rm(PROGRESS, { force: true });
}
