import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { openPost, type Post, sampleCard } from '../../test/support/delivery.ts';
import { openTestStore, type TestStore } from '../../test/support/store.ts';
import { parseTrust } from '../config/load.ts';
import type { Trust } from '../config/trust.ts';
import { sleep, systemClock } from '../kernel/time.ts';
import { silentLog } from '../telemetry/log.ts';
import { createRunner, type Runner, type ScheduledRule } from './runner.ts';
import type { Slot } from './slots.ts';

describe('the runner', () => {
  let store: TestStore;
  let post: Post;
  let trust: Trust;
  let ran: string[];

  before(() => {
    const parsed = parseTrust(readFileSync('samples/trust.yaml', 'utf8'), 'samples/trust.yaml');
    assert.ok(!Array.isArray(parsed), String(parsed));
    trust = parsed;
  });
  beforeEach(async () => {
    store = await openTestStore();
    post = await openPost(store);
    ran = [];
  });
  afterEach(async () => {
    await post.close();
    await store.drop();
  });

  const draft = (slot: Slot) => ({
    key: `${slot.rule}/${slot.key}/p`,
    target: { kind: 'person' as const, personId: 'p' },
    card: sampleCard(slot.key),
  });
  const daily = (more: Partial<ScheduledRule> = {}): ScheduledRule => ({
    id: 'daily',
    when: 'weekdays 08:00',
    catchUpHours: 6,
    run: async (slot) => {
      ran.push(slot.key);
      return { kind: 'done', drafts: [draft(slot)], note: 'fine' };
    },
    ...more,
  });
  const runner = (...rules: ScheduledRule[]): Runner =>
    createRunner({
      db: store.db,
      clock: systemClock(),
      trust,
      rules,
      outbox: post.delivery,
      log: silentLog,
    });
  const at = (text: string) => new Date(`${text}:00Z`);
  const states = async (one: Runner) => (await one.runs()).map((run) => `${run.key} ${run.state}`);

  it('runs a due slot once, with its deliveries, and not before its time', async () => {
    const one = runner(daily());
    assert.deepEqual(await one.tick(at('2026-11-23T07:59')), []);
    const [run] = await one.tick(at('2026-11-23T08:00'));
    assert.equal(run?.state, 'done');
    assert.equal(run?.deliveries, 1);
    assert.equal(run?.note, 'fine');
    assert.deepEqual(await one.tick(at('2026-11-23T08:00')), []);
    assert.deepEqual(await one.tick(at('2026-11-23T09:00')), []);
    assert.deepEqual(ran, ['2026-11-23']);
    assert.equal((await post.delivery.report('daily/2026-11-23')).due, 1);
  });

  it('asks the store as little for many schedules as for one, when nothing is due', async () => {
    const asked = async (rules: ScheduledRule[]) => {
      let count = 0;
      const db = store.db.withPlugin({
        transformQuery: ({ node }) => {
          count += 1;
          return node;
        },
        transformResult: async ({ result }) => result,
      });
      const one = createRunner({
        db,
        clock: systemClock(),
        trust,
        rules,
        outbox: post.delivery,
        log: silentLog,
      });
      for (const time of ['09:00', '09:01']) {
        count = 0;
        await one.tick(at(`2026-11-23T${time}`));
      }
      return count;
    };
    const few = await asked([daily()]);
    const many = await asked(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => daily({ id })));
    assert(many <= few, `${many} statements for six schedules, ${few} for one`);
  });

  it('begins with today on an empty store, and never sends history', async () => {
    const one = runner(daily());
    await one.tick(at('2026-11-25T10:00'));
    assert.deepEqual(await states(one), ['2026-11-25 done']);
  });

  it('sends late within its hours, else skips and says so; of several only the newest', async () => {
    const one = runner(daily());
    await one.tick(at('2026-11-23T07:00'));
    await one.tick(at('2026-11-26T12:00'));
    assert.deepEqual(await states(one), [
      '2026-11-26 done',
      '2026-11-25 skipped',
      '2026-11-24 skipped',
      '2026-11-23 skipped',
    ]);
    const [, missed] = await one.runs();
    assert.match(missed?.reason ?? '', /missed: Waymark was not running/);
    await one.tick(at('2026-11-27T15:00'));
    assert.match((await states(one))[0] ?? '', /2026-11-27 skipped/);
    const patient = runner(daily({ id: 'patient', catchUpHours: 48 }));
    await patient.tick(at('2026-11-30T07:00'));
    await patient.tick(at('2026-12-02T09:00'));
    const mine = (await patient.runs()).filter((run) => run.rule === 'patient');
    assert.deepEqual(
      mine.map((run) => `${run.key} ${run.state} ${run.reason ?? ''}`),
      [
        '2026-12-02 done ',
        '2026-12-01 skipped passed over: a later one was due as well',
        '2026-11-30 skipped missed: Waymark was not running when it was due',
      ],
    );
  });

  it('keeps what it sends late in the evening until quiet hours end, and lets urgent messages pass', async () => {
    const late = createRunner({
      db: store.db,
      clock: systemClock(),
      trust,
      rules: [
        daily({
          catchUpHours: 20,
          run: async (slot) => ({
            kind: 'done',
            drafts: [draft(slot), { ...draft(slot), key: 'urgent', urgent: true }],
          }),
        }),
      ],
      outbox: post.delivery,
      log: silentLog,
      quiet: { from: '18:00', to: '07:00' },
    });
    await late.tick(at('2026-11-23T07:00'));
    await late.tick(at('2026-11-23T22:00'));
    await post.meet(['p']);
    await post.delivery.drain(at('2026-11-23T22:00'));
    const { delivered, pending } = await post.delivery.report('daily/2026-11-23');
    assert.deepEqual([delivered, pending], [1, 1]);
    const [row] = await store.db
      .selectFrom('deliveries')
      .select(sql<number>`extract(epoch from not_before - clock_timestamp())::float8 / 3600`.as('hours'))
      .where('state', '=', 'due')
      .execute();
    assert.ok(row && row.hours > 8.9 && row.hours <= 9, `${row?.hours} hours`);
  });

  it('runs once when several instances tick together', async () => {
    const runners = Array.from({ length: 4 }, () => runner(daily()));
    await Promise.all(runners.map((one) => one.tick(at('2026-11-23T08:00'))));
    assert.deepEqual(ran, ['2026-11-23']);
    assert.equal((await post.delivery.report()).due, 1);
  });

  it('runs once though the clock steps back', async () => {
    const one = runner(daily());
    for (const time of ['2026-11-24T08:00', '2026-11-23T09:00', '2026-11-24T08:01', '2026-11-23T12:00'])
      await one.tick(at(time));
    assert.deepEqual(ran, ['2026-11-24', '2026-11-23']);
  });

  it('keeps nothing of a run that breaks, tries it again, and lets the others run', async () => {
    let broken = true;
    const fragile = daily({
      id: 'fragile',
      run: async (slot, trx) => {
        await post.delivery.enqueue(trx, 'half', [draft(slot)], at('2026-11-23T08:00'));
        if (broken) throw new Error('Graph is away');
        return { kind: 'done', drafts: [draft(slot)] };
      },
    });
    const one = runner(fragile, daily());
    const results = await one.tick(at('2026-11-23T08:00'));
    assert.deepEqual(results.map((run) => [run.rule, run.state, run.reason ?? '']).sort(), [
      ['daily', 'done', ''],
      ['fragile', 'failed', 'Graph is away'],
    ]);
    assert.equal((await post.delivery.report()).due, 1);
    broken = false;
    // The rest after a fault is by the database's clock: it has not passed.
    assert.deepEqual(await one.tick(at('2026-11-23T08:01')), []);
    await store.db
      .updateTable('slots')
      .set({ not_before: new Date(0) })
      .execute();
    const [again] = await one.tick(at('2026-11-23T08:02'));
    assert.equal(again?.state, 'done');
    assert.equal(again?.attempts, 2);
  });

  it('takes a run up again at once when the store that went away in the middle of it is back', async () => {
    let away = true;
    const one = runner(
      daily({
        prepare: async (slot) => {
          if (away) await sql`alter table slots rename to slots_away`.execute(store.db);
          return async () => ({ kind: 'done', drafts: [draft(slot)] });
        },
      }),
    );
    assert.deepEqual(await one.tick(at('2026-11-24T08:01')), []);
    await sql`alter table slots_away rename to slots`.execute(store.db);
    away = false;
    const [run] = await one.tick(at('2026-11-24T08:02'));
    assert.equal(run?.state, 'done');
    assert.equal((await post.delivery.report('daily/2026-11-24')).due, 1);
  });

  it('says why a run that kept breaking was given up', async () => {
    const one = runner(
      daily({
        run: async () => {
          throw new Error('Graph is away');
        },
      }),
    );
    await one.tick(at('2026-11-23T08:00'));
    const [run] = await one.tick(at('2026-11-23T18:00'));
    assert.equal(run?.state, 'skipped');
    assert.equal(run?.reason, 'missed: Graph is away');
  });

  it('does not come back to a failed run once a later one is done', async () => {
    let broken = true;
    const one = runner(
      daily({
        catchUpHours: 72,
        run: async (slot) => {
          if (broken) throw new Error('Graph is away');
          return { kind: 'done', drafts: [draft(slot)] };
        },
      }),
    );
    await one.tick(at('2026-11-23T08:00'));
    broken = false;
    await one.tick(at('2026-11-24T08:00'));
    // As a process leaves it that ended between taking the later one and giving the earlier one up.
    await store.db
      .updateTable('slots')
      .set({ state: 'failed', not_before: new Date(0) })
      .where('slot_key', '=', '2026-11-23')
      .execute();
    await one.tick(at('2026-11-24T08:01'));
    assert.deepEqual(await states(one), ['2026-11-24 done', '2026-11-23 skipped']);
  });

  it('keeps a skip and its reason, and prepares outside the transaction', async () => {
    const one = runner(
      daily({ id: 'skips', run: async () => ({ kind: 'skipped', reason: 'no school last week' }) }),
      daily({
        id: 'prepares',
        prepare: async (slot) => {
          // The store is free meanwhile: on PGlite a query outside would wait for ever inside a transaction.
          await store.db.selectFrom('audit').selectAll().execute();
          return async () => ({ kind: 'done', drafts: [draft(slot)] });
        },
      }),
    );
    await one.tick(at('2026-11-23T08:00'));
    const runs = await one.runs();
    assert.deepEqual(
      runs.map((run) => [run.rule, run.state, run.reason, run.deliveries]),
      [
        ['prepares', 'done', undefined, 1],
        ['skips', 'skipped', 'no school last week', 0],
      ],
    );
  });

  it('ticks by itself until it is stopped', async () => {
    const clock = { now: () => at('2026-11-23T08:00') };
    const seen = new Promise<void>((resolve) => {
      const one = createRunner({
        db: store.db,
        clock,
        trust,
        outbox: post.delivery,
        log: silentLog,
        rules: [
          daily({
            run: async () => {
              setTimeout(() => void one.stop().then(resolve), 10);
              return { kind: 'done', drafts: [] };
            },
          }),
        ],
      });
      one.start();
    });
    await seen;
    assert.deepEqual(await states(runner(daily())), ['2026-11-23 done']);
  });

  it('refuses to start with a schedule it cannot read', () => {
    assert.throws(() => runner(daily({ when: 'now and then' })), /not a schedule/);
  });

  it('keeps a run whose preparation outlasts its lease, while another instance looks', async () => {
    const now = at('2026-11-23T08:00');
    const rule = daily({
      prepare: async (slot) => {
        ran.push(slot.key);
        await sleep(1_500);
        return async () => ({ kind: 'done', drafts: [draft(slot)] });
      },
    });
    const lines: string[] = [];
    const log = { ...silentLog, warn: (message: string) => lines.push(message) };
    const one = () =>
      createRunner({
        db: store.db,
        clock: systemClock(),
        trust,
        rules: [rule],
        outbox: post.delivery,
        log,
        lease: 600,
      });
    const [first, second] = [one(), one()];
    const working = first.tick(now);
    await sleep(1_100);
    await second.tick(now);
    await working;
    assert.deepEqual(ran, ['2026-11-23']);
    assert.deepEqual(await states(first), ['2026-11-23 done']);
    assert.deepEqual(lines, []);
  });

  it('says so when a run is lost while it is prepared', async () => {
    const lines: string[] = [];
    const rule = daily({
      prepare: async (slot) => {
        await sql`update slots set lease_holder = 'another'`.execute(store.db);
        return async () => ({ kind: 'done', drafts: [draft(slot)] });
      },
    });
    const log = { ...silentLog, warn: (message: string) => lines.push(message) };
    await createRunner({
      db: store.db,
      clock: systemClock(),
      trust,
      rules: [rule],
      outbox: post.delivery,
      log,
    }).tick(at('2026-11-23T08:00'));
    assert.deepEqual(lines, ['a run was lost to another instance while it was prepared']);
  });
});
