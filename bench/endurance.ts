/**
 * Sending that goes on: hundreds of thousands of messages to 1,500 people by one process, at a pace that nothing has to wait for,
 * so that what it keeps in memory and how fast it goes at the end can be held against the beginning. Judged by the stand-in
 * connector's record.
 */
import { stopwatch } from '../src/kernel/time.ts';
import { inTransaction } from '../src/storage/database.ts';
import { contactOf } from '../test/support/delivery.ts';
import { openInstance, openProcess } from './delivery-instance.ts';
import { newPlace, tidy, toPerson } from './delivery-paced.ts';
import { beginBench } from './report.ts';
import { startStandIn } from './stand-in.ts';

const MESSAGES = { quick: 10_000, standard: 100_000, full: 300_000 } as const;
const PEOPLE = 1_500;
/** Faster than anything here: slots are leased and reached, and nobody waits for them. */
const LIMITS = { tenantPerSecond: 20_000, conversation: { burst: 100_000, perSecond: 100_000 } };
const TENTHS = 10;
/** Megabytes that each 10,000 messages may add, and how much longer the last tenth may take than the first. */
const MOST_GROWTH = 1;
const MOST_SLOWER = 1.15;

const HELP = `Hundreds of thousands of messages, one after the other: whether memory and pace stay as they were. On PostgreSQL, by DATABASE_URL:
the sender has a process of its own, since its memory is measured.`;

export async function run(argv: readonly string[]): Promise<void> {
  const bench = beginBench('endurance', HELP, argv);
  if (!bench) return;
  const count = MESSAGES[bench.form];
  const databaseUrl = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
  if (!databaseUrl) {
    process.stderr.write('DATABASE_URL is needed: the sender is measured in a process of its own.\n');
    process.exitCode = 2;
    return;
  }
  const place = await newPlace(databaseUrl);
  const standIn = await startStandIn({ bodies: false });
  const asked = { place, limits: LIMITS, standInUrl: standIn.url };
  // Writes alone; the other one sends.
  const writer = await openInstance(asked);
  try {
    const people = Array.from({ length: PEOPLE }, (_, index) => `p${index}`);
    for (const person of people) await writer.delivery.rememberConversation(contactOf(person, standIn.url));
    const each = count / PEOPLE;
    for (let round = 0; round < each; round += 1) {
      const drafts = people
        .slice(0, Math.min(PEOPLE, count - round * PEOPLE))
        .map((person) => toPerson('long', person, { key: `long/${round}/${person}` }));
      await inTransaction(writer.store.db, (trx) => writer.delivery.enqueue(trx, 'long', drafts, new Date()));
    }
    bench.say(`${count} messages are due`);
    const elapsed = stopwatch();
    const sender = await openProcess(asked);
    const samples: { readonly sent: number; readonly at: number; readonly megabytes: number }[] = [];
    try {
      for (let tenth = 1; tenth <= TENTHS; tenth += 1) {
        const wanted = (count * tenth) / TENTHS;
        await standIn.arrived(wanted);
        const at = elapsed();
        samples.push({ sent: wanted, at, megabytes: await sender.memory() });
        bench.say(
          `${wanted} sent after ${(at / 1000).toFixed(0)} s, ${samples.at(-1)?.megabytes.toFixed(1)} MB in use`,
        );
      }
    } finally {
      await sender.close();
    }
    const spans = samples.map(({ at }, index) => at - (samples[index - 1]?.at ?? 0));
    const growth = slope(samples.slice(1).map(({ sent, megabytes }) => [sent / 10_000, megabytes]));
    const seen = await standIn.look(Number.POSITIVE_INFINITY);
    const [first = 0, last = 0] = [spans[0], spans.at(-1)];
    await bench.finish({
      seeds: {},
      figures: {
        messages: count,
        arrived: seen.arrived,
        doubled: seen.doubled,
        perSecond: Math.round(count / ((samples.at(-1)?.at ?? 0) / 1000)),
        megabytes: samples.map(({ megabytes }) => Math.round(megabytes * 10) / 10),
        megabytesPer10000: Math.round(growth * 1000) / 1000,
        lastTenthToFirst: Math.round((last / first) * 100) / 100,
      },
      bars: {
        'each arrived once': seen.arrived === count && seen.doubled === 0,
        // Of a short form the start of the process is most of what is seen.
        ...(bench.form === 'quick'
          ? {}
          : { [`memory grows by less than ${MOST_GROWTH} MB for 10,000 messages`]: growth < MOST_GROWTH }),
        [`the last tenth takes at most ${MOST_SLOWER} times as long as the first`]:
          last <= MOST_SLOWER * first,
      },
    });
  } finally {
    await writer.close();
    await standIn.close();
    await tidy(place);
  }
}

/** Of the line through points by least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([value]) => value)), mean(points.map(([, value]) => value))];
  const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
  return over / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
}
