/**
 * An instance's runner and sender in a process of their own, for the kill campaign. It takes its orders as JSON lines and ends
 * itself with SIGKILL at the point that it was told. Its clock is the campaign's: run number i falls due in minute i.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import type { Trust } from '../../src/config/trust.ts';
import type { DeliveryReport } from '../../src/delivery/report.ts';
import { createDelivery } from '../../src/delivery/service.ts';
import { type Connector, createConnector } from '../../src/delivery/teams.ts';
import { must } from '../../src/kernel/guards.ts';
import { movableClock, sleep } from '../../src/kernel/time.ts';
import { createRunner, type ScheduledRule } from '../../src/scheduling/runner.ts';
import { inTransaction, openStore } from '../../src/storage/database.ts';
import { startJobs } from '../../src/storage/jobs.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { contactOf, sampleCard } from './delivery.ts';
import { cardWords } from './kill-judge.ts';
import { createNamer, type Kill, type Post } from './kill-points.ts';
import { type Phase, tapEmbedded, tapServer } from './taps.ts';

/** What the campaign's processes share. */
export type KillPlace = {
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly schema: string;
  readonly serviceUrl: string;
  readonly runs: number;
  readonly people: readonly string[];
  readonly perSecond: number;
  /** Read once for all: it would be a quarter of a start. */
  readonly trust: Trust;
};

/** A new face for all messages of a run; with `withdrawn`, what has not left stays unsent. */
export type Face = { readonly run: number; readonly words: string; readonly withdrawn: boolean };

export type KillOrder =
  /** `first`: makes the store, and meets everybody. */
  | { readonly do: 'open'; readonly place: KillPlace; readonly first: boolean }
  /** Carries out what is due in that minute, sends, then puts up new faces. */
  | {
      readonly do: 'work';
      readonly minute: number;
      readonly kill?: Kill;
      readonly faces: readonly Face[];
      /** Puts them up only when everything has arrived, so that each is an edit. */
      readonly calm: boolean;
    }
  /** Sends until nothing is left, and tells what became of everything. */
  | { readonly do: 'finish' };

export type KillWord =
  | { readonly said: 'open' }
  | { readonly said: 'face'; readonly run: number; readonly words: string }
  | { readonly said: 'killed'; readonly at: Kill }
  /** All that it was told is done, and it lives. */
  | { readonly said: 'idle' }
  | { readonly said: 'finished'; readonly end: KillEnd };

export type KillEnd = {
  /** What became of each run's messages, by its number. */
  readonly reports: readonly DeliveryReport[];
  /** Uncertain messages by the sender that held them. */
  readonly uncertainOf: readonly number[];
};

/** Leases as short as a test can bear: a wave's send slots and a slow answer must fit in. */
const LEASE = 2_000;
const TUNING = { wave: 16, lanes: 2, claimLease: LEASE, sendLease: LEASE, poll: 250 };
const CONNECTOR_TIMEOUT = 1_500;
/** While a request is under way: the stand-in has read it and has not answered yet. */
const UNDER_WAY = 2;

function runIdOf(run: number): string {
  return `r${run}/2026-11-23`;
}

export const PLAIN = 'plain';

/** Monday 07:00 in the sample trust's zone, and minutes after it. */
function minuteOf(minute: number): Date {
  return new Date(Date.parse('2026-11-23T07:00:30Z') + minute * 60_000);
}

