/**
 * The measured claims of delivery: how fast cards leave under a cap and without one, beside botbuilder's own proactive sending
 * in the same run; what throttling one conversation does to the others; how soon an urgent message leaves. Judged by the
 * stand-in connector. `--quick`: the short form; `--full`: the whole; `--lifted`: what leaves without a cap alone. DATABASE_URL
 * chooses PostgreSQL; without it the embedded store is measured, by the bars it can meet.
 */
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { must } from '../src/kernel/guards.ts';
import { sleep, stopwatch } from '../src/kernel/time.ts';
import { inTransaction } from '../src/storage/database.ts';
import { contactOf, sampleCard, UNCAPPED } from '../test/support/delivery.ts';
import { openInstance, openProcess, type Place } from './delivery-instance.ts';
import {
  crowded,
  disturbed,
  isOpen,
  newPlace,
  openWorld,
  paced,
  tidy,
  toPerson,
  type World,
} from './delivery-paced.ts';
import { beginBench } from './report.ts';
import { startStandIn } from './stand-in.ts';

const FORMS = {
  quick: { caps: [50], paced: 250, disturbed: 250, lifted: 2_000, instances: [1] },
  standard: { caps: [50, 30], paced: 1_500, disturbed: 600, lifted: 6_000, instances: [1, 2] },
  full: { caps: [50, 30], paced: 1_500, disturbed: 1_500, lifted: 20_000, instances: [1, 2] },
} as const;
/** So many processes in words. */
const BY = { 1: 'one', 2: 'two' } as const;
const CONCURRENT = 32;
/** Without a cap each way is warmed up, then measured in turn so often; the middle one counts. */
const WARM_UP = 1_500;
const ROUNDS = 3;
/** While another process settles its last. Milliseconds. */
const LOOK_AGAIN = 10;
/** From the first arrival to the last, of 1,500 cards: a cap of fifty a second, and of thirty. Milliseconds. */
const ALLOWED: Readonly<Record<number, number>> = { 50: 30_500, 30: 50_800 };
/** Twenty conversations with twelve messages at once, where seven may go at once. */
const CROWD = { conversations: 20, each: 12 };
/** What one conversation is told to wait. Milliseconds. */
const REST = 2_000;
/** Whoever is told to wait t is asked again after t to t and this. Milliseconds. */
const PROMPT = 250;
const URGENT = 10;

type Figures = Record<string, number | string>;
type Bars = Record<string, boolean>;

const HELP = `How fast cards leave, under the cap and without it, beside botbuilder's own sending. What faults leave is bench:faults.
--lifted: what leaves without a cap alone. On PostgreSQL with DATABASE_URL, and there with a second process too; else on PGlite.`;

