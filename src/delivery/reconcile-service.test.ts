import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { openPost, type Post, sampleCard } from '../../test/support/delivery.ts';
import { useGraph } from '../../test/support/graph.ts';
import { useStore } from '../../test/support/store.ts';
import { readAppPosts } from '../directory/posts-graph.ts';
import { AppError } from '../kernel/errors.ts';
import { must } from '../kernel/guards.ts';
import { systemClock } from '../kernel/time.ts';
import type { Fault } from '../sandbox/connector.ts';
import { inTransaction } from '../storage/database.ts';
import { silentLog } from '../telemetry/log.ts';
import { createReconciler, type Reconciler } from './reconcile-service.ts';

describe('looking for an uncertain message in its channel', () => {
  const store = useStore();
  const graph = useGraph();
  const now = new Date('2026-11-23T07:30:00Z');
  let post: Post;
  let reconciler: Reconciler;
  let maySend = true;
  let run = '';
  let runs = 0;

  const place = () => {
    const team = must(graph().sandbox.tenant.teams[0], 'a team');
    return { teamId: team.id, channelId: must(team.channels[0], 'a channel').id };
  };

  beforeEach(async () => {
    runs += 1;
    run = `attendance.week/2026-11-${10 + runs}`;
    maySend = true;
    post = await openPost(store());
    await post.delivery.rememberConversation({
      target: { kind: 'channel', ...place() },
      conversationId: place().channelId,
      serviceUrl: post.sandbox.url,
      botId: '28:bot',
      tenantId: 'tenant',
    });
    reconciler = createReconciler({
      db: store().db,
      log: silentLog,
      read: async (where, since) => {
        try {
          return { kind: 'read', posts: await readAppPosts(graph().graph, where, since) };
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'graph-denied') throw error;
          return { kind: 'denied', why: 'it may not be read' };
        }
      },
      maySend: async () => maySend,
      wake: post.delivery.wake,
    });
  });
  afterEach(async () => {
    await post.close();
    await sql`delete from deliveries`.execute(store().db);
    // One channel gets more than a conversation should in so short a time.
    await sql`update conversations set paced_until = now()`.execute(store().db);
  });

  /** One card to the channel, whose posting meets the fault. */
  async function send(fault: Fault): Promise<string> {
    post.sandbox.fault(place().channelId, fault);
    const draft = {
      key: `${run}/card`,
      target: { kind: 'channel', ...place() } as const,
      card: sampleCard('Last week'),
    };
    await inTransaction(store().db, (trx) => post.delivery.enqueue(trx, run, [draft], now));
    await post.delivery.drain(now);
    const [item] = (await post.delivery.report(run)).items;
    assert.equal(item?.state, 'uncertain');
    return must(item, 'a message').id;
  }
  /** As much time goes by as minutes are given. */
  const age = (minutes: number) =>
    sql`update deliveries set sent_at = sent_at - ${minutes}::int * interval '1 minute'`
      .execute(store().db)
      .then(() =>
        sql`update looks set next_at = next_at - ${minutes}::int * interval '1 minute'`.execute(store().db),
      );
  /** Graph shows what has arrived so far. */
  const show = (more: { readonly deleted?: boolean } = {}) => {
    for (const { activityId, activity } of post.sandbox.arrivals) {
      const [card] = activity.attachments as { content: unknown }[];
      const at = systemClock().now().toISOString();
      graph().sandbox.teams.post(place(), { id: activityId, words: '', cards: [card?.content], at });
      if (more.deleted) graph().sandbox.teams.remove(activityId, at);
    }
  };
  const state = async () => {
    const [item] = (await post.delivery.report(run)).items;
    return must(item, 'a message');
  };
  const TAKEN: Fault = { kind: 'status', status: 502, taken: true };
  const LOST: Fault = { kind: 'reset', when: 'after' };

  it('finds one that arrived, and takes it as delivered where it stands', async () => {
    await send(TAKEN);
    show();
    assert.equal(await reconciler.look(), 0, 'it is not looked for in the first minute');
    await age(2);
    assert.equal(await reconciler.look(), 1);
    const [arrival] = post.sandbox.arrivals;
    assert.deepEqual((await state()).activityId, arrival?.activityId);
    await age(30);
    assert.equal(await reconciler.look(), 0);
    await post.delivery.drain(now);
    assert.deepEqual([post.sandbox.arrivals.length, arrival?.edits], [1, 0]);
  });

  it('puts the newest face on one that a dead process left, since nobody knows with which it went', async () => {
    await send(TAKEN);
    await sql`update deliveries set shown_version = null`.execute(store().db);
    show();
    await age(2);
    assert.equal(await reconciler.look(), 1);
    await post.delivery.drain(now);
    assert.equal(post.sandbox.arrivals[0]?.edits, 1);
  });

  it('sends one again that is provably absent, once the time for it has gone by, through the ledger', async () => {
    const id = await send(LOST);
    await age(2);
    assert.equal(await reconciler.look(), 0);
    assert.match((await state()).reason ?? '', /looked for: not there yet/);
    await age(15);
    assert.equal(await reconciler.look(), 1);
    await post.delivery.drain(now);
    const found = await state();
    assert.deepEqual([found.id, found.state], [id, 'delivered']);
    assert.equal(post.sandbox.arrivals.length, 1);
    assert.deepEqual(post.sandbox.duplicates(), []);
  });

  it('never sends one again where it may not read, or where something there cannot be seen', async () => {
    await send(TAKEN);
    graph().sandbox.teams.deny(place().teamId);
    await age(20);
    assert.equal(await reconciler.look(), 0);
    assert.match((await state()).reason ?? '', /^502 Fault; looked for: it may not be read$/);
    graph().sandbox.teams.allow(place().teamId);
    show({ deleted: true });
    await age(60);
    assert.equal(await reconciler.look(), 0);
    assert.match((await state()).reason ?? '', /deleted or cannot be seen/);
    await post.delivery.drain(now);
    assert.equal(post.sandbox.arrivals.length, 1);
    assert.equal((await state()).state, 'uncertain');
  });

  for (const how of ['withdrawn', 'paused', 'taken back'] as const)
    it(`does not send one again that was ${how} after it had left and is provably absent, and says why`, async () => {
      await send(LOST);
      await inTransaction(store().db, async (trx) => {
        if (how === 'taken back') await post.delivery.recallRun(trx, run, sampleCard('Taken back'), how);
        else {
          const which = how === 'paused' ? { rules: ['attendance.week'] } : { key: `${run}/card` };
          assert.equal(await post.delivery.cancel(trx, which, how), 0, 'it may have arrived');
        }
      });
      assert.equal((await state()).state, 'uncertain');
      await age(20);
      assert.equal(await reconciler.look(), 1);
      await post.delivery.drain(now);
      const { state: became, reason } = await state();
      assert.deepEqual([became, reason, post.sandbox.arrivals.length], ['cancelled', how, 0]);
    });

  for (const [fault, arrived, became] of [
    [LOST, 1, 'cancelled'],
    [TAKEN, 2, 'delivered'],
  ] as const)
    it(`sends none again that an operator has sent again, and says what became of it: ${became}`, async () => {
      const id = await send(fault);
      assert.equal(await post.delivery.resend(run, id, now), 1);
      await post.delivery.drain(now);
      assert.equal(post.sandbox.arrivals.length, arrived);
      show();
      await age(20);
      assert.equal(await reconciler.look(), 1);
      await post.delivery.drain(now);
      assert.equal(post.sandbox.arrivals.length, arrived);
      assert.equal((await state()).state, became);
      assert.deepEqual(
        (await post.delivery.report(`${run}/again`)).items.map(({ state: again }) => again),
        ['delivered'],
      );
    });

  it('takes one that was withdrawn as delivered where it stands', async () => {
    await send(TAKEN);
    await inTransaction(store().db, (trx) => post.delivery.cancel(trx, { runId: run }, 'withdrawn'));
    show();
    await age(2);
    assert.equal(await reconciler.look(), 1);
    assert.equal((await state()).state, 'delivered');
  });

  it('leaves each message of a recalled run in a stated state, and the report adds up', async () => {
    const people = ['arrived', 'blocked', 'in doubt', 'gone', 'resting'].map((name) => `${name} ${run}`);
    await post.meet(people);
    const chats = people.map((name) => `a:chat-${name}`);
    const faults: (Fault | undefined)[] = [
      undefined,
      { kind: 'status', status: 403, code: 'MessageWritesBlocked' },
      { kind: 'status', status: 500, taken: true },
      { kind: 'status', status: 404 },
      { kind: 'status', status: 429, retryAfter: 60 },
    ];
    faults.forEach((fault, index) => {
      if (fault) post.sandbox.fault(must(chats[index], 'a chat'), fault);
    });
    post.sandbox.fault(place().channelId, TAKEN);
    post.sandbox.fault(place().channelId, LOST);
    const toChannel = { kind: 'channel', ...place() } as const;
    await inTransaction(store().db, (trx) =>
      post.delivery.enqueue(
        trx,
        run,
        [
          ...people.map((personId) => ({ target: { kind: 'person', personId } as const })),
          { target: toChannel },
          { target: toChannel },
        ].map(({ target }, index) => ({ key: `${run}/${index}`, target, card: sampleCard('Last week') })),
        now,
      ),
    );
    await post.delivery.drain(now, 0);
    const sums = async () => {
      const { due, items, run: _, ...counts } = await post.delivery.report(run);
      assert.equal(
        due,
        Object.values(counts).reduce((sum, count) => sum + count, 0),
      );
      assert.equal(items.length, due);
      return counts;
    };
    const before = await sums();
    assert.deepEqual([before.uncertain, before.pending], [3, 1]);
    const face = sampleCard('Taken back');
    await inTransaction(store().db, (trx) => post.delivery.recallRun(trx, run, face, 'taken back: wrong'));
    await sums();
    show();
    await age(20);
    assert.equal(await reconciler.look(), 2);
    await post.delivery.drain(now);
    const after = await sums();
    assert.deepEqual(after, {
      delivered: 2,
      blocked: 1,
      gone: 1,
      refused: 0,
      unreachable: 0,
      cancelled: 2,
      uncertain: 1,
      expired: 0,
      pending: 0,
    });
    for (const { state: became, reason } of (await post.delivery.report(run)).items)
      if (became !== 'delivered') assert.ok(reason, became);
    // Whoever has it sees that it was taken back, the one who was in doubt by the answer included.
    const shown = post.sandbox.arrivals.map(({ conversationId, activity }) => [
      conversationId,
      JSON.stringify(activity).includes('Taken back'),
    ]);
    assert.deepEqual(
      shown.sort(),
      [
        [place().channelId, true],
        [chats[0], true],
        [chats[2], false],
      ].sort(),
    );
  });

  it('waits while Graph fails, and for a pause to end', async () => {
    await send(LOST);
    graph().sandbox.fail(500);
    await age(20);
    assert.equal(await reconciler.look(), 0);
    graph().sandbox.recover();
    maySend = false;
    await age(60);
    assert.equal(await reconciler.look(), 0);
    maySend = true;
    await age(360);
    assert.equal(await reconciler.look(), 1);
    await post.delivery.drain(now);
    assert.equal((await state()).state, 'delivered');
  });

  it('gives way to the sender’s own answer that came meanwhile, and two instances look once', async () => {
    const id = await send(LOST);
    await age(20);
    // Taken for looking by one; the other finds nothing to take.
    const both = await Promise.all([reconciler.look(), reconciler.look()]);
    assert.equal(both[0] + both[1], 1);
    await post.delivery.drain(now);
    assert.equal(post.sandbox.arrivals.length, 1);
    assert.deepEqual(
      await sql`select delivery_id from looks where delivery_id = ${id}`
        .execute(store().db)
        .then(async () => {
          await reconciler.look();
          return (await sql`select 1 from looks where delivery_id = ${id}`.execute(store().db)).rows;
        }),
      [],
    );
  });

  it('reads nothing of what people wrote', async () => {
    graph().sandbox.teams.post(place(), {
      id: '1',
      from: must(graph().sandbox.tenant.people[0], 'somebody').id,
      words: 'A worry about somebody',
      cards: [{ body: [{ id: 'waymark-dlv_0a' }] }],
      at: '2026-11-23T09:00:00Z',
    });
    assert.deepEqual(await readAppPosts(graph().graph, place(), new Date('2026-11-23T08:00:00Z')), []);
  });
});
