/**
 * The measured claim of digests, at the largest trust (25 schools, 1,500 staff, three years): how long any one takes, for
 * whom; whether memory stays flat over a thousand; how large the cards are. DATABASE_URL chooses PostgreSQL, which the bars
 * are for; without it the embedded store is measured.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openApp } from '../src/app/instance.ts';
import { MAX_CARD_BYTES } from '../src/cards/size.ts';
import { readSettings } from '../src/config/settings.ts';
import { newId } from '../src/kernel/ids.ts';
import { seeded } from '../src/kernel/seeded.ts';
import { stopwatch } from '../src/kernel/time.ts';
import { inTransaction, openStore, type Store } from '../src/storage/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { silentLog } from '../src/telemetry/log.ts';
import { type DigestWorld, id, makeWorld, TODAY, trustFileOf, writeWorld } from './digest-world.ts';
import { helpAsked } from './report.ts';

const USAGE = `Usage: npm run bench:digests -- [--quick] [--seed N] [--out DIR] [--json]
  --quick   a hundred digests instead of a thousand, and a fifth of the trust
  --seed N  the trust's seed (2026)
  --out DIR keep the term report there
  --json    only the last line, as JSON
`;
const BARS = { digestMs: 300, reportMs: 20_000, cardBytes: MAX_CARD_BYTES, growthMb: 8 };
const NOW = new Date(`${TODAY}T07:45:00Z`);

export async function run(argv: readonly string[]): Promise<void> {
  if (helpAsked(argv, USAGE)) return;
  const quick = argv.includes('--quick');
  const seed = Number(argv[argv.indexOf('--seed') + 1]) || 2026;
  const say = (line: string) => (argv.includes('--json') ? true : process.stdout.write(`${line}\n`));
  const size = quick
    ? { schools: 5, staff: 300, milestones: 6 }
    : { schools: 25, staff: 1_500, milestones: 12 };
  const world = makeWorld(size, seed);
  const folder = await mkdtemp(join(tmpdir(), 'waymark-digests-'));
  const databaseUrl = process.env.DATABASE_URL;
  const schema = newId('digests');
  const place = { dataDir: folder, schema, ...(databaseUrl ? { databaseUrl } : {}) };
  await writeFile(join(folder, 'trust.yaml'), JSON.stringify(trustFileOf(world)));
  await mkdir(join(folder, 'documents'));
  const filling = stopwatch();
  const store = await openStore(place);
  await migrate(store.db, schema);
  const rows = await writeWorld(store.db, world);
  await store.close();
  say(`filled in ${Math.round(filling() / 1000)} s: ${JSON.stringify(rows)}`);
  const settings = readSettings({
    APP_ENV: 'local',
    DATA_DIR: folder,
    TRUST_FILE: join(folder, 'trust.yaml'),
    CONTENT_DIR: join(folder, 'documents'),
    DATABASE_SCHEMA: schema,
    CLOCK_START: NOW.toISOString(),
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  });
  if (settings.kind === 'problems') throw new Error(settings.problems.join('\n'));
  const { app, close } = await openApp(settings.settings, silentLog);
  try {
    const planning = stopwatch();
    const plan = await app.digests.plan({ slot: 'digest/2028-W47', now: NOW });
    const planMs = planning();
    say(`a Monday's digests planned: ${plan.drafts.length} in ${Math.round(planMs)} ms`);
    const sizes = plan.drafts.map(({ card }) => Buffer.byteLength(JSON.stringify(card.content)));
    const digests = await askMany(app.digests, world, { times: quick ? 100 : 1_000, seed });
    for (const [kind, times] of digests.byKind)
      say(`  ${kind}: p50 ${at(times, 0.5)} ms, p95 ${at(times, 0.95)} ms (${times.length})`);
    const reporting = stopwatch();
    const made = await app.reports.forOperator({ term: 1 }, NOW);
    const reportMs = reporting();
    if ('kind' in made) throw new Error(made.message);
    say(`the term report: ${made.report.milestones.length} milestones, ${Math.round(reportMs)} ms`);
    const out = argv.includes('--out') ? argv[argv.indexOf('--out') + 1] : undefined;
    if (out) for (const { name, bytes } of made.files) await writeFile(join(out, name), bytes);
    const growth = digests.after - digests.before;
    say(
      `memory ${digests.before.toFixed(1)} MB after the first tenth, ${digests.after.toFixed(1)} MB at the end`,
    );
    const p95 = Math.max(...[...digests.byKind.values()].map((times) => at(times, 0.95)));
    const largest = Math.max(...sizes, digests.largest);
    const figures = {
      form: quick ? 'quick' : 'standard',
      engine: databaseUrl ? 'postgresql' : 'pglite',
      seed,
      ...rows,
      planned: plan.drafts.length,
      planMs: Math.round(planMs),
      digests: [...digests.byKind.values()].reduce((sum, times) => sum + times.length, 0),
      slowestKindP95Ms: p95,
      largestCardBytes: largest,
      reportMs: Math.round(reportMs),
      heapGrowthMb: Math.round(growth * 10) / 10,
    };
    const bars = {
      [`any digest at most ${BARS.digestMs} ms at p95, for each kind of reader`]: p95 <= BARS.digestMs,
      [`the term report at most ${BARS.reportMs} ms`]: reportMs <= BARS.reportMs,
      [`any card at most ${BARS.cardBytes} bytes`]: largest <= BARS.cardBytes,
      [`memory flat: at most ${BARS.growthMb} MB more`]: growth <= BARS.growthMb,
    };
    for (const [bar, held] of Object.entries(bars)) say(`${held ? 'held' : 'NOT HELD'}: ${bar}`);
    const pass = Object.values(bars).every(Boolean);
    const line = JSON.stringify({ bench: 'digests', figures, bars, pass });
    await mkdir('.bench', { recursive: true });
    await writeFile('.bench/digests.json', `${line}\n`);
    process.stdout.write(`${line}\n`);
    process.exitCode = pass ? 0 : 1;
  } finally {
    await close();
    if (databaseUrl) await dropSchema(await openStore(place));
    await rm(folder, { recursive: true });
  }
}

async function dropSchema(store: Store): Promise<void> {
  for (const name of [store.schema, `${store.schema}_jobs`])
    await inTransaction(store.db, (trx) => trx.schema.dropSchema(name).ifExists().cascade().execute());
  await store.close();
}

type Reader = { personId: string; name: string };
type Asked = {
  onDemand: (reader: Reader, now: Date) => Promise<{ card?: unknown }>;
  request: (text: string, reader: Reader, now: Date) => Promise<{ card?: unknown } | undefined>;
};
/** How each reader asks, by turns: mostly for now. */
const ASKS = ['', '', '', 'digest on 2027-03-08', 'what changed since half-term'];

