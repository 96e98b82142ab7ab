import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
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

  before(() => {
    const parsed = parseTrust(readFileSync('samples/trust.yaml', 'utf8'), 'samples/trust.yaml');
    assert.ok(!Array.isArray(parsed), String(parsed));
    trust = parsed;
  });
  beforeEach(async () => {
    store = await openTestStore();
    post = await openPost(store);
    broken = false;
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
    const watch = createWatch({ ...shared, zone: ZONE, runner, operators: async () => ['owen', 'lucy'] });
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
    await one.tick(at('2026-11-23T08:15'));
    assert.deepEqual(await one.watch.look(at('2026-11-23T08:16')), []);
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
