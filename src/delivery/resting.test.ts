import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { openPost, type Post, sampleCard, UNCAPPED } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { sleep, stopwatch } from '../kernel/time.ts';
import type { SandboxOptions } from '../sandbox/connector.ts';
import { inTransaction } from '../storage/database.ts';
import { DEFAULT_LIMITS, type Limits } from './pacing.ts';
import { currentShare } from './slots-store.ts';

describe('what Teams answers to an edit or an opening with "wait"', () => {
  const store = useStore();
  const now = new Date('2026-11-23T07:30:00Z');
  const rests: number[] = [];
  let post: Post;
  let run = '';
  let runs = 0;

  async function open(limits: Limits, sandbox: SandboxOptions = {}): Promise<void> {
    post = await openPost(store(), {
      limits,
      sandbox,
      connector: { loopback: true },
      parts: {
        opening: { mayReach: async () => true },
        meters: {
          sent: () => undefined,
          retried: (outcome, rest) => void (outcome === 'throttled' && rests.push(rest)),
          saw: () => undefined,
          watched: () => undefined,
          alarmed: () => undefined,
        },
      },
    });
  }

  beforeEach(() => {
    runs += 1;
    run = `resting_${runs}`;
    rests.length = 0;
  });
  afterEach(async () => {
    await post.close();
    await sql`update send_slots set share = 1, next_at = clock_timestamp()`.execute(store().db);
  });

  const person = (name: string) => `${name}-${run}`;
  const send = (people: readonly string[], what = 'first') =>
    inTransaction(store().db, (trx) =>
      post.delivery.enqueue(
        trx,
        run,
        people.map((personId) => ({
          key: `${run}/${personId}/${what}`,
          target: { kind: 'person', personId },
          card: sampleCard(`${what} face`),
        })),
        now,
      ),
    );
  const change = (personId: string, face: string) =>
    inTransaction(store().db, (trx) =>
      post.delivery.revise(trx, `${run}/${personId}/first`, sampleCard(face), now),
    );
  const to = (personId: string) =>
    post.sandbox.requests.filter(({ conversationId }) => conversationId === `a:chat-${personId}`);
  const shown = (personId: string) =>
    JSON.stringify(
      post.sandbox.arrivals.find(({ conversationId }) => conversationId === `a:chat-${personId}`)?.activity,
    );
  /** Two people have a card each; whatever goes to the one next is answered that their conversation rests for a second. */
  const openWithOneThrottled = async () => {
    await open(UNCAPPED);
    const [slow, quick] = [person('slow'), person('quick')];
    await post.meet([slow, quick]);
    await send([slow, quick]);
    await post.delivery.drain(now);
    post.sandbox.fault(`a:chat-${slow}`, { kind: 'status', status: 429, retryAfter: 1 });
    return { slow, quick };
  };

  it('keeps an edit back while its conversation rests, with no try, and puts it up when the rest is over', async () => {
    const { slow, quick } = await openWithOneThrottled();
    await send([slow], 'second');
    await post.delivery.start();
    await until(() => to(slow).at(-1)?.status === 429);
    const asked = to(slow).at(-1)?.at ?? 0;
    // Known to the store once the message waits again.
    await until(async () => (await restOf(slow)) > 0);
    await change(slow, 'newest face');
    await change(quick, 'newest face');
    await until(() => shown(quick).includes('newest face'));
    assert.ok(post.sandbox.elapsed() - asked < 900, 'others are undisturbed');
    assert.equal(to(slow).at(-1)?.status, 429, 'nothing is tried there');
    await until(() => shown(slow).includes('newest face'));
    // What was left behind would be tried by the drains of the tests to come.
    await until(() => to(slow).length === 4);
    await post.delivery.stop();
    const edit = to(slow).find(({ method }) => method === 'PUT');
    const waited = (edit?.at ?? 0) - asked;
    assert.ok(waited >= 1_000 && waited < 1_250, `${waited} ms`);
    assert.equal(to(slow).filter(({ method }) => method === 'PUT').length, 1);
  });

  it('rests the conversation for what an edit was answered: messages, other edits and the measurement', async () => {
    const { slow, quick } = await openWithOneThrottled();
    await change(slow, 'newest face');
    await post.delivery.drain(now, 0);
    const asked = to(slow).at(-1);
    assert.equal(asked?.method, 'PUT');
    assert.equal(asked?.status, 429);
    assert.ok((await restOf(slow)) > 500, 'all instances know');
    assert.equal(rests.length, 1);
    assert.ok((rests[0] ?? 0) >= 1_000 && (rests[0] ?? 0) <= 1_020, `${rests[0]}`);
    await send([slow, quick], 'second');
    await post.delivery.start();
    await until(() => to(slow).length === 4);
    await post.delivery.stop();
    assert.equal(to(quick).length, 2);
    for (const { at, method } of to(slow).slice(2)) {
      const waited = at - (asked?.at ?? 0);
      assert.ok(waited >= 1_000 && waited < 1_250, `${method} after ${waited} ms`);
    }
    assert.match(shown(slow), /newest face/);
  });

  it('slows all of the tenant down when edits alone are throttled', async () => {
    await open(DEFAULT_LIMITS);
    const people = ['a', 'b', 'c', 'd'].map(person);
    await post.meet(people);
    await send(people);
    await post.delivery.drain(now);
    for (const id of people)
      post.sandbox.fault(`a:chat-${id}`, { kind: 'status', status: 429, retryAfter: 1 });
    for (const id of people) await change(id, 'newest face');
    await post.delivery.drain(now, 0);
    assert.ok((await currentShare(store().db)) < 0.6, 'all instances send more slowly');
    await post.delivery.drain(now);
    for (const id of people) assert.match(shown(id), /newest face/);
  });

  it('never asks for a rest by many edits of one conversation, and lets messages pass them', async () => {
    // What Teams allows is slower; the bucket keeps this window as its own keeps Teams'.
    const windows = [{ most: 8, within: 1_000 }];
    await open({ conversation: { burst: 3, perSecond: 5 } }, { windows });
    const ann = person('ann');
    await post.meet([ann]);
    const names = Array.from({ length: 12 }, (_, index) => `card ${index}`);
    for (const name of names) await send([ann], name);
    await post.delivery.drain(now);
    const faces = names.map((name) => ({ key: `${run}/${ann}/${name}`, card: sampleCard(`new ${name}`) }));
    await inTransaction(store().db, (trx) => post.delivery.reviseAll(trx, faces, now));
    await post.delivery.start();
    await until(() => to(ann).some(({ method }) => method === 'PUT'));
    await send([ann], 'message');
    const asked = post.sandbox.elapsed();
    await until(() => to(ann).filter(({ method }) => method === 'POST').length === names.length + 1);
    const passed = post.sandbox.elapsed() - asked;
    assert.ok(passed < 500, `${passed} ms`);
    await until(() => to(ann).filter(({ method }) => method === 'PUT').length === names.length);
    await post.delivery.stop();
    assert.deepEqual(
      to(ann).filter(({ status }) => status === 429),
      [],
    );
    assert.equal(rests.length, 0);
  });

  for (const what of ['edits', 'openings'] as const)
    it(`uses no slot that a wave of ${what} had leased before all of the tenant was asked to rest`, async () => {
      await open({ ...DEFAULT_LIMITS, tenantPerSecond: 10 });
      const people = Array.from({ length: 14 }, (_, index) => person(`p${index}`));
      await post.meet(what === 'edits' ? people : [person('colleague')]);
      for (const id of people) post.sandbox.setInstalled(id, true);
      if (what === 'edits') {
        await send(people);
        await post.delivery.drain(now);
      }
      const before = post.sandbox.requests.length;
      post.sandbox.fault('*', { kind: 'status', status: 429, retryAfter: 1 }, 3);
      if (what === 'edits') for (const id of people) await change(id, 'newest face');
      else await send(people);
      await post.delivery.drain(now);
      const asked = post.sandbox.requests.slice(before);
      const third = asked.filter(({ status }) => status === 429)[2]?.at ?? 0;
      const soon = asked.filter(({ at }) => at > third && at < third + 900);
      // One may be on its way when the third is answered.
      assert.ok(soon.length <= 2, `${soon.length} within the rest`);
      assert.equal(post.sandbox.arrivals.length, people.length);
      if (what === 'edits') for (const id of people) assert.match(shown(id), /newest face/);
    });

  for (const what of ['edits', 'openings'] as const)
    it(`does not hold up a stop with ${what} that wait until the tenant may be written to again`, async () => {
      await open(DEFAULT_LIMITS);
      const people = [person('ann'), person('ben')];
      await post.meet(what === 'edits' ? people : [person('colleague')]);
      for (const id of people) post.sandbox.setInstalled(id, true);
      if (what === 'edits') {
        await send(people);
        await post.delivery.drain(now);
      }
      await sql`update send_slots set next_at = clock_timestamp() + interval '8 seconds'`.execute(store().db);
      const rested = stopwatch();
      if (what === 'edits') for (const id of people) await change(id, 'newest face');
      else await send(people);
      const asked = post.sandbox.requests.length;
      await post.delivery.start();
      await sleep(700);
      const stopping = stopwatch();
      await post.delivery.stop();
      assert.ok(stopping() < 1_500, `the stop took ${Math.round(stopping())} ms`);
      assert.equal(post.sandbox.requests.length, asked);
      await post.delivery.drain(now);
      assert.ok(rested() >= 7_500, `tried after ${Math.round(rested())} ms`);
      assert.equal(post.sandbox.arrivals.length, people.length);
      if (what === 'edits') for (const id of people) assert.match(shown(id), /newest face/);
    });

  it('slows all of the tenant down when openings are throttled, and opens each once it may', async () => {
    await open(DEFAULT_LIMITS);
    await post.meet([person('colleague')]);
    const people = ['a', 'b', 'c', 'd'].map(person);
    for (const id of people) {
      post.sandbox.setInstalled(id, true);
      post.sandbox.fault(`open:${id}`, { kind: 'status', status: 429, retryAfter: 1 });
    }
    await send(people);
    await post.delivery.drain(now, 500);
    assert.ok((await currentShare(store().db)) < 0.6, 'all instances send more slowly');
    assert.equal(rests.length, 4);
    await post.delivery.drain(now);
    assert.equal((await post.delivery.report(run)).delivered, 4);
    assert.deepEqual(post.sandbox.duplicates(), []);
    const tries = post.sandbox.requests.filter(({ path }) => path === '/v3/conversations');
    const throttled = tries.filter(({ status }) => status === 429);
    assert.deepEqual([tries.length, throttled.length], [8, 4]);
    // By then all of the tenant is known to be meant; the fourth is asked for only after the rest.
    const last = throttled[2]?.at ?? 0;
    const first = Math.min(...tries.filter(({ status }) => status === 201).map(({ at }) => at));
    assert.ok(first - last >= 900, `${first - last} ms`);
  });

  async function restOf(personId: string): Promise<number> {
    const { rows } = await sql<{ rest: number }>`
      select (extract(epoch from throttled_until - clock_timestamp()) * 1000)::float8 as rest from conversations
      where owner = ${`person:${personId}`}`.execute(store().db);
    return rows[0]?.rest ?? 0;
  }
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const elapsed = stopwatch();
  while (!(await holds())) {
    assert.ok(elapsed() < 5_000, 'waited five seconds in vain');
    await sleep(5);
  }
}