/** Each kind of reader in turn, drawn anew each time. Heap in MB after a collection. */
async function askMany(digests: Asked, world: DigestWorld, { times, seed }: { times: number; seed: number }) {
  const random = seeded(seed + 2);
  const managers = [...new Set(world.people.flatMap(({ manager }) => manager ?? []))];
  const kinds: Readonly<Record<string, readonly string[]>> = {
    leader: world.leaders,
    head: world.schools.map(({ head }) => head),
    'priority lead': [10, 11, 12, 13, 14, 15].map((number) => id(0, number)),
    'line manager': managers.filter((manager) => Number(manager.slice(-12)) >= 1000),
    anybody: world.people.map((person) => person.id),
  };
  const reader = (personId: string): Reader => ({ personId, name: 'A reader' });
  const byKind = new Map<string, number[]>();
  let [before, largest] = [0, 0];
  for (let turn = 0; turn < times; turn += 1) {
    const [kind = '', people = []] = Object.entries(kinds)[turn % Object.keys(kinds).length] ?? [];
    const personId = random.pick(people as [string, ...string[]]);
    const own = stopwatch();
    const words = ASKS[Math.floor(turn / Object.keys(kinds).length) % ASKS.length] ?? '';
    const reply = words
      ? await digests.request(words, reader(personId), NOW)
      : await digests.onDemand(reader(personId), NOW);
    const card = reply?.card;
    const name = words ? `${kind}: ${words}` : kind;
    byKind.set(name, [...(byKind.get(name) ?? []), own()]);
    largest = Math.max(largest, Buffer.byteLength(JSON.stringify(card ?? '')));
    if (turn === Math.floor(times / 10)) before = heap();
  }
  return { byKind, before, after: heap(), largest };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed / 1_000_000;
}

function at(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0);
}