function timeOf(minute: number): string {
  return `${String(7 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

function say(word: KillWord): void {
  // At once and whole: the next instant may be the last.
  writeSync(1, `${JSON.stringify(word)}\n`);
}

let due: Kill | undefined;
const passed = new Map<string, number>();

function pass(point: string | undefined, phase: Phase): void {
  if (!point || due?.point !== point || due.phase !== phase) return;
  const times = (passed.get(point) ?? 0) + 1;
  passed.set(point, times);
  if (times < due.nth) return;
  if (phase === 'asked' && isPost(point)) setTimeout(() => end(must(due, 'the kill')), UNDER_WAY);
  else end(due);
}

function isPost(point: string): point is Post {
  return point === 'post' || point === 'put';
}

function end(at: Kill): void {
  say({ said: 'killed', at });
  process.kill(process.pid, 'SIGKILL');
}

function tapped(connector: Connector): Connector {
  const through = async <T>(point: Post, call: () => Promise<T>) => {
    pass(point, 'before');
    const answer = call();
    pass(point, 'asked');
    return answer.finally(() => pass(point, 'answered'));
  };
  return {
    ...connector,
    post: (...words) => through('post', () => connector.post(...words)),
    update: (...words) => through('put', () => connector.update(...words)),
  };
}

async function open(place: KillPlace, first: boolean) {
  const name = createNamer();
  const hear = (statement: string, phase: Phase, connection: object) =>
    pass(name(statement, phase, connection), phase);
  if (place.databaseUrl) tapServer(hear);
  const store = await openStore(place);
  if (store.engine.kind === 'embedded') tapEmbedded(store.engine.pglite, hear);
  await migrate(store.db, store.schema);
  const jobs = await startJobs(store, silentLog);
  const clock = movableClock(minuteOf(0));
  const soleInstance = store.engine.kind === 'embedded';
  const delivery = createDelivery({
    db: store.db,
    jobs,
    connector: tapped(createConnector({ hosts: [place.serviceUrl], timeout: CONNECTOR_TIMEOUT })),
    clock,
    log: silentLog,
    limits: { tenantPerSecond: place.perSecond, conversation: { burst: 1_000, perSecond: 1_000 } },
    mayPost: async () => true,
    tuning: TUNING,
    soleInstance,
  });
  for (const personId of first ? place.people : [])
    await delivery.rememberConversation(contactOf(personId, place.serviceUrl));
  const rules = Array.from({ length: place.runs }, (_, run): ScheduledRule => {
    const drafts = place.people.map((personId) => ({
      key: keyOf(run, personId),
      target: { kind: 'person' as const, personId },
      card: sampleCard(cardWords(run, personId, PLAIN)),
    }));
    return {
      id: `r${run}`,
      when: `Mondays ${timeOf(run)}`,
      catchUpHours: 24,
      run: async () => ({ kind: 'done', drafts }),
    };
  });
  const runner = createRunner({
    db: store.db,
    clock,
    trust: place.trust,
    rules,
    outbox: delivery,
    log: silentLog,
    soleInstance,
    lease: LEASE,
  });

  async function work({ minute, faces, calm }: Extract<KillOrder, { do: 'work' }>): Promise<void> {
    clock.moveTo(minuteOf(minute));
    await delivery.start();
    await runner.tick(clock.now());
    // What a dead forerunner had claimed is planned once its lease has lapsed: before that there is nothing to put a face on.
    while ((await slotsLeft()) > 0) await tickSoon();
    if (calm) await settled();
    for (const { run, words, withdrawn } of faces) {
      await inTransaction(store.db, async (trx) => {
        if (withdrawn) await delivery.cancel(trx, { runId: runIdOf(run) }, 'taken back');
        const revisions = place.people.map((personId) => ({
          key: keyOf(run, personId),
          card: sampleCard(cardWords(run, personId, words)),
        }));
        await delivery.reviseAll(trx, revisions, clock.now());
      });
      say({ said: 'face', run, words });
    }
    await settled();
  }

  async function finish(): Promise<KillEnd> {
    clock.moveTo(minuteOf(place.runs - 1));
    await delivery.start();
    await settled();
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from deliveries where state = 'uncertain' group by lease_holder`.execute(
      store.db,
    );
    const reports: DeliveryReport[] = [];
    for (let run = 0; run < place.runs; run += 1) reports.push(await delivery.report(runIdOf(run)));
    await delivery.stop();
    await jobs.stop();
    await store.close();
    return { reports, uncertainOf: rows.map(({ count }) => count) };
  }

  async function tickSoon(): Promise<void> {
    await sleep(25);
    await runner.tick(clock.now());
  }

  async function slotsLeft(): Promise<number> {
    const { rows } = await sql<{ left: number }>`
      select count(*)::int as left from slots where state in ('due', 'claimed', 'failed')`.execute(store.db);
    return rows[0]?.left ?? 0;
  }

  async function messagesLeft(): Promise<number> {
    const { rows } = await sql<{ left: number }>`
      select count(*)::int as left from deliveries where state in ('due', 'claimed', 'sending')
        or state = 'delivered' and shown_version < card_version and edit_problem is null`.execute(store.db);
    return rows[0]?.left ?? 0;
  }

  /** Until every slot is settled, nothing is due, claimed or being sent, and every face is up. */
  async function settled(): Promise<void> {
    await runner.tick(clock.now());
    while ((await slotsLeft()) + (await messagesLeft()) > 0) await tickSoon();
  }

  return { work, finish };
}

function keyOf(run: number, personId: string): string {
  return `r${run}/${personId}`;
}

async function obey(): Promise<void> {
  let opened: Awaited<ReturnType<typeof open>> | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line) as KillOrder;
    if (order.do === 'open') {
      opened = await open(order.place, order.first);
      say({ said: 'open' });
    } else if (order.do === 'work') {
      due = order.kill;
      // Not waited for: the next minute may come while this one is still being sent.
      void must(opened, 'an open store')
        .work(order)
        .then(() => say({ said: 'idle' }));
    } else {
      const finished: KillWord = { said: 'finished', end: await must(opened, 'an open store').finish() };
      process.stdout.write(`${JSON.stringify(finished)}\n`, () => process.exit(0));
    }
  }
}

if (process.argv[2] === 'obey') await obey();
