import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { useStore } from '../../test/support/store.ts';
import { inTransaction } from '../storage/database.ts';
import { earlierOf, endLeft, finishActivity, leftTurns, releaseActivity, takeActivity } from './store.ts';

describe('the record of inbound activities', () => {
  const store = useStore();
  const take = (key: string) => takeActivity(store().db, key);
  const kinds = async (keys: readonly string[]) =>
    (await Promise.all(keys.map(take))).map(({ kind }) => kind);

  beforeEach(() => store().db.deleteFrom('activities').execute());

  it('takes each once, whatever comes at the same moment', async () => {
    const [a, again, b] = await kinds(['a', 'a', 'b']);
    assert.deepEqual([a, again, b], ['new', 'running', 'new']);
    assert.deepEqual(await kinds(['b', 'c', 'a']), ['running', 'new', 'running']);
  });

  it('gives a repeat what was kept, each its own', async () => {
    await kinds(['a', 'b', 'c']);
    await Promise.all([
      finishActivity(store().db, 'a', { replyId: 'first' }),
      finishActivity(store().db, 'b', null),
      finishActivity(store().db, 'a', { replyId: 'rewritten' }),
    ]);
    assert.deepEqual(await take('a'), { kind: 'done', response: { replyId: 'rewritten' } });
    assert.deepEqual(await take('b'), { kind: 'done', response: null });
    assert.deepEqual(await take('c'), { kind: 'running' });
    assert.deepEqual(await earlierOf(store().db, 'b'), { state: 'done', response: null });
  });

  it('is taken over once from a turn that died, and again after one that was let go', async () => {
    await take('a');
    await sql`update activities set received_at = clock_timestamp() - interval '1 minute'`.execute(
      store().db,
    );
    assert.deepEqual((await kinds(['a', 'a'])).sort(), ['new', 'running']);
    await releaseActivity(store().db, 'a');
    assert.deepEqual(await kinds(['a']), ['new']);
  });

  it('knows who waits for a turn until it is done, and of a turn that was left tells once', async () => {
    const { db } = store();
    await Promise.all([takeActivity(db, 'a', 'ann'), takeActivity(db, 'b', 'bo'), takeActivity(db, 'c')]);
    const left = async (inHand: readonly string[], every: boolean) =>
      (await leftTurns(db, inHand, every)).map(({ key, personId }) => `${key} ${personId}`);
    const end = (key: string, every: boolean) =>
      inTransaction(db, (trx) => endLeft(trx, key, every, { told: true }));
    assert.deepEqual(await left([], true), ['a ann', 'b bo']);
    assert.deepEqual(await left(['b'], true), ['a ann']);
    assert.deepEqual(await left([], false), [], 'another process may still be at work');
    assert.equal(await end('a', false), false);
    await finishActivity(db, 'b', null);
    assert.deepEqual(await left([], true), ['a ann']);
    await sql`update activities set received_at = clock_timestamp() - interval '2 minutes'`.execute(db);
    assert.deepEqual(await left([], false), ['a ann']);
    assert.deepEqual((await Promise.all([end('a', false), end('a', true)])).sort(), [false, true]);
    assert.deepEqual(await take('a'), { kind: 'done', response: { told: true } });
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from activities where person_id is not null`.execute(db);
    assert.deepEqual(rows, [{ n: 0 }]);
  });
});
