/**
 * An upgrade under load, and the way back, on PostgreSQL (TEST_DATABASE_URL): two instances of an older version are replaced one by
 * one by this one, which migrates the database while the older ones serve; then this one's by the older again, on the newer
 * schema. People write and press all the while, and a run of messages is in hand whenever an instance is told to end.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../src/kernel/guards.ts';
import { newId } from '../src/kernel/ids.ts';
import { stopwatch } from '../src/kernel/time.ts';
import { type SandboxConnector, startSandboxConnector } from '../src/sandbox/connector.ts';
import { startSandboxGraph } from '../src/sandbox/graph.ts';
import {
  type Environment,
  runCommandIn,
  type ServiceProcess,
  startProcess,
} from '../test/support/process.ts';
import { BOT_ID, until } from '../test/support/service.ts';
import { type Bench, beginBench } from './report.ts';
import { createRotation, type Judged, type Load, type Rotation, startLoad } from './upgrade-load.ts';
import { layOut, olderVersion } from './upgrade-tree.ts';
import {
  dropSchemas,
  MONDAYS,
  QUIET_START,
  readTrust,
  type Standing,
  staffOf,
  standingOf,
  writeTrust,
} from './upgrade-world.ts';

const HELP = `  --from COMMIT  the version to upgrade from; default: the commit before the last one that added a migration
Two instances on PostgreSQL (TEST_DATABASE_URL) are upgraded one by one under load, and taken back. Needs the repository's history.
--quick: half the load; --full: twice as much.`;
const PER_SECOND = { quick: 8, standard: 15, full: 30 } as const;
/** A host kills what has not ended by then. Milliseconds. */
const MAY_TAKE = 20_000;

type Version = { readonly name: 'older' | 'this'; readonly checkout: string };
/** The instances that run, each with its own data folder, over whose socket it takes commands. */
type Fleet = Map<ServiceProcess, string>;
type World = {
  readonly bench: Bench;
  readonly folder: string;
  readonly environment: Environment;
  readonly teams: SandboxConnector;
  readonly rotation: Rotation;
  readonly fleet: Fleet;
};
type Leg = Judged & { readonly endedMs: number; readonly exits: readonly (number | null)[] };

export async function run(argv: readonly string[]): Promise<void> {
  const at = argv.indexOf('--from');
  const asked = at < 0 ? undefined : argv[at + 1];
  const bench = beginBench('upgrade', HELP, at < 0 ? argv : argv.toSpliced(at, 2));
  if (!bench) return;
  const databaseUrl = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL;
  if (!databaseUrl) {
    process.stderr.write('This bench needs PostgreSQL: set TEST_DATABASE_URL.\n');
    process.exitCode = 2;
    return;
  }
  const older = await olderVersion(asked);
  bench.say(`from ${older.commit.slice(0, 7)} (${older.subject})`);
  const folder = await mkdtemp(join(tmpdir(), 'waymark-upgrade-'));
  const schema = newId('upgrade');
  await layOut(older, join(folder, 'older'));
  const versions: readonly [Version, Version] = [
    { name: 'older', checkout: join(folder, 'older') },
    { name: 'this', checkout: '.' },
  ];
  const passed = await rehearse(bench, { folder, schema, databaseUrl, versions, commit: older.commit });
  if (passed) await dropSchemas(databaseUrl, schema);
  else bench.say(`kept schema ${schema} for a look`);
  await rm(folder, { recursive: true, force: true });
}

type Place = {
  readonly folder: string;
  readonly schema: string;
  readonly databaseUrl: string;
  readonly versions: readonly [Version, Version];
  readonly commit: string;
};

async function rehearse(bench: Bench, place: Place): Promise<boolean> {
  const { folder, schema, databaseUrl, versions } = place;
  const [older, newer] = versions;
  const samples = join(older.checkout, 'samples');
  const graph = await startSandboxGraph({
    tenantFile: join(samples, 'tenant.yaml'),
    documentsDir: join(samples, 'documents'),
  });
  const teams = await startSandboxConnector({ latency: 5 });
  const trust = await readTrust(older.checkout);
  const staff = staffOf(graph.tenant, trust);
  const environment = {
    APP_ENV: 'local',
    PORT: '0',
    TRUST_FILE: await writeTrust(trust, staff, join(folder, 'trust')),
    CONTENT_DIR: join(samples, 'documents'),
    GRAPH_URL: graph.url,
    BOT_SERVICE_HOSTS: teams.url,
    CLOCK_START: QUIET_START,
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
    DATABASE_SCHEMA: schema,
    PSEUDONYM_KEY: '5eed'.repeat(16),
  };
  const world: World = {
    bench,
    folder,
    environment,
    teams,
    rotation: createRotation(teams.url),
    fleet: new Map(),
  };
  let load: Load | undefined;
  try {
    const first = [await begin(older, world), await begin(older, world)];
    await greet(world, staff, graph.tenant.id);
    const before = await standingOf(databaseUrl, schema);
    load = startLoad({
      rotation: world.rotation,
      teams,
      people: staff,
      tenantId: graph.tenant.id,
      perSecond: PER_SECOND[bench.form],
    });
    const up = await replace(world, load, { from: older, to: newer, old: first, days: MONDAYS.slice(0, 2) });
    const between = await standingOf(databaseUrl, schema);
    const second = [...world.fleet.keys()];
    const back = await replace(world, load, { from: newer, to: older, old: second, days: MONDAYS.slice(2) });
    await load.stop();
    const last = await load.judge();
    await until(async () => isSettled(await standingOf(databaseUrl, schema)), 'all to be settled', 60_000);
    const after = await standingOf(databaseUrl, schema);
    const verified = await runCommandIn(
      newer.checkout,
      { ...environment, DATA_DIR: join(folder, 'audit') },
      'audit',
      'verify',
    );
    for (const problem of last.failed.slice(0, 10)) bench.say(`  ${problem}`);
    const applied = between.migrations.filter((name) => !before.migrations.includes(name));
    const doubled = teams.duplicates().length;
    const bars = {
      'migrations were applied under load': applied.length > 0,
      'no turn failed on the way up': up.failed.length === 0,
      'no turn failed on the way back': back.failed.length + last.failed.length === 0,
      'every instance ended by itself, within 20 s': endedWell(up) && endedWell(back),
      'every message arrived once, none in doubt':
        Object.keys(after.deliveries).join() === 'delivered' && doubled === 0,
      'no job lost': after.jobsFailed === 0 && after.jobsWaiting === 0,
      'every check-in that was asked is answered': (after.checkins.open ?? 0) === 0,
      'the audit verifies': verified.exit === 0,
    };
    const { deliveries, checkins, jobsFailed } = after;
    const figures = {
      from: place.commit,
      applied,
      up: told(up),
      back: told(back),
      deliveries,
      doubled,
      checkins,
      jobsFailed,
    };
    await bench.finish({ seeds: {}, figures, bars });
    return Object.values(bars).every(Boolean);
  } finally {
    await load?.stop();
    for (const instance of world.fleet.keys()) await instance.kill();
    await teams.close();
    await graph.close();
  }
}

