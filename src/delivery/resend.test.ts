import { strict as assert } from 'node:assert';
import { openPost, type Post, sampleCard } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { cardProblems } from '../cards/size.ts';
import { inTransaction } from '../storage/database.ts';
import { byReason, type DeliveryReport, isResendable, uncertainPercent } from './report.ts';
import { reportCard, runChoice, runOfChoice } from './report-card.ts';
import { listItems } from './report-store.ts';

const NOW = new Date('2026-11-23T07:30:00Z');
const RUN = 'digest/2026-11-23';

describe('a run that did not reach everybody', () => {
  const store = useStore();
  let post: Post;
  let report: DeliveryReport;

  beforeEach(async () => {
    await store().db.deleteFrom('deliveries').execute();
    await store().db.deleteFrom('conversations').execute();
    post = await openPost(store());
    await post.meet(['ann', 'bob', 'cy']);
    post.sandbox.fault('a:chat-bob', { kind: 'status', status: 403, code: 'MessageWritesBlocked' });
    post.sandbox.fault('a:chat-cy', { kind: 'status', status: 500, taken: true });
    await inTransaction(store().db, async (trx) => {
      const draft = (personId: string, more = {}) => ({
        key: `${RUN}/${personId}`,
        target: { kind: 'person' as const, personId },
        card: sampleCard('Your week'),
        ...more,
      });
      const drafts = [
        ...['ann', 'bob', 'cy', 'dee'].map((personId) => draft(personId)),
        draft('eve', { withheld: 'paused: digests' }),
        draft('fay', { expiresAt: new Date(0) }),
        draft('gus'),
      ];
      await post.delivery.enqueue(trx, RUN, drafts, NOW);
      await post.delivery.cancel(trx, { key: `${RUN}/gus` }, 'withdrawn');
    });
    await post.delivery.drain(NOW);
    report = await post.delivery.report(RUN);
  });
  afterEach(() => post.close());

  it('says what became of each, and the counts add up', () => {
    const { due, delivered, blocked, gone, refused, unreachable, cancelled, uncertain, expired, pending } =
      report;
    assert.equal(
      due,
      delivered + blocked + gone + refused + unreachable + cancelled + uncertain + expired + pending,
    );
    assert.deepEqual(
      [delivered, blocked, unreachable, cancelled, uncertain, expired, pending],
      [1, 1, 1, 2, 1, 1, 0],
    );
    assert.equal(uncertainPercent(report), 50);
    assert.equal(
      byReason(report).reduce((sum, { items }) => sum + items.length, 0),
      due - delivered,
    );
    assert.deepEqual(
      report.items.filter(isResendable).map(({ recipient }) => recipient),
      ['bob', 'dee', 'eve'],
    );
  });

  it('is told of without reading its cards: those of a year would fill the memory', async () => {
    const { items, run, ...counts } = report;
    const read = new Set<string>();
    const watched = store().db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        for (const row of result.rows) for (const column of Object.keys(row)) read.add(column);
        return result;
      },
    });
    assert.equal((await listItems(watched)).length, items.length);
    assert.deepEqual([read.has('reason'), read.has('card')], [true, false]);
    for (const which of [RUN, undefined]) assert.deepEqual(await post.delivery.totals(which), counts);
  });

  it('is sent again to those who did not get it, once, and never to whom it is uncertain', async () => {
    await post.meet(['dee', 'eve']);
    const presses = await Promise.all([1, 2, 3].map(() => post.delivery.resend(RUN, undefined, NOW)));
    assert.deepEqual(presses.sort(), [0, 0, 3]);
    await post.delivery.drain(NOW);
    const again = await post.delivery.report(`${RUN}/again`);
    assert.deepEqual(again.items.map(({ recipient, state }) => [recipient, state]).sort(), [
      ['bob', 'delivered'],
      ['dee', 'delivered'],
      ['eve', 'delivered'],
    ]);
    const heard = post.sandbox.arrivals.map(({ conversationId }) => conversationId).sort();
    assert.deepEqual(
      heard,
      ['ann', 'bob', 'cy', 'dee', 'eve'].map((person) => `a:chat-${person}`),
    );
    assert.equal(await post.delivery.resend(RUN, undefined, NOW), 0);
    assert.equal((await post.delivery.report(RUN)).due, 7, 'what became of the first ones is still told');
  });

  it('is sent again to one whom it is uncertain of when an operator taps that one, once', async () => {
    const [cy] = report.items.filter(({ state }) => state === 'uncertain');
    assert.equal(await post.delivery.resend(RUN, cy?.id, NOW), 1);
    assert.equal(await post.delivery.resend(RUN, cy?.id, NOW), 0);
    const [ann] = report.items.filter(({ state }) => state === 'delivered');
    assert.equal(await post.delivery.resend(RUN, ann?.id, NOW), 0);
    await post.delivery.drain(NOW);
    assert.equal(
      post.sandbox.arrivals.filter(({ conversationId }) => conversationId === 'a:chat-cy').length,
      2,
    );
  });

  it('is sent again once more when the new attempt is in doubt as well, each attempt once', async () => {
    const again = `${RUN}/again`;
    const inDoubt = async (run: string) =>
      (await post.delivery.report(run)).items
        .filter(({ state }) => state === 'uncertain')
        .map(({ id }) => id);
    const [first = ''] = await inDoubt(RUN);
    post.sandbox.fault('a:chat-cy', { kind: 'status', status: 500, taken: true });
    assert.equal(await post.delivery.resend(RUN, first, NOW), 1);
    await post.delivery.drain(NOW);
    const [second = ''] = await inDoubt(again);
    assert.equal(await post.delivery.resend(again, second, NOW), 1);
    assert.equal(await post.delivery.resend(again, second, NOW), 0);
    assert.equal((await post.delivery.standing(again, second)).again, 1);
    await post.delivery.drain(NOW);
    const states = (await post.delivery.report(again)).items.map(({ state }) => state);
    assert.deepEqual(states, ['uncertain', 'delivered']);
    await inTransaction(store().db, (trx) => post.delivery.forget(trx, [`${RUN}/cy`]));
    assert.deepEqual((await post.delivery.report(again)).items, []);
  });

  it('puts a new face on the message that was sent again, and forgets both', async () => {
    const key = `${RUN}/bob`;
    await post.delivery.resend(RUN, undefined, NOW);
    await post.delivery.drain(NOW);
    await inTransaction(store().db, (trx) => post.delivery.revise(trx, key, sampleCard('Taken back'), NOW));
    await post.delivery.drain(NOW);
    const [shown] = post.sandbox.arrivals.filter(({ conversationId }) => conversationId === 'a:chat-bob');
    assert.match(JSON.stringify(shown?.activity), /Taken back/);
    await inTransaction(store().db, (trx) => post.delivery.forget(trx, [key]));
    const left = await store()
      .db.selectFrom('deliveries')
      .select('key')
      .where('key', 'like', `${key}%`)
      .execute();
    assert.deepEqual(left, []);
  });

  it('has a tap for each message in doubt, however many there are, and none for what was sent again', async () => {
    const people = ['p1', 'p2', 'p3', 'p4'];
    await post.meet(people);
    for (const id of people) post.sandbox.fault(`a:chat-${id}`, { kind: 'status', status: 500, taken: true });
    const run = 'radar/2026-11-23';
    const drafts = people.map((personId) => ({
      key: `${run}/${personId}`,
      target: { kind: 'person' as const, personId },
      card: sampleCard('In doubt'),
    }));
    await inTransaction(store().db, (trx) => post.delivery.enqueue(trx, run, drafts, NOW));
    await post.delivery.drain(NOW);
    const taps = async () => {
      const found = await post.delivery.report(run);
      const view = { report: found, name: 'the radar', nameOf: (id: string) => id, others: [], skipped: [] };
      return [...new Set(JSON.stringify(reportCard(view).content).match(/Resend to p\d/g))];
    };
    const tapped = await taps();
    assert.equal(tapped.length, 3);
    for (const { id } of (await post.delivery.report(run)).items.slice(0, 3))
      assert.equal(await post.delivery.resend(run, id, NOW), 1);
    const [last, ...more] = await taps();
    assert.deepEqual([tapped.includes(last ?? ''), more], [false, []]);
  });

  it('stands on one card that keeps the limits, however many people it names', () => {
    const many = Array.from({ length: 1_500 }, (_, index) => ({
      id: `dlv_${index}`,
      run: 'digest/2026-11-23',
      recipient: `p${index}`,
      state: (['delivered', 'blocked', 'uncertain', 'due'] as const)[index % 4] ?? 'due',
      reason: 'a reason',
    }));
    const shown = reportCard({
      skipped: [{ name: 'digests of Monday 16 November', more: 3, reason: 'paused: digests' }],
      report: { ...report, due: 1_500, pending: 375, items: many },
      name: 'digests of Monday 23 November',
      nameOf: (recipient) => `Somebody with a rather long name ${recipient}`,
      others: [[runChoice('attendance.week/2026-11-23'), 'attendance cards of Monday 23 November']],
    });
    assert.deepEqual(cardProblems(shown), []);
    assert.match(shown.text, /1,125 of 1,500 are settled; 375 are still to be sent/);
    for (const run of ['attendance.week/2026-11-23', 'check-ins/2026-11-23', 'digest/2026-11-23/again'])
      assert.equal(runOfChoice(runChoice(run)), run);
  });
});
