/**
 * The measured claims of delivery: how fast cards leave under a cap and without one, beside botbuilder's own proactive sending
 * in the same run. Judged by the stand-in connector. `--quick`: the short form; `--full`: the whole. DATABASE_URL chooses
 * PostgreSQL; without it the embedded store is measured, by the bars it can meet.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import type { Limits } from '../src/delivery/pacing.ts';
import { createDelivery } from '../src/delivery/service.ts';
import { createConnector } from '../src/delivery/teams.ts';
import { newId } from '../src/kernel/ids.ts';
import { stopwatch, systemClock } from '../src/kernel/time.ts';
import { inTransaction, openStore, type Store } from '../src/storage/database.ts';
import { startJobs } from '../src/storage/jobs.ts';
import { migrate } from '../src/storage/migrate.ts';
import { silentLog } from '../src/telemetry/log.ts';
import { contactOf, sampleCard, UNCAPPED } from '../test/support/delivery.ts';
import { helpAsked } from './report.ts';
import { startStandIn } from './stand-in.ts';

const FORMS = {
  quick: { paced: 250, lifted: 2_000, instances: [1] },
  standard: { paced: 1_500, lifted: 6_000, instances: [1, 2] },
  full: { paced: 1_500, lifted: 20_000, instances: [1, 2] },
} as const;
const CONCURRENT = 32;
const CAP = 50;

type Place = { readonly databaseUrl?: string; readonly dataDir: string; readonly schema: string };

const USAGE = `npm run bench:delivery [-- --quick | --full]
How fast cards leave, under the cap and without it, beside botbuilder's own sending. What faults leave is bench:faults.
On PostgreSQL with DATABASE_URL, else on PGlite.
`;

export async function run(argv: readonly string[]): Promise<void> {
  if (helpAsked(argv, USAGE)) return;
  const form = argv.includes('--full') ? 'full' : argv.includes('--quick') ? 'quick' : 'standard';
  const sizes = FORMS[form];
  const databaseUrl = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
  const engine = databaseUrl ? 'postgresql' : 'pglite';
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const place = async (): Promise<Place> => ({
    ...(databaseUrl ? { databaseUrl } : {}),
    dataDir: await mkdtemp(join(tmpdir(), 'waymark-bench-')),
    schema: newId('bench'),
  });
  const figures: Record<string, number | string> = { form, engine };
  const bars: Record<string, boolean> = {};

  for (const instances of sizes.instances) {
    if (instances > 1 && !databaseUrl) continue;
    const seen = await fanOut(
      await place(),
      sizes.paced,
      { ...UNCAPPED, tenantPerSecond: CAP },
      instances,
      CAP,
    );
    const allowed = (sizes.paced / CAP) * (30_500 / 30_000);
    const seconds = seen.span / 1000;
    const name = instances === 1 ? 'paced' : 'pacedByTwo';
    say(
      `${sizes.paced} cards under ${CAP}/s, ${instances} instance(s): ${seconds.toFixed(2)} s, ${seen.throttled} throttled, ${seen.breaches} sliding-window breaches`,
    );
    Object.assign(figures, {
      [`${name}Cards`]: seen.arrived,
      [`${name}Seconds`]: round(seconds),
      [`${name}Throttled`]: seen.throttled,
      [`${name}Breaches`]: seen.breaches,
    });
    bars[`${name} within ${allowed.toFixed(1)} s, none throttled, none doubled`] =
      seconds <= allowed && seen.throttled === 0 && seen.doubled === 0 && seen.arrived === sizes.paced;
  }

  const lifted = await fanOut(await place(), sizes.lifted, UNCAPPED, 1);
  const peer = await botbuilderRate(Math.min(sizes.lifted, 3_000));
  const rate = sizes.lifted / (lifted.elapsed / 1000);
  say(
    `cap lifted: ${rate.toFixed(0)} deliveries/s recorded and settled; botbuilder, ${CONCURRENT} at once: ${peer.toFixed(0)}/s, recording nothing`,
  );
  Object.assign(figures, {
    liftedPerSecond: round(rate),
    botbuilderPerSecond: round(peer),
    ratio: round(rate / peer),
  });
  bars['lifted: all arrived once'] = lifted.arrived === sizes.lifted && lifted.doubled === 0;
  if (databaseUrl) {
    bars['lifted at least 1.5 times botbuilder'] = rate >= 1.5 * peer;
    bars['lifted at least 2,000/s'] = rate >= 2_000;
  }

  const pass = Object.values(bars).every(Boolean);
  const line = JSON.stringify({ bench: 'delivery', figures, bars, pass });
  await mkdir('.bench', { recursive: true });
  await writeFile('.bench/delivery.json', `${line}\n`);
  say(line);
  process.exitCode = pass ? 0 : 1;
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}

async function tidy(where: Place): Promise<void> {
  if (where.databaseUrl) {
    const store = await openStore(where);
    for (const schema of [where.schema, `${where.schema}_jobs`])
      await store.db.schema.dropSchema(schema).ifExists().cascade().execute();
    await store.close();
  }
  await rm(where.dataDir, { recursive: true, force: true });
}

/** One run to `cards` people, from the commit of the outbox to the last settlement (`elapsed`, ms). */
async function fanOut(where: Place, cards: number, limits: Limits, instances: number, perSecond?: number) {
  const standIn = await startStandIn(perSecond ? { perSecond } : {});
  const opened: { store: Store; stop: () => Promise<void> }[] = [];
  try {
    const senders = [];
    for (let index = 0; index < instances; index += 1) {
      const store = await openStore(where);
      await migrate(store.db, store.schema);
      const jobs = await startJobs(store, silentLog);
      const connector = createConnector({ hosts: [standIn.url] });
      const delivery = createDelivery({
        db: store.db,
        jobs,
        connector,
        clock: systemClock(),
        log: silentLog,
        limits,
        mayPost: async () => true,
      });
      senders.push(delivery);
      opened.push({
        store,
        stop: async () => {
          await delivery.stop();
          await jobs.stop();
          connector.close();
        },
      });
    }
    const [first] = senders;
    const [store] = opened.map((one) => one.store);
    if (!first || !store) throw new Error('no sender');
    const people = Array.from({ length: cards }, (_, index) => `p${index}`);
    for (const personId of people) await first.rememberConversation(contactOf(personId, standIn.url));
    const card = sampleCard('A card of the usual kind, for everybody.');
    await inTransaction(store.db, (trx) =>
      first.enqueue(
        trx,
        'bench',
        people.map((personId) => ({ key: `bench/${personId}`, target: { kind: 'person', personId }, card })),
        new Date(),
      ),
    );
    const elapsed = stopwatch();
    await Promise.all(senders.map((sender) => sender.drain(new Date(), 600_000)));
    const took = elapsed();
    const report = await first.report('bench');
    if (report.delivered !== cards)
      throw new Error(
        `${report.delivered} of ${cards} delivered: ${JSON.stringify({ ...report, items: [] })}`,
      );
    return { ...(await standIn.look(perSecond ?? Number.POSITIVE_INFINITY)), elapsed: took };
  } finally {
    for (const one of opened) {
      await one.stop();
      await one.store.close();
    }
    await standIn.close();
    await tidy(where);
  }
}

/** Messages a second of botbuilder's own way, which keeps no record and repeats a POST on 500. */
async function botbuilderRate(count: number): Promise<number> {
  const standIn = await startStandIn({});
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const { content, summary } = sampleCard('A card of the usual kind, for everybody.');
  const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content }];
  let next = 0;
  const elapsed = stopwatch();
  await Promise.all(
    Array.from({ length: CONCURRENT }, async () => {
      while (next < count) {
        next += 1;
        const reference = {
          channelId: 'msteams',
          serviceUrl: standIn.url,
          bot: { id: '28:bot', name: 'Waymark' },
          user: { id: `29:p${next}`, name: '' },
          conversation: { id: `a:chat-p${next}`, isGroup: false, conversationType: 'personal', name: '' },
        };
        await adapter.continueConversationAsync('', reference, async (context) => {
          await context.sendActivity({ type: 'message', summary, attachments });
        });
      }
    }),
  );
  const rate = count / (elapsed() / 1000);
  const { arrived } = await standIn.look(Number.POSITIVE_INFINITY);
  await standIn.close();
  if (arrived !== count) throw new Error(`botbuilder: ${arrived} of ${count} arrived`);
  return rate;
}
