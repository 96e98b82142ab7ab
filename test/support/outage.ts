/**
 * Two instances of the whole service, as `npm start` runs them, on a database that goes away while they send and while a digest
 * falls due: restarted, cut off, or its disk full. The stand-in connector's record says what reached whom; `/readyz` what the
 * instances knew of it.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { callControl } from '../../src/cli/control.ts';
import { createDelivery, type Delivery } from '../../src/delivery/service.ts';
import { createConnector } from '../../src/delivery/teams.ts';
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import { addDays, sleep, stopwatch, systemClock } from '../../src/kernel/time.ts';
import { type SandboxConnector, startSandboxConnector } from '../../src/sandbox/connector.ts';
import { startSandboxGraph } from '../../src/sandbox/graph.ts';
import { readTenant } from '../../src/sandbox/tenant.ts';
import { readRuns } from '../../src/scheduling/store.ts';
import { inTransaction, openStore, type Store } from '../../src/storage/database.ts';
import { startJobs } from '../../src/storage/jobs.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { contactOf, sampleCard } from './delivery.ts';
import { everybodyLeads } from './everybody.ts';
import { type Judged, judgeRun } from './outage-judge.ts';
import { type ServiceProcess, startProcess } from './process.ts';
import { type SampleTrust, until } from './service.ts';
import { openSmallDisk, type SmallDisk } from './small-disk.ts';
import { type Cut, openWire, type Wire } from './wire.ts';

/** `of`: whose connection is cut. A restart, a crash and a full disk are everybody's. */
export type Outage =
  | { readonly kind: 'restart' | 'crash' | 'full'; readonly seconds: number }
  | { readonly kind: Cut; readonly seconds: number; readonly of: 'both' | 'one' };

export type OutageResult = Judged & {
  readonly outage: string;
  /** Instances that said they were not ready while it lasted. */
  readonly red: number;
  /** Seconds after its end until the next message left, the digest was planned, everything was settled, and all were ready. */
  readonly sending: number;
  readonly planned: number;
  readonly settled: number;
  readonly green: number;
};

export type OutageWorld = {
  /** One Monday: messages are under way, a digest falls due, and the database goes away. At most four a world. */
  meet(outage: Outage, messages: number): Promise<OutageResult>;
  close(): Promise<void>;
};

const SAMPLE = 'samples/tenant.yaml';
/** Ids of those who get a message each Monday; at most so many. */
const CROWD = Array.from(
  { length: 300 },
  (_, index) => `00000000-0000-4000-8000-0000009${String(index).padStart(5, '0')}`,
);
const FIRST_MONDAY = '2026-11-23';
const DISK_MB = 400;
/** So much later everything must be settled and ready, or it is not by itself. Milliseconds. */
const PATIENCE = 240_000;
/** The digest falls due so soon after the clock was moved. Milliseconds. */
const BEFORE_DIGEST = 4_000;

