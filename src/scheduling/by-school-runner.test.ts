import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { openPost, type Post, sampleCard } from '../../test/support/delivery.ts';
import { openTestStore, type TestStore } from '../../test/support/store.ts';
import { parseTrust } from '../config/load.ts';
import type { Trust } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import { must } from '../kernel/guards.ts';
import { systemClock } from '../kernel/time.ts';
import { silentLog } from '../telemetry/log.ts';
import { isDayOf } from './by-school.ts';
import { createRunner, type Runner, type ScheduledRule } from './runner.ts';

describe('a rule by schools, run', () => {
  const at = (text: string) => new Date(`${text}:00Z`);
  let store: TestStore;
  let post: Post;
  let trust: Trust;

  before(() => {
    const parsed = parseTrust(readFileSync('samples/trust.yaml', 'utf8'), 'samples/trust.yaml');
    assert.ok(!Array.isArray(parsed), String(parsed));
    const [calendar, school] = [
      must(parsed.calendars.default, 'a calendar'),
      must(parsed.schools[0], 'a school'),
    ];
    const half = (to: string, from: string) => ({
      ...calendar,
      terms: [
        { term: 1, from: '2026-09-02', to },
        { term: 2, from, to: '2026-12-18' },
      ],
    });
    trust = {
      ...parsed,
      calendars: { early: half('2026-10-16', '2026-10-26'), late: half('2026-10-23', '2026-11-02') },
      schools: (['early', 'late'] as const).map((name) => ({
        ...school,
        urn: name,
        calendar: name,
        inset: [],
        closures: [],
      })),
    };
  });
  beforeEach(async () => {
    store = await openTestStore();
    post = await openPost(store);
    await post.meet(['early', 'late', 'trust']);
  });
  afterEach(async () => {
    await post.close();
    await store.drop();
  });

  /** A message to each school, and one to the trust's own people, each named by its day. */
  function runner(when: string, more: Partial<ScheduledRule> = { bySchool: true }): Runner {
    const rule: ScheduledRule = {
      id: 'greeting',
      when,
      catchUpHours: 24 * 13,
      prepare: async (slot, _now, dayOf) => {
        const to = ['early', 'late', undefined].filter((urn) => isDayOf(dayOf, urn));
        const drafts = to.map(
          (urn = 'trust'): Draft => ({
            key: `${slot.key}/${urn}`,
            target: { kind: 'person', personId: urn },
            card: sampleCard(urn),
          }),
        );
        return async () => ({ kind: 'done', drafts });
      },
      ...more,
    };
    return createRunner({
      db: store.db,
      clock: systemClock(),
      trust,
      rules: [rule],
      outbox: post.delivery,
      log: silentLog,
    });
  }
  const planned = async () => {
    const rows = await store.db.selectFrom('deliveries').select('key').orderBy('key').execute();
    return rows.map(({ key }) => key);
  };
  const EDGE = 'first school day after half-term 08:00';

  it('reaches each school on its own day, and the trust once', async () => {
    const { tick } = runner(EDGE);
    await tick(at('2026-10-19T07:00'));
    for (const day of ['10-19', '10-26', '10-27', '11-02', '11-03']) {
      await tick(at(`2026-${day}T07:59`));
      await tick(at(`2026-${day}T08:00`));
      await tick(at(`2026-${day}T08:01`));
    }
    assert.deepEqual(await planned(), ['2026-10-26/early', '2026-10-26/trust', '2026-11-02/late']);
  });

  it('reaches each of them once when both days were missed', async () => {
    const { tick, runs } = runner(EDGE);
    await tick(at('2026-10-19T07:00'));
    for (let minute = 10; minute < 14; minute += 1) await tick(at(`2026-11-02T09:${minute}`));
    assert.deepEqual(await planned(), ['2026-10-26/early', '2026-10-26/trust', '2026-11-02/late']);
    assert.deepEqual(
      (await runs()).map(({ key, state }) => `${key} ${state}`),
      ['2026-11-02 done', '2026-10-26 done'],
    );
  });

  it('reaches all of them by one look, as a command that runs what is due and ends must', async () => {
    await runner(EDGE).tick(at('2026-10-19T07:00'));
    const looked = await runner(EDGE).tick(at('2026-11-02T09:10'));
    assert.deepEqual(await planned(), ['2026-10-26/early', '2026-10-26/trust', '2026-11-02/late']);
    assert.deepEqual(
      looked.map(({ key, state }) => `${key} ${state}`),
      ['2026-11-02 done', '2026-10-26 done'],
    );
  });

  it('sends of several missed days the newest to each, and passes over what a later one serves', async () => {
    const { tick, runs } = runner('school days 08:00');
    // One school's last days before its half-term, and the other's, a week later.
    await tick(at('2026-10-15T09:00'));
    for (let minute = 10; minute < 16; minute += 1) await tick(at(`2026-10-20T09:${minute}`));
    assert.deepEqual(await planned(), [
      '2026-10-15/early',
      '2026-10-15/late',
      '2026-10-15/trust',
      '2026-10-16/early',
      '2026-10-20/late',
      '2026-10-20/trust',
    ]);
    assert.deepEqual(
      (await runs()).map(({ key, state, reason = '' }) => `${key} ${state} ${reason}`.trim()),
      [
        '2026-10-20 done',
        '2026-10-19 skipped passed over: a later one was due as well',
        '2026-10-16 done',
        '2026-10-15 done',
      ],
    );
  });

  it('is given up for a school alone when its day lies too far back', async () => {
    const { tick, runs } = runner(EDGE, { bySchool: true, catchUpHours: 48 });
    await tick(at('2026-10-19T07:00'));
    for (let minute = 10; minute < 13; minute += 1) await tick(at(`2026-11-02T09:${minute}`));
    assert.deepEqual(await planned(), ['2026-11-02/late']);
    const [, missed] = await runs();
    assert.match(missed?.reason ?? '', /^missed: Waymark was not running/);
  });

  it('says once of a school that its day passed without it, where its calendar was changed after that day', async () => {
    await runner(EDGE).tick(at('2026-10-19T07:00'));
    const before = runner(EDGE);
    for (const minute of ['07:59', '08:00']) await before.tick(at(`2026-10-26T${minute}`));
    const { early, late } = trust.calendars;
    trust = { ...trust, calendars: { early: must(early, 'a'), late: must(early, 'a') } };
    try {
      for (const day of ['10-28', '10-29', '11-02', '11-03'])
        await runner(EDGE).tick(at(`2026-${day}T09:00`));
    } finally {
      trust = { ...trust, calendars: { early: must(early, 'a'), late: must(late, 'a') } };
    }
    assert.deepEqual(await planned(), ['2026-10-26/early', '2026-10-26/trust']);
    assert.deepEqual(
      (await before.runs())
        .map(({ runId, state, reason = '' }) => `${runId} ${state} ${reason}`.trim())
        .sort(),
      [
        'greeting/2026-10-26 done',
        'greeting/2026-10-26/late skipped not sent to Harbour Primary: this became their day after it had passed',
      ],
    );
  });

  it('says nothing of a school that had it already on a day that is its own no more, or has it still to come', async () => {
    const own = trust;
    const moved = (days: readonly string[]) => ({
      ...own,
      schools: own.schools.map((school) =>
        school.urn === 'early' ? { ...school, inset: [...days] } : school,
      ),
    });
    const when = 'first school day after half-term 08:00';
    try {
      await runner(when).tick(at('2026-10-19T07:00'));
      await runner(when).tick(at('2026-10-26T08:00'));
      trust = moved(['2026-10-26']);
      await runner(when).tick(at('2026-10-26T12:00'));
      await runner(when).tick(at('2026-10-27T09:00'));
      trust = own;
      const last = runner(when);
      for (const day of ['10-28', '11-02']) await last.tick(at(`2026-${day}T09:00`));
      assert.deepEqual(
        (await last.runs()).filter(({ key }) => key.includes('/')),
        [],
      );
    } finally {
      trust = own;
    }
  });

  it('that is not by schools runs on the days of all of them together', async () => {
    const { tick } = runner(EDGE, {});
    await tick(at('2026-10-19T07:00'));
    for (const day of ['10-26', '11-02']) await tick(at(`2026-${day}T08:00`));
    assert.deepEqual(await planned(), ['2026-10-26/early', '2026-10-26/late', '2026-10-26/trust']);
  });
});
