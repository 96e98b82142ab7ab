import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { openPost, type Post, sampleCard, UNCAPPED } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { sleep, stopwatch } from '../kernel/time.ts';
import { inTransaction } from '../storage/database.ts';
import type { Draft } from './message.ts';
import { DEFAULT_LIMITS } from './pacing.ts';
import { currentShare } from './slots-store.ts';

describe('the sender, when Teams asks it to wait', () => {
  const store = useStore();
  const now = new Date('2026-11-23T07:30:00Z');
  let post: Post;
  let run = '';
  let runs = 0;

  beforeEach(async () => {
    runs += 1;
    run = `throttled_${runs}`;
    post = await openPost(store(), { limits: UNCAPPED });
  });
  afterEach(() => post.close());

  const toPerson = (person: string, more: Partial<Draft> = {}): Draft => ({
    key: `${run}/${person}`,
    target: { kind: 'person', personId: person },
    card: sampleCard(`For ${person}`),
    ...more,
  });
  const person = (name: string) => `${name}-${run}`;
  const put = (drafts: readonly Draft[]) =>
    inTransaction(store().db, (trx) => post.delivery.enqueue(trx, run, drafts, now));
  const stateOf = async (recipient: string) =>
    (await post.delivery.report(run)).items.find((item) => item.recipient === recipient);

  it('rests only the conversation that was throttled, for the time asked', async () => {
    const [slow, quick] = [person('slow'), person('quick')];
    await post.meet([slow, quick]);
    post.sandbox.fault(`a:chat-${slow}`, { kind: 'status', status: 429, retryAfter: 1 });
    await put([toPerson(slow)]);
    await post.delivery.start();
    await waitUntil(() => post.sandbox.requests.length === 1);
    const first = post.sandbox.requests[0]?.at ?? 0;
    // What is posted while the answer is on its way cannot know it.
    while (!(await stateOf(slow))?.reason) await sleep(10);
    await put([toPerson(quick), toPerson(slow, { key: `${run}/slow-2` })]);
    await post.sandbox.waitForArrivals(3);
    await post.delivery.stop();
    const [undisturbed, ...rested] = post.sandbox.arrivals;
    assert.equal(undisturbed?.conversationId, `a:chat-${quick}`);
    for (const { at } of rested) {
      assert.ok(at - first >= 1_000, `${at - first} ms is too soon`);
      assert.ok(at - first < 1_250, `${at - first} ms is too late`);
    }
  });

  for (const [retryAfter, name] of [
    [30 * 86_400, 'thirty days'],
    [1e17, 'longer than the store can count'],
  ] as const)
    it(`rests a conversation an hour at most when ${name} are asked for, and sends to others meanwhile`, async () => {
      const [slow, quick] = [person('slow'), person('quick')];
      await post.meet([slow, quick]);
      post.sandbox.fault(`a:chat-${slow}`, { kind: 'status', status: 429, retryAfter });
      await put([toPerson(slow)]);
      await post.delivery.drain(now, 0);
      await put([toPerson(quick)]);
      await post.delivery.drain(now, 0);
      assert.equal((await stateOf(quick))?.state, 'delivered');
      assert.equal((await stateOf(slow))?.state, 'due');
      const { rows } = await sql<{ rest: number }>`
        select (extract(epoch from throttled_until - clock_timestamp()))::float8 as rest from conversations
        where owner = ${`person:${slow}`}`.execute(store().db);
      const rest = rows[0]?.rest ?? 0;
      assert.ok(rest > 3_500 && rest <= 3_601, `${rest} s`);
    });

  it('slows down when Teams asks all of the tenant for less, and still delivers each once', async () => {
    const strict = await openPost(store(), { limits: DEFAULT_LIMITS, sandbox: { perSecond: 20 } });
    try {
      const people = Array.from({ length: 60 }, (_, index) => person(`p${index}`));
      await strict.meet(people);
      await inTransaction(store().db, (trx) =>
        strict.delivery.enqueue(
          trx,
          run,
          people.map((id) => toPerson(id)),
          now,
        ),
      );
      assert.equal(await currentShare(store().db), 1);
      await strict.delivery.drain(now);
      const { delivered, due } = await strict.delivery.report(run);
      assert.deepEqual({ delivered, due }, { delivered: 60, due: 60 });
      assert.deepEqual(strict.sandbox.duplicates(), []);
      assert.ok((await currentShare(store().db)) < 1, 'all instances send more slowly');
      // At the full pace each second of it would bring thirty.
      const refused = strict.sandbox.requests.filter(({ status }) => status === 429).length;
      assert.ok(refused >= 3 && refused < 30, `${refused} times told to wait`);
    } finally {
      await strict.close();
    }
  });
});

async function waitUntil(holds: () => boolean): Promise<void> {
  const elapsed = stopwatch();
  while (!holds()) {
    assert.ok(elapsed() < 5_000, 'waited five seconds in vain');
    await sleep(5);
  }
}
