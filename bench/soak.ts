/**
 * Thirty days of messages with something the matter everywhere: two instances on one server, one of them stopped and started anew
 * in the middle of each day, and every other message met by a fault. Each day is judged by the stand-in's record, to the last person.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Draft } from '../src/delivery/message.ts';
import { createConnector } from '../src/delivery/teams.ts';
import { newId } from '../src/kernel/ids.ts';
import { type Seeded, seeded } from '../src/kernel/seeded.ts';
import { sleep } from '../src/kernel/time.ts';
import type { Fault } from '../src/sandbox/connector.ts';
import { inTransaction, openStore } from '../src/storage/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { contactOf, openPost, type Post, sampleCard } from '../test/support/delivery.ts';
import { differences, fateOf } from '../test/support/mixed-judge.ts';
import { tidy } from './delivery-paced.ts';
import { beginBench } from './report.ts';

const DAYS = { quick: 2, standard: 10, full: 30 } as const;
const PEOPLE = 200;
/** Messages for each person in a day, and how many faults their conversation has in store at most. */
const EACH = 3;
/** Nobody waits for the pace, and it is lowered and raised all the same. */
const LIMITS = { tenantPerSecond: 20_000, conversation: { burst: 100_000, perSecond: 100_000 } };
const PROGRESS = '.bench/soak-days.json';
const HELP = `Days of sending with faults, seeded; a bench that was stopped goes on after its last whole day (${PROGRESS}).
On PostgreSQL, by DATABASE_URL.`;

type Day = {
  readonly due: number;
  readonly faults: number;
  readonly states: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
  readonly megabytes: number;
};

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
  const place = { databaseUrl, dataDir: '.bench', schema };
  const [store, other] = [await openStore(place), await openStore(place)];
  await migrate(store.db, store.schema);
  const first = await openPost(store, { limits: LIMITS });
  const second = () =>
    openPost(other, {
      limits: LIMITS,
      parts: { connector: createConnector({ hosts: [first.sandbox.url], timeout: 10_000 }) },
    });
  try {
    for (let day = days.length; day < DAYS[bench.form]; day += 1) {
      const seen = await live(day, first, second, store.db);
      days.push(seen);
      bench.say(
        `day ${day + 1}: ${seen.due} due, ${seen.faults} faults, ${JSON.stringify(seen.states)}, ${seen.wrong.length} differences, ${seen.megabytes.toFixed(1)} MB`,
      );
      for (const one of seen.wrong.slice(0, 5)) bench.say(`  ${one}`);
      await mkdir('.bench', { recursive: true });
      await writeFile(PROGRESS, JSON.stringify({ schema, days }));
    }
  } finally {
    await first.close();
    await store.close();
    await other.close();
  }
  const total = (pick: (day: Day) => number) => days.reduce((sum, day) => sum + pick(day), 0);
  // The first day fills what is filled once.
  const sizes = days.slice(1).map(({ megabytes }) => megabytes);
  const [least = 0, last = 0] = [Math.min(...sizes), sizes.at(-1)];
  await bench.finish({
    seeds: { days: 'each its number' },
    figures: {
      days: days.length,
      due: total(({ due }) => due),
      faults: total(({ faults }) => faults),
      differences: total(({ wrong }) => wrong.length),
      delivered: total(({ states }) => states.delivered ?? 0),
      uncertain: total(({ states }) => states.uncertain ?? 0),
      megabytesGrown: Math.round((last - least) * 10) / 10,
    },
    bars: {
      'each day: the report equals the record, nothing lost, nothing doubled': days.every(
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
  await tidy({ ...place, dataDir: '.bench/none' });
}

async function live(
  day: number,
  { delivery, sandbox }: Post,
  second: () => Promise<Post>,
  db: Parameters<typeof inTransaction>[0],
): Promise<Day> {
  const random = seeded(day + 1);
  const people = Array.from({ length: PEOPLE }, (_, index) => `p${index}`);
  sandbox.forget();
  sandbox.clearFaults();
  for (const person of people) await delivery.rememberConversation(contactOf(person, sandbox.url));
  for (const person of people)
    for (let nth = random.whole(1, EACH); nth > 0; nth -= 1)
      sandbox.fault(`a:chat-${person}`, drawFault(random));
  const run = `day/${day}`;
  const now = new Date(Date.UTC(2026, 10, 23 + day, 7, 30));
  const beside = await second();
  await delivery.start();
  await beside.delivery.start();
  for (let nth = 0; nth < EACH; nth += 1) {
    const drafts = people.map(
      (personId): Draft => ({
        key: `${run}/${nth}/${personId}`,
        target: { kind: 'person', personId },
        card: sampleCard(`Day ${day}, ${nth}`),
        urgent: random.chance(0.1),
      }),
    );
    await inTransaction(db, (trx) => delivery.enqueue(trx, run, drafts, now));
    if (nth === 0) await sleep(random.whole(0, 300));
  }
  // One is stopped in the middle, and another begins.
  await beside.close();
  const again = await second();
  await again.delivery.start();
  const report = () => delivery.report(run);
  while ((await report()).pending > 0) await sleep(100);
  await delivery.stop();
  await again.close();
  const { items } = await report();
  const { requests, arrivals } = sandbox;
  const gone = new Set(
    [...Map.groupBy(requests, ({ delivery: id }) => id).values()].flatMap((own) => {
      const fate = fateOf(own);
      return fate.kind === 'told' && fate.state === 'gone' ? (own[0]?.conversationId ?? []) : [];
    }),
  );
  const wrong = differences(items, requests, arrivals, (recipient) =>
    gone.has(`a:chat-${recipient}`) ? 'unreachable' : undefined,
  );
  const states: Record<string, number> = {};
  for (const { state } of items) states[state] = (states[state] ?? 0) + 1;
  const faults = requests.filter(({ method, status }) => method === 'POST' && status !== 201).length;
  sandbox.forget();
  return { due: items.length, faults, states, wrong, megabytes: megabytesInUse() };
}

/** None that cuts a request off before the stand-in can read whose it is: its record could not judge that one. */
function drawFault(random: Seeded): Fault {
  const status = (code: number, name: string, more: object = {}) =>
    ({ kind: 'status', status: code, code: name, ...more }) as const;
  const throttled = () => status(429, 'Throttled', { retryAfter: random.whole(1, 6) / 20 });
  const kinds: readonly [() => Fault, ...(() => Fault)[]] = [
    throttled,
    throttled,
    throttled,
    () => status(412, 'PreconditionFailed'),
    () => status(401, 'BotNotRegistered'),
    () => status(403, 'MessageWritesBlocked'),
    () => status(404, 'ConversationNotFound'),
    () => status(413, 'MessageSizeTooBig'),
    () => status(500, 'ServiceError', { taken: random.chance(0.5) }),
    () => status(502, 'BadGateway', { taken: random.chance(0.5) }),
    () => status(503, 'ServiceUnavailable'),
    () => ({ kind: 'reset', when: 'after', taken: random.chance(0.5) }),
    () => ({ kind: 'drop', taken: random.chance(0.5) }),
  ];
  return random.pick(kinds)();
}

/** Once what is not in use has been collected. */
function megabytesInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}
