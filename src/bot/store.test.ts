import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { useStore } from '../../test/support/store.ts';
import { finishActivity, releaseActivity, responseOf, takeActivity } from './store.ts';

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
    assert.equal(await responseOf(store().db, 'b'), undefined);
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
});