export async function run(argv: readonly string[]): Promise<void> {
  const alone = argv.includes('--lifted');
  const bench = beginBench(
    'delivery',
    HELP,
    argv.filter((word) => word !== '--lifted'),
  );
  if (!bench) return;
  const { say } = bench;
  const sizes = FORMS[bench.form];
  const databaseUrl = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
  const figures: Figures = { engine: databaseUrl ? 'postgresql' : 'pglite' };
  const bars: Bars = {};

  const paces: readonly (1 | 2)[] = databaseUrl ? sizes.instances : [1];
  for (const instances of alone ? [] : paces) {
    const by = BY[instances];
    for (const cap of sizes.caps) {
      const seen = await inWorld(databaseUrl, instances, cap, (world) => paced(world, sizes.paced, cap));
      const name = `${by}.at${cap}`;
      say(
        `${sizes.paced} cards under ${cap}/s, ${by} process(es): ${(seen.span / 1000).toFixed(2)} s, ${seen.throttled} throttled, ${seen.breaches} sliding-window breaches`,
      );
      figures[`${name}.seconds`] = round(seen.span / 1000);
      figures[`${name}.throttled`] = seen.throttled;
      figures[`${name}.breaches`] = seen.breaches;
      const allowed = ((ALLOWED[cap] ?? 0) * sizes.paced) / 1_500;
      bars[`${name}: within ${(allowed / 1000).toFixed(1)} s, none throttled, each once`] =
        seen.span <= allowed && seen.throttled + seen.doubled === 0 && seen.arrived === sizes.paced;
    }
    const { conversations, each } = CROWD;
    const crowd = await inWorld(databaseUrl, instances, 50, (world) =>
      crowded(world, conversations, each, 50),
    );
    say(
      `${each} messages at once to each of ${conversations} conversations, ${by} process(es): ${(crowd.span / 1000).toFixed(2)} s, ${crowd.throttled} throttled`,
    );
    figures[`${by}.crowd.seconds`] = round(crowd.span / 1000);
    figures[`${by}.crowd.throttled`] = crowd.throttled;
    bars[`${by}.crowd: none throttled, each once`] =
      crowd.throttled + crowd.doubled === 0 && crowd.arrived === conversations * each;

    const seen = await inWorld(databaseUrl, instances, 50, (world) =>
      disturbed(world, sizes.disturbed, URGENT, REST),
    );
    const urgent = seen.urgent.toSorted((a, b) => a - b);
    const [median, most] = [urgent[Math.floor(urgent.length / 2)] ?? Number.NaN, urgent.at(-1) ?? Number.NaN];
    say(
      `${by} process(es), ${sizes.disturbed} cards on their way: urgent ones arrive ${median.toFixed(0)} ms after they are written (most ${most.toFixed(0)}); told to rest ${REST} ms, conversations are tried again after ${seen.retriedAfter.map((wait) => wait.toFixed(0)).join(' and ')} ms, the others in ${(seen.span / 1000).toFixed(2)} s with ${seen.longestGap.toFixed(0)} ms between two at most`,
    );
    Object.assign(figures, {
      [`${by}.urgentMedian`]: Math.round(median),
      [`${by}.urgentMost`]: Math.round(most),
      [`${by}.retriedAfter`]: Math.round(Math.max(...seen.retriedAfter)),
      [`${by}.othersLongestGap`]: Math.round(seen.longestGap),
      [`${by}.othersSeconds`]: round(seen.span / 1000),
    });
    bars[`${by}: throttled for ${REST} ms, tried again within ${PROMPT} ms of that, and not before`] =
      seen.early === 0 && seen.retriedAfter.every((wait) => wait >= REST && wait <= REST + PROMPT);
    // The urgent ones take slots as well.
    const unhindered = ((ALLOWED[50] ?? 0) * (sizes.disturbed + URGENT)) / 1_500;
    bars[`${by}: the others undisturbed, within ${(unhindered / 1000).toFixed(1)} s`] =
      seen.span <= unhindered;
  }

  const ours = new Map(paces.map((instances) => [instances, [] as number[]]));
  const theirs: number[] = [];
  let arrivedOnce = true;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [instances, rates] of ours) {
      const place = await newPlace(databaseUrl);
      const { elapsed, arrived, doubled } = await withoutCap(place, sizes.lifted, instances);
      arrivedOnce &&= arrived === WARM_UP + sizes.lifted && doubled === 0;
      rates.push(sizes.lifted / (elapsed / 1000));
    }
    theirs.push(await botbuilderRate(Math.min(sizes.lifted, 3_000)));
    const told = [...ours].map(([instances, rates]) => `${rates.at(-1)?.toFixed(0)}/s by ${BY[instances]}`);
    say(`round ${round + 1}: ${told.join(', ')}, botbuilder ${theirs.at(-1)?.toFixed(0)}/s`);
  }
  const peer = middle(theirs);
  say(`cap lifted: botbuilder, ${CONCURRENT} at once, sends ${peer.toFixed(0)}/s and records nothing`);
  figures.botbuilderPerSecond = round(peer);
  for (const [instances, rates] of ours) {
    const by = BY[instances];
    const rate = middle(rates);
    say(`cap lifted, ${by} process(es): ${rate.toFixed(0)} deliveries/s recorded and settled`);
    Object.assign(figures, { [`${by}.liftedPerSecond`]: round(rate), [`${by}.ratio`]: round(rate / peer) });
    if (!databaseUrl) continue;
    bars[`${by}: lifted at least 1.5 times botbuilder`] = rate >= 1.5 * peer;
    bars[`${by}: lifted at least 2,000/s`] = rate >= 2_000;
  }
  bars['lifted: all arrived once'] = arrivedOnce;
  await bench.finish({ seeds: {}, figures, bars });
}