export async function openOutageWorld(): Promise<OutageWorld> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.reverse()) await step();
  };
  try {
    return { ...(await build(closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(closing: (() => Promise<void>)[]): Promise<Pick<OutageWorld, 'meet'>> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-outage-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const disk = await openSmallDisk(DISK_MB);
  closing.push(disk.close);
  const cluster = await openCluster(disk.folder);
  closing.push(cluster.close);
  const { trustFile, leaders } = await everybodyLeads(folder, await readTenant(SAMPLE));
  const tenantFile = join(folder, 'tenant.yaml');
  await writeFile(tenantFile, await withCrowd(trustFile));
  const graph = await startSandboxGraph({ tenantFile, documentsDir: 'samples/documents' });
  closing.push(graph.close);
  const teams = await startSandboxConnector({ latency: 20 });
  closing.push(teams.close);
  const schema = newId('outage');
  const post = await openOutbox(cluster, schema, teams);
  closing.push(post.close);
  for (const personId of leaders) await post.delivery.rememberConversation(contactOf(personId, teams.url));
  const instances: Instance[] = [];
  for (const name of ['a', 'b']) {
    const wire = await openWire(cluster.port);
    closing.push(wire.close);
    const dataDir = join(folder, name);
    const service = await startProcess({
      APP_ENV: 'local',
      PORT: '0',
      DATA_DIR: dataDir,
      TRUST_FILE: trustFile,
      CONTENT_DIR: folder,
      GRAPH_URL: graph.url,
      BOT_SERVICE_HOSTS: teams.url,
      CLOCK_START: `${FIRST_MONDAY}T07:25:00Z`,
      LOG_LEVEL: 'warn',
      DATABASE_URL: wire.through(cluster.url),
      DATABASE_SCHEMA: schema,
    });
    closing.push(service.kill);
    instances.push({ service, wire, dataDir });
  }
  let met = 0;
  return {
    meet: (outage, messages) => {
      const monday = addDays(FIRST_MONDAY, 7 * met);
      met += 1;
      return meet({ disk, cluster, teams, instances, post }, outage, monday, messages);
    },
  };
}

/** The sample's people, and a crowd of colleagues who lead nothing: nobody but staff is written to. */
async function withCrowd(trustFile: string): Promise<string> {
  const { trust } = parse(await readFile(trustFile, 'utf8')) as SampleTrust;
  const tenant = parse(await readFile(SAMPLE, 'utf8')) as {
    people: object[];
    groups: { id: string; members: string[] }[];
  };
  const staff = must(
    tenant.groups.find(({ id }) => id === trust.staff_group),
    'the staff group',
  );
  for (const [index, id] of CROWD.entries()) {
    tenant.people.push({ id, name: `Colleague ${index}`, job: 'Teacher' });
    staff.members.push(id);
  }
  return stringify(tenant);
}

type Instance = { readonly service: ServiceProcess; readonly wire: Wire; readonly dataDir: string };
type Outbox = { readonly delivery: Delivery; readonly store: Store; close(): Promise<void> };
type Parts = {
  readonly disk: SmallDisk;
  readonly cluster: Cluster;
  readonly teams: SandboxConnector;
  readonly instances: readonly Instance[];
  readonly post: Outbox;
};

/** Writes messages and reads what became of them, past the wires; it sends nothing. */
async function openOutbox(cluster: Cluster, schema: string, teams: SandboxConnector): Promise<Outbox> {
  const store = await openStore({ databaseUrl: cluster.url, dataDir: '', schema });
  await migrate(store.db, schema);
  const jobs = await startJobs(store, silentLog);
  const connector = createConnector({ hosts: [teams.url] });
  const delivery = createDelivery({
    db: store.db,
    jobs,
    connector,
    clock: systemClock(),
    log: silentLog,
    mayPost: async () => true,
  });
  return {
    delivery,
    store,
    close: async () => {
      connector.close();
      await jobs.stop();
      await store.close();
    },
  };
}

async function meet(
  { disk, cluster, teams, instances, post }: Parts,
  outage: Outage,
  monday: string,
  messages: number,
): Promise<OutageResult> {
  const run = `outage/${monday}`;
  const digest = `digest/${monday}`;
  const people = CROWD.slice(0, messages);
  for (const personId of people) await post.delivery.rememberConversation(contactOf(personId, teams.url));
  for (const { dataDir } of instances) await moveClock(dataDir, `${monday}T07:44:00`);
  const before = teams.arrivals.length;
  await inTransaction(post.store.db, (trx) =>
    post.delivery.enqueue(
      trx,
      run,
      people.map((personId) => ({
        key: `${run}/${personId}`,
        target: { kind: 'person', personId },
        card: sampleCard(`${run} for ${personId}`),
      })),
      new Date(`${monday}T07:44:00Z`),
    ),
  );
  await teams.waitForArrivals(before + Math.ceil(messages / 6), 60_000);
  const digestAt = new Date(Date.parse(`${monday}T07:45:00Z`) - BEFORE_DIGEST).toISOString();
  for (const { dataDir } of instances) await moveClock(dataDir, digestAt);

  const red = new Set<number>();
  const end = await begin(outage, { disk, cluster, instances });
  for (const lasting = stopwatch(); lasting() < outage.seconds * 1_000; await sleep(500))
    for (const [index, instance] of instances.entries()) if (!(await isReady(instance))) red.add(index);
  await end();

  const elapsed = stopwatch();
  const seconds = () => Math.round(elapsed() / 100) / 10;
  const arrived = teams.arrivals.length;
  const done: Record<'sending' | 'planned' | 'settled' | 'green', number | undefined> = {
    sending: undefined,
    planned: undefined,
    settled: undefined,
    green: undefined,
  };
  await until(
    async () => {
      if (teams.arrivals.length > arrived) done.sending ??= seconds();
      const [planned] = await readRuns(post.store.db, [digest]);
      if (planned?.state === 'done') done.planned ??= seconds();
      const [own, digests] = [await post.delivery.report(run), await post.delivery.report(digest)];
      const settled = done.planned !== undefined && own.pending + digests.pending === 0;
      if (settled) done.settled ??= seconds();
      const ready = await Promise.all(instances.map(isReady));
      if (ready.every(Boolean)) done.green ??= seconds();
      return settled && done.green !== undefined;
    },
    `everything to be settled after ${describe(outage)}`,
    PATIENCE,
  );
  const ended = instances.filter(({ service }) => !service.isAlive());
  if (ended.length > 0)
    throw new Error(`an instance ended in ${describe(outage)}: ${ended[0]?.service.said().slice(-2_000)}`);
  const seen = teams.arrivals.slice(before);
  const judged = [
    judgeRun(await post.delivery.report(run), seen, people),
    judgeRun(await post.delivery.report(digest), seen),
  ];
  const total = (pick: (one: Judged) => number) => judged.reduce((sum, one) => sum + pick(one), 0);
  return {
    outage: describe(outage),
    red: red.size,
    sending: done.sending ?? 0,
    planned: must(done.planned, 'the digest'),
    settled: must(done.settled, 'the end'),
    green: must(done.green, 'ready instances'),
    due: total((one) => one.due),
    delivered: total((one) => one.delivered),
    uncertain: total((one) => one.uncertain),
    lost: total((one) => one.lost),
    doubled: total((one) => one.doubled),
    disagreements: judged.flatMap((one) => one.disagreements),
  };
}

export function describe(outage: Outage): string {
  const whose = 'of' in outage ? ` of ${outage.of}` : '';
  return `${outage.kind}${whose} for ${outage.seconds} s`;
}

/** Begins it; what is returned ends it. */
async function begin(
  outage: Outage,
  { disk, cluster, instances }: Pick<Parts, 'disk' | 'cluster' | 'instances'>,
): Promise<() => Promise<void>> {
  switch (outage.kind) {
    case 'restart':
    case 'crash':
      await cluster.stop(outage.kind === 'crash' ? 'immediate' : 'fast');
      return () => cluster.start();
    case 'full':
      await disk.fill();
      return async () => {
        await disk.free();
        // A server that could not write its log has ended itself; whoever frees the disk starts it.
        await cluster.start();
      };
    default: {
      const wires = instances.slice(0, outage.of === 'one' ? 1 : undefined).map(({ wire }) => wire);
      for (const wire of wires) wire.cut(outage.kind);
      return async () => {
        for (const wire of wires) wire.mend();
      };
    }
  }
}

async function moveClock(dataDir: string, when: string): Promise<void> {
  const said: string[] = [];
  const io = { cwd: dataDir, out: () => undefined, err: (text: string) => void said.push(text) };
  const exit = await callControl(dataDir, ['clock', when], io);
  if (exit !== 0) throw new Error(`the clock was not moved: ${said.join(' ')}`);
}

async function isReady({ service }: Instance): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(5_000);
    return (await fetch(`http://127.0.0.1:${service.port}/readyz`, { signal })).status === 200;
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return false;
    throw error;
  }
}
