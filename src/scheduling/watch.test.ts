import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { openPost, type Post } from '../../test/support/delivery.ts';
import { openTestStore, type TestStore } from '../../test/support/store.ts';
import { cardProblems } from '../cards/size.ts';
import { parseTrust } from '../config/load.ts';
import type { Trust } from '../config/trust.ts';
import { systemClock } from '../kernel/time.ts';
import { silentLog } from '../telemetry/log.ts';
import { alarmCard } from './alarm-card.ts';
import { createRunner, type ScheduledRule } from './runner.ts';
import { createWatch, type Watch } from './watch-service.ts';

const ZONE = 'Europe/London';
const at = (text: string) => new Date(`${text}:00Z`);

describe("the dead-man's switch", () => {
  let store: TestStore;
  let post: Post;
  let trust: Trust;
  let broken: boolean;
  let watched: number[];
  let alarmed: string[];

  before(() => {
    const parsed = parseTrust(readFileSync('samples/trust.yaml', 'utf8'), 'samples/trust.yaml');
    assert.ok(!Array.isArray(parsed), String(parsed));
    trust = parsed;
  });
  beforeEach(async () => {
    store = await openTestStore();
    post = await openPost(store);
    broken = false;
    watched = [];
    alarmed = [];
  });
  afterEach(async () => {
    await post.close();
    await store.drop();
  });

  const digest: ScheduledRule = {
    id: 'digest',
    when: 'weekdays 08:00',
    catchUpHours: 6,
    run: async () => {
      if (broken) throw new Error('it breaks');
      return { kind: 'done', drafts: [] };
    },
  };
  const instance = (): { tick: (now: Date) => Promise<unknown>; watch: Watch } => {
    const shared = { db: store.db, clock: systemClock(), outbox: post.delivery, log: silentLog };
    const runner = createRunner({ ...shared, trust, rules: [digest] });
    const watch = createWatch({
      ...shared,
      zone: ZONE,
      runner,
      operators: async () => ['owen', 'lucy'],
      meters: {
        watched: (late) => void watched.push(late),
        alarmed: (outcome) => void alarmed.push(outcome),
      },
    });
    return { tick: (now) => runner.tick(now), watch };
  };
  const told = async () =>
    (await post.delivery.report('alarms')).items.map(({ recipient }) => recipient).sort();
  const runs = (alarms: readonly { readonly runId: string }[]) => alarms.map(({ runId }) => runId);

  it('says nothing when runs happen, nor of what was due before the store knew the rule', async () => {
    const { tick, watch } = instance();
    assert.deepEqual(await watch.look(at('2026-11-23T09:00')), []);
    await tick(at('2026-11-23T07:00'));
    await tick(at('2026-11-23T08:00'));
    for (const minute of ['08:11', '08:12'])
      assert.deepEqual(await watch.look(at(`2026-11-23T${minute}`)), []);
    assert.deepEqual(await told(), []);
  });

  it('tells operators within fifteen minutes when nothing runs what is due, once for all instances', async () => {
    const [one, other] = [instance(), instance()];
    await one.tick(at('2026-11-23T07:00'));
    assert.deepEqual(await one.watch.look(at('2026-11-23T08:09')), []);
    for (const minute of ['08:11', '08:12', '08:13', '08:14'])
      for (const { watch } of [one, other])
        assert.deepEqual(runs(await watch.look(at(`2026-11-23T${minute}`))), ['digest/2026-11-23']);
    assert.deepEqual(await told(), ['lucy', 'owen']);
    assert.deepEqual(watched, [0, 1, 1, 1, 1, 1, 1, 1, 1]);
    assert.deepEqual(alarmed, ['late'], 'measured once for all instances');
    await one.tick(at('2026-11-23T08:15'));
    assert.deepEqual(await one.watch.look(at('2026-11-23T08:16')), []);
    assert.equal(watched.at(-1), 0);
  });

  it('goes on saying that runs are late for as long as nobody settles them, written down or not', async () => {
    const { tick, watch } = instance();
    await tick(at('2026-11-23T07:00'));
    broken = true;
    await tick(at('2026-11-23T08:00'));
    // From then on nothing ticks: Monday's run is written down, and those of the days after are not.
    const days = ['23', '24', '25', '26', '27'].map((day) => `digest/2026-11-${day}`);
    for (const minute of ['08:11', '08:12'])
      assert.deepEqual(runs(await watch.look(at(`2026-11-27T${minute}`))), days);
    assert.deepEqual(await told(), ['lucy', 'owen'], 'of all of them in one card each');
    // The weekend brings no new one and forgets none.
    assert.deepEqual(runs(await watch.look(at('2026-11-29T12:00'))), days);
    assert.deepEqual(runs(watch.late()), days);
    assert.equal((await told()).length, 2);
    broken = false;
    await tick(at('2026-11-30T08:00'));
    assert.deepEqual(await watch.look(at('2026-11-30T08:11')), []);
    assert.equal(alarmed.filter((kind) => kind === 'late').length, days.length);
  });

  it('does not cry at its very first start over what was due on that day before', async () => {
    const { tick, watch } = instance();
    for (const minute of ['15:00', '15:01', '15:02']) {
      await tick(at(`2026-11-23T${minute}`));
      assert.deepEqual(await watch.look(at(`2026-11-23T${minute}`)), []);
    }
    assert.deepEqual(await told(), []);
    assert.deepEqual(alarmed, []);
    const skipped = await store.db.selectFrom('slots').select(['state', 'reason']).execute();
    assert.deepEqual(skipped, [
      { state: 'skipped', reason: 'not sent: it was not in the schedule yet when it was due' },
    ]);
  });

  it('tells of what no runner has ever looked at, where a web instance alone has lived since its start', async () => {
    const { watch } = instance();
    for (const minute of ['07:00', '08:09']) await watch.look(at(`2026-11-23T${minute}`));
    assert.deepEqual(await told(), []);
    for (const minute of ['08:11', '08:12'])
      assert.deepEqual(runs(await watch.look(at(`2026-11-23T${minute}`))), ['digest/2026-11-23']);
    assert.deepEqual(await told(), ['lucy', 'owen']);
  });

  it('says nothing of a run whose rule is no more', async () => {
    const { tick, watch } = instance();
    await tick(at('2026-11-23T07:00'));
    broken = true;
    await tick(at('2026-11-23T08:00'));
    await sql`update slots set rule = 'former', run_id = 'former/2026-11-23'`.execute(store.db);
    await sql`update rules set rule = 'former'`.execute(store.db);
    assert.deepEqual(await watch.look(at('2026-11-24T09:00')), []);
  });

  it('tells them of a run that always breaks', async () => {
    const { tick, watch } = instance();
    await tick(at('2026-11-23T07:00'));
    broken = true;
    for (const minute of ['08:00', '08:05']) await tick(at(`2026-11-23T${minute}`));
    for (const minute of ['08:11', '08:12']) await watch.look(at(`2026-11-23T${minute}`));
    assert.deepEqual(await told(), ['lucy', 'owen']);
  });

  it('does not cry at a start that is only about to catch up, but tells what was missed meanwhile', async () => {
    const { tick, watch } = instance();
    await tick(at('2026-11-23T07:00'));
    assert.equal((await watch.look(at('2026-11-26T09:00'))).length > 0, true);
    await tick(at('2026-11-26T09:00'));
    assert.deepEqual(await watch.look(at('2026-11-26T09:01')), []);
    assert.deepEqual(await told(), ['lucy', 'owen'], 'of Monday to Wednesday, in one card each');
    await watch.look(at('2026-11-26T09:02'));
    assert.equal((await told()).length, 2);
  });

  it('writes a card that an IT lead can act on', () => {
    const alarms = ['23', '24', '25', '26', '27', '28'].map((day) => ({
      runId: `digest/2026-11-${day}`,
      rule: 'digest',
      dueAt: at(`2026-11-${day}T08:00`),
      kind: 'missed' as const,
    }));
    const late = {
      runId: 'x',
      rule: 'attendance.week',
      dueAt: at('2026-11-30T07:30'),
      kind: 'late' as const,
    };
    const shown = alarmCard([late, ...alarms], ZONE);
    assert.deepEqual(cardProblems(shown), []);
    const words = JSON.stringify(shown);
    assert.match(words, /attendance cards, due Monday 30 November at 07:30/);
    assert.match(words, /and 4 more/);
  });
});
