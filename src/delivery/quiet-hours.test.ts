import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { openPost, type Post, sampleCard, UNCAPPED } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { movableClock } from '../kernel/time.ts';
import { type QuietHours, quietAt } from '../scheduling/quiet.ts';
import { inTransaction } from '../storage/database.ts';
import { byReason } from './report.ts';

describe('messages whose sending is held up into quiet hours', () => {
  const store = useStore();
  const HOUR = 3_600_000;
  const present = new Date();
  /** Quiet hours begin an hour from now, on the hour and minute, and last one. */
  const inHours = (hours: number) => new Date(present.getTime() + hours * HOUR);
  const clockTime = (instant: Date) => instant.toISOString().slice(11, 16);
  const later: QuietHours = { from: clockTime(inHours(1)), to: clockTime(inHours(2)) };
  const already: QuietHours = { from: clockTime(inHours(-1)), to: clockTime(inHours(2)) };
  let post: Post;
  let run = '';
  let runs = 0;
  let clock = movableClock(present);
  let asked = 0;

  async function open(hours: QuietHours): Promise<void> {
    runs += 1;
    run = `quiet_${runs}`;
    clock = movableClock(present);
    asked = 0;
    post = await openPost(store(), {
      limits: UNCAPPED,
      connector: { loopback: true },
      parts: {
        opening: { mayReach: async () => true },
        quiet: () => {
          asked += 1;
          return quietAt(hours, clock.now(), 'UTC');
        },
      },
    });
  }
  afterEach(() => post.close());

  const person = (name: string) => `${name}-${run}`;
  const put = (people: readonly string[], more: { urgent?: boolean; expiresAt?: Date; wait?: number } = {}) =>
    inTransaction(store().db, (trx) =>
      post.delivery.enqueue(
        trx,
        run,
        people.map((personId) => ({
          key: `${run}/${personId}`,
          target: { kind: 'person', personId },
          card: sampleCard(`For ${personId}`),
          ...more,
        })),
        present,
      ),
    );
  const drain = () => post.delivery.drain(clock.now(), 0);
  /** As when the time that the ledger waits for has come, by its own clock. */
  const pass = () =>
    sql`update deliveries set not_before = clock_timestamp() where run_id = ${run} and state = 'due'`.execute(
      store().db,
    );
  const waits = async () => {
    const { rows } = await sql<{ minutes: number }>`
      select extract(epoch from not_before - clock_timestamp())::float8 / 60 as minutes from deliveries
      where run_id = ${run} and state = 'due'`.execute(store().db);
    return rows.map(({ minutes }) => minutes);
  };

  it('waits with the reason until the hours end, is counted as pending, and arrives once', async () => {
    await open(later);
    const people = Array.from({ length: 40 }, (_, index) => person(`p${index}`));
    await post.meet(people);
    await put(people);
    clock.moveTo(inHours(1.5));
    await drain();
    assert.equal(post.sandbox.arrivals.length, 0);
    const report = await post.delivery.report(run);
    assert.deepEqual([report.due, report.pending], [40, 40]);
    const [why, ...others] = byReason(report);
    assert.deepEqual(
      [why?.state, why?.items.length, why?.reason, others],
      ['due', 40, `waits until ${later.to}: these are quiet hours`, []],
    );
    for (const minutes of await waits()) assert.ok(minutes > 28 && minutes <= 31, `${minutes} minutes`);
    assert.ok(asked <= 4, `judged ${asked} times for forty people: once a wave`);
    clock.moveTo(inHours(2.1));
    await pass();
    await drain();
    assert.equal((await post.delivery.report(run)).delivered, 40);
    assert.equal(post.sandbox.arrivals.length, 40);
    assert.deepEqual(post.sandbox.duplicates(), []);
  });

  it('holds nothing that somebody waits for, and opens no chat for what it holds', async () => {
    await open(later);
    const [known, stranger] = [person('known'), person('stranger')];
    await post.meet([known]);
    post.sandbox.setInstalled(stranger, true);
    await put([known], { urgent: true });
    await put([stranger]);
    clock.moveTo(inHours(1.5));
    await drain();
    assert.deepEqual(
      post.sandbox.requests.map(({ conversationId }) => conversationId),
      [`a:chat-${known}`],
    );
    clock.moveTo(inHours(2.1));
    await pass();
    await post.delivery.drain(clock.now());
    assert.equal((await post.delivery.report(run)).delivered, 2);
  });

  it('sends what was put into quiet hours, and what was meant for the end of them not in the next ones', async () => {
    await open(already);
    await post.meet([person('now'), person('then')]);
    await put([person('now')]);
    await put([person('then')], { wait: 2.1 * HOUR });
    await drain();
    assert.equal((await post.delivery.report(run)).delivered, 1);
    // Nobody sent it when it was meant to leave: a day later it is quiet again.
    clock.moveTo(inHours(24));
    await pass();
    await drain();
    assert.equal((await post.delivery.report(run)).pending, 1);
    clock.moveTo(inHours(26.1));
    await pass();
    await drain();
    assert.equal((await post.delivery.report(run)).delivered, 2);
  });

  it('lets a message expire that is of no use when they end, and says so', async () => {
    await open(later);
    await post.meet([person('p')]);
    await put([person('p')], { expiresAt: inHours(1.8) });
    clock.moveTo(inHours(1.5));
    await drain();
    assert.equal((await post.delivery.report(run)).pending, 1);
    clock.moveTo(inHours(2.1));
    await pass();
    await post.close();
    // The next sender looks at once.
    const next = await openPost(store(), { limits: UNCAPPED });
    await next.delivery.drain(clock.now(), 0);
    const report = await next.delivery.report(run);
    await next.close();
    assert.deepEqual([report.expired, report.due], [1, 1]);
    assert.equal(report.items[0]?.reason, 'not sent in time');
  });

  it('is withdrawn while it waits like any other', async () => {
    await open(later);
    await post.meet([person('p')]);
    await put([person('p')]);
    clock.moveTo(inHours(1.5));
    await drain();
    await inTransaction(store().db, (trx) => post.delivery.cancel(trx, { runId: run }, 'withdrawn'));
    clock.moveTo(inHours(2.1));
    await drain();
    const report = await post.delivery.report(run);
    assert.deepEqual([report.cancelled, report.pending, post.sandbox.arrivals.length], [1, 0, 0]);
  });
});