async function begin(version: Version, world: World): Promise<ServiceProcess> {
  const dataDir = join(world.folder, newId('i'));
  await mkdir(dataDir);
  const instance = await startProcess({ ...world.environment, DATA_DIR: dataDir }, version.checkout);
  world.fleet.set(instance, dataDir);
  world.rotation.add(instance.port);
  return instance;
}

async function greet({ rotation, teams }: World, staff: readonly string[], tenantId: string): Promise<void> {
  for (const personId of staff) {
    const { status } = await rotation.next().install({ personId, tenantId, botId: BOT_ID });
    if (status !== 200) throw new Error(`an installation was answered with ${status}`);
  }
  await teams.waitForArrivals(staff.length, 30_000);
}

function isSettled({ deliveries, jobsWaiting }: Standing): boolean {
  const waiting = ['due', 'claimed', 'sending'].reduce((sum, state) => sum + (deliveries[state] ?? 0), 0);
  return waiting === 0 && jobsWaiting === 0;
}

function endedWell({ exits, endedMs }: Leg): boolean {
  return exits.every((exit) => exit === 0) && endedMs < MAY_TAKE;
}

function told({ failed, exits, ...rest }: Leg): object {
  return { ...rest, failed: failed.length, exits: exits.join() };
}

/** Lets an instance run what is due on a Monday, over its own socket, and says how many messages were written. */
async function tick(
  world: World,
  { checkout }: Version,
  instance: ServiceProcess,
  day: string,
): Promise<number> {
  const environment = { ...world.environment, DATA_DIR: must(world.fleet.get(instance), 'its data folder') };
  const argv = ['tick', '--at', `${day}T08:01:00Z`, '--no-send', '--json'];
  const { exit, out, err } = await runCommandIn(checkout, environment, ...argv);
  if (exit !== 0) throw new Error(`the run of ${day} ended with ${exit}: ${out}${err}`);
  const { runs } = JSON.parse(out) as { runs: { deliveries?: number }[] };
  return runs.reduce((sum, { deliveries = 0 }) => sum + deliveries, 0);
}

type Replacing = {
  readonly from: Version;
  readonly to: Version;
  readonly old: readonly ServiceProcess[];
  /** A Monday for each instance that is replaced. */
  readonly days: readonly string[];
};

/**
 * One instance after the other: a fresh one is started beside it and takes turns; the old one makes a run, leaves the rotation, and is
 * told to end while the run's messages leave.
 */
async function replace(world: World, load: Load, plan: Replacing): Promise<Leg> {
  const { bench, rotation, fleet } = world;
  const way = `${plan.from.name} → ${plan.to.name}`;
  const exits: (number | null)[] = [];
  let longest = 0;
  for (const [index, instance] of plan.old.entries()) {
    await begin(plan.to, world);
    const messages = await tick(world, plan.from, instance, must(plan.days[index], 'a Monday'));
    rotation.remove(instance.port);
    const elapsed = stopwatch();
    const { exit, out, err } = await instance.stop();
    const took = Math.round(elapsed());
    longest = Math.max(longest, took);
    fleet.delete(instance);
    exits.push(exit);
    bench.say(
      `${way}: instance ${index + 1} of ${plan.old.length} was told to end with ${messages} messages just written; it ended after ${took} ms with ${exit}`,
    );
    // The clock stands still between the Mondays, so the watch rightly misses what falls due between them.
    const faults = `${out}\n${err}`
      .split('\n')
      .filter((line) => /"level":[56]0/.test(line) && !line.includes('"kind":"missed"'));
    for (const line of faults.slice(0, 5)) bench.say(`  it had said: ${line.slice(0, 300)}`);
  }
  const judged = await load.judge();
  bench.say(
    `${way}: ${judged.messages} messages and ${judged.presses} presses, ${judged.failed.length} failed; a message took ${judged.p50} ms (half of them), ${judged.p99} ms (99 of 100), ${judged.longest} ms at most`,
  );
  for (const problem of judged.failed.slice(0, 10)) bench.say(`  ${problem}`);
  return { ...judged, endedMs: longest, exits };
}