async function inWorld<T>(
  databaseUrl: string | undefined,
  instances: number,
  cap: number,
  measure: (world: World) => Promise<T>,
): Promise<T> {
  const world = await openWorld(databaseUrl, instances, cap);
  try {
    return await measure(world);
  } finally {
    await world.close();
  }
}

function middle(figures: readonly number[]): number {
  return must(figures.toSorted((a, b) => a - b)[figures.length >> 1], 'a figure');
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}

/** One run to `cards` people without a cap, from the commit of the outbox to the last settlement (`elapsed`, ms). */
async function withoutCap(place: Place, cards: number, instances: number) {
  const standIn = await startStandIn({});
  const asked = { place, limits: UNCAPPED, standInUrl: standIn.url };
  const { store, delivery, close } = await openInstance(asked);
  const others: { close(): Promise<void> }[] = [];
  try {
    for (let index = 1; index < instances; index += 1) others.push(await openProcess(asked));
    const people = Array.from({ length: cards }, (_, index) => `p${index}`);
    for (const personId of people) await delivery.rememberConversation(contactOf(personId, standIn.url));
    const send = async (runId: string, to: readonly string[]) => {
      const drafts = to.map((person) => toPerson(runId, person));
      await inTransaction(store.db, (trx) => delivery.enqueue(trx, runId, drafts, new Date()));
      const elapsed = stopwatch();
      await delivery.drain(new Date(), 600_000);
      // What another process holds is not this one's to drain.
      while (others.length > 0 && (await isOpen(store))) await sleep(LOOK_AGAIN);
      return elapsed();
    };
    await send('warm', people.slice(0, WARM_UP));
    const took = await send('bench', people);
    const report = await delivery.report('bench');
    if (report.delivered !== cards)
      throw new Error(
        `${report.delivered} of ${cards} delivered: ${JSON.stringify({ ...report, items: [] })}`,
      );
    return { ...(await standIn.look(Number.POSITIVE_INFINITY)), elapsed: took };
  } finally {
    for (const other of others) await other.close();
    await close();
    await standIn.close();
    await tidy(place);
  }
}

/** Messages a second of botbuilder's own way, which keeps no record and repeats a POST on 500. */
async function botbuilderRate(count: number): Promise<number> {
  const standIn = await startStandIn({});
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const { content, summary } = sampleCard('A card of the usual kind, for everybody.');
  const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content }];
  const post = async (person: number) => {
    const reference = {
      channelId: 'msteams',
      serviceUrl: standIn.url,
      bot: { id: '28:bot', name: 'Waymark' },
      user: { id: `29:p${person}`, name: '' },
      conversation: { id: `a:chat-p${person}`, isGroup: false, conversationType: 'personal', name: '' },
    };
    await adapter.continueConversationAsync('', reference, async (context) => {
      await context.sendActivity({ type: 'message', summary, attachments });
    });
  };
  let next = 0;
  const until = (last: number) =>
    Promise.all(
      Array.from({ length: CONCURRENT }, async () => {
        while (next < last) {
          next += 1;
          await post(next);
        }
      }),
    );
  await until(WARM_UP);
  const elapsed = stopwatch();
  await until(WARM_UP + count);
  const rate = count / (elapsed() / 1000);
  const { arrived } = await standIn.look(Number.POSITIVE_INFINITY);
  await standIn.close();
  if (arrived !== WARM_UP + count) throw new Error(`botbuilder: ${arrived} arrived`);
  return rate;
}
