import { strict as assert } from 'node:assert';
import { operator, permitted } from '../../test/support/access.ts';
import { openPost, type Post, sampleCard } from '../../test/support/delivery.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { openTestStore, type TestStore } from '../../test/support/store.ts';
import { cardProblems } from '../cards/size.ts';
import { isRefusal } from '../kernel/errors.ts';
import { systemClock } from '../kernel/time.ts';
import { choiceOf, keyOf, pauseCard } from '../scheduling/pause-card.ts';
import { createRunner, type Runner, type ScheduledRule } from '../scheduling/runner.ts';
import { inTransaction } from '../storage/database.ts';
import { silentLog } from '../telemetry/log.ts';
import { createPausing, type Pausing } from './pausing.ts';

const at = (text: string) => new Date(`${text}:00Z`);

describe('a pause', () => {
  const trust = sampleTrust();
  const [harbour, lantern] = trust.schools;
  let store: TestStore;
  let post: Post;

  beforeEach(async () => {
    store = await openTestStore();
    post = await openPost(store);
    await post.meet(['hal', 'lou']);
  });
  afterEach(async () => {
    await post.close();
    await store.drop();
  });

  const rule = (id: string, more: Partial<ScheduledRule> = {}): ScheduledRule => ({
    id,
    when: 'weekdays 08:00',
    catchUpHours: 48,
    run: async (slot) => ({
      kind: 'done',
      drafts: ['hal', 'lou'].map((personId) => ({
        key: `${id}/${slot.key}/${personId}`,
        target: { kind: 'person', personId },
        card: sampleCard(slot.key),
      })),
    }),
    ...more,
  });
  /** A process of its own: nothing but the store tells it of a pause. */
  const start = (...rules: ScheduledRule[]): { runner: Runner; pausing: Pausing } => {
    const directory = {
      staff: async () =>
        [
          { id: 'hal', schoolUrn: harbour?.urn },
          { id: 'lou', schoolUrn: lantern?.urn },
        ].map((person) => ({
          ...person,
          name: '',
          givenName: '',
          mail: '',
          jobTitle: '',
          staff: true,
        })) as never,
    };
    const shared = { db: store.db, trust, rules };
    const pausing = createPausing({ ...shared, delivery: post.delivery, directory });
    const runner = createRunner({
      ...shared,
      clock: systemClock(),
      outbox: post.delivery,
      log: silentLog,
      schoolsOf: pausing.schoolsOf,
    });
    return { runner, pausing };
  };
  const hand = (now: string) => ({ permit: permitted('operations.pause', operator('owen')), now: at(now) });
  const ending = (now: string) => ({
    permit: permitted('operations.resume', operator('owen')),
    now: at(now),
  });
  const told = (result: unknown) => {
    assert.ok(!isRefusal(result), isRefusal(result) ? result.message : '');
    return String(result);
  };
  const states = async (runner: Runner) =>
    (await runner.runs()).map(({ runId, state, reason }) => `${runId} ${state}${reason ? ` ${reason}` : ''}`);

  it('of everything skips what falls due, lasts over a restart, and floods nobody when it ends', async () => {
    const rules = [rule('digest'), rule('housekeeping', { silent: true })];
    const first = start(...rules);
    await first.runner.tick(at('2026-11-23T07:00'));
    told(await first.pausing.pause({ kind: 'everything' }, 'a burst pipe', hand('2026-11-23T07:10')));
    const second = start(...rules);
    for (const time of ['2026-11-23T08:00', '2026-11-24T08:00', '2026-11-24T20:00'])
      await second.runner.tick(at(time));
    told(await second.pausing.resume({ kind: 'everything' }, ending('2026-11-25T09:00')));
    // Wednesday's run fell due in the pause, and is found only after it.
    const third = start(...rules);
    await third.runner.tick(at('2026-11-25T09:01'));
    const paused = 'paused: everything scheduled (a burst pipe)';
    assert.deepEqual(
      (await states(third.runner)).filter((line) => line.startsWith('digest')),
      ['25', '24', '23'].map((day) => `digest/2026-11-${day} skipped ${paused}`),
    );
    assert.ok((await states(third.runner)).includes('housekeeping/2026-11-24 done'), 'deletion goes on');
    await third.runner.tick(at('2026-11-26T08:00'));
    await post.delivery.drain(at('2026-11-26T08:00'));
    assert.equal((await post.delivery.report('digest/2026-11-26')).delivered, 2);
    assert.equal((await post.delivery.report('digest/2026-11-25')).due, 0);
  });

  it('of one rule lets the others go, and withdraws what already waits', async () => {
    const { runner, pausing } = start(rule('digest'), rule('radar'));
    await runner.tick(at('2026-11-23T08:00'));
    const said = told(await pausing.pause({ kind: 'rule', rule: 'digest' }, '', hand('2026-11-23T08:01')));
    assert.match(said, /2 messages that waited will not be sent/);
    await post.delivery.drain(at('2026-11-23T08:02'));
    const { cancelled, delivered, items } = await post.delivery.report();
    assert.deepEqual([cancelled, delivered], [2, 2]);
    assert.ok(items.every(({ state, reason }) => state === 'delivered' || reason === 'paused: digests'));
    assert.equal(post.sandbox.arrivals.length, 2);
    assert.ok(isRefusal(await pausing.pause({ kind: 'rule', rule: 'digest' }, '', hand('2026-11-23T08:03'))));
    assert.ok(
      isRefusal(await pausing.pause({ kind: 'rule', rule: 'nothing' }, '', hand('2026-11-23T08:03'))),
    );
  });

  it('of attendance cards holds the later looks, which send what the first one held', async () => {
    const { runner, pausing } = start(
      rule('attendance.week'),
      rule('attendance.noon', { when: 'weekdays 12:00' }),
    );
    await runner.tick(at('2026-11-23T08:00'));
    assert.deepEqual(pausing.rules, ['attendance.week']);
    const scope = { kind: 'rule', rule: 'attendance.week' } as const;
    told(await pausing.pause(scope, '', hand('2026-11-23T09:00')));
    await runner.tick(at('2026-11-23T12:00'));
    assert.equal((await states(runner))[0], 'attendance.noon/2026-11-23 skipped paused: attendance cards');
  });

  it('of a school names whoever did not get a card, and leaves the other schools theirs', async () => {
    const { runner, pausing } = start(rule('digest'));
    await runner.tick(at('2026-11-23T07:00'));
    told(await pausing.pause({ kind: 'school', urn: harbour?.urn ?? '' }, 'flood', hand('2026-11-23T07:01')));
    await runner.tick(at('2026-11-23T08:00'));
    await post.delivery.drain(at('2026-11-23T08:01'));
    const { items } = await post.delivery.report('digest/2026-11-23');
    assert.deepEqual(
      items.map(({ recipient, state, reason }) => [recipient, state, reason]),
      [
        ['hal', 'cancelled', `paused: ${harbour?.name} (flood)`],
        ['lou', 'delivered', undefined],
      ],
    );
    told(await pausing.resume({ kind: 'school', urn: harbour?.urn ?? '' }, ending('2026-11-23T09:00')));
    await runner.tick(at('2026-11-24T08:00'));
    await post.delivery.drain(at('2026-11-24T08:00'));
    assert.equal((await post.delivery.report('digest/2026-11-24')).delivered, 2);
  });

  it('does not hold what somebody waits for', async () => {
    const { pausing } = start(rule('digest'));
    await inTransaction(store.db, async (trx) => {
      const draft = { target: { kind: 'person', personId: 'hal' } as const, card: sampleCard('x') };
      await post.delivery.enqueue(trx, 'digest/x', [{ ...draft, key: 'review', urgent: true }], new Date());
      await post.delivery.enqueue(trx, 'asks', [{ ...draft, key: 'answer' }], new Date());
    });
    told(await pausing.pause({ kind: 'everything' }, '', hand('2026-11-23T08:01')));
    await post.delivery.drain(new Date());
    assert.equal((await post.delivery.report()).delivered, 2);
  });

  it('is shown with who began it and why, in one card that keeps the limits', () => {
    const choices = [['rule:attendance.week', 'attendance cards'] as const];
    const shown = pauseCard({
      pauses: Array.from({ length: 9 }, () => ({
        id: 'a',
        scope: { kind: 'everything' as const },
        reason: '',
        by: 'owen',
        since: at('2026-11-23T08:01'),
      })),
      zone: 'Europe/London',
      words: () => 'everything scheduled',
      nameOf: () => 'Owen Pryce',
      choices,
    });
    assert.deepEqual(cardProblems(shown), []);
    assert.match(
      shown.text,
      /everything scheduled.* is paused since Monday 23 November, 08:01, by Owen Pryce/,
    );
    for (const [key] of choices) assert.equal(keyOf(choiceOf(key)), key);
  });
});
