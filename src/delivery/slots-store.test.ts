import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { useStore } from '../../test/support/store.ts';
import { LONGEST_REST, SHARE } from './pacing.ts';
import { currentShare, cutShare, reserveSlots } from './slots-store.ts';

describe('the send slots of the tenant', () => {
  const store = useStore();
  const set = (share: number, secondsAgo: number) =>
    sql`update send_slots set next_at = now(), share = ${share}::float8,
      share_at = clock_timestamp() - ${secondsAgo}::float8 * interval '1 second'`.execute(store().db);

  beforeEach(() => set(1, 3_600));

  it('are leased to each after the other, at the distance that the limit has', async () => {
    const first = await reserveSlots(store().db, 100, 20);
    assert.deepEqual(first, { first: first.first, each: 20 });
    assert.ok(first.first < 20, `${first.first} ms`);
    const second = await reserveSlots(store().db, 10, 20);
    assert.ok(second.first > 1_000 && second.first <= 2_000, `${second.first} ms`);
  });

  it('lie twice as far apart for everybody after a cut, and only once for what several saw together', async () => {
    await cutShare(store().db, 0);
    assert.ok(near(await cutShare(store().db, 0), 0.5));
    const { each } = await reserveSlots(store().db, 10, 20);
    assert.ok(each > 38 && each <= 40, `${each} ms`);
  });

  it('wait for as long as all of the tenant is to rest', async () => {
    await cutShare(store().db, 30_000);
    const { first } = await reserveSlots(store().db, 1, 20);
    assert.ok(first > 25_000 && first <= 30_000, `${first} ms`);
  });

  it('go on at once when the time of the next lies farther ahead than any rest: the clock was put back', async () => {
    const ahead = () =>
      sql`update send_slots set next_at = clock_timestamp() + interval '2 hours'`.execute(store().db);
    await ahead();
    const { first } = await reserveSlots(store().db, 10, 20);
    assert.ok(first < 1_000, `${first} ms`);
    const { first: second } = await reserveSlots(store().db, 1, 20);
    assert.ok(second < 2_000, `${second} ms`);
    await ahead();
    await cutShare(store().db, 30_000);
    const { first: rested } = await reserveSlots(store().db, 1, 20);
    assert.ok(rested > 25_000 && rested <= 30_000, `${rested} ms`);
  });

  it('wait out the longest rest that there is, with what was leased in it', async () => {
    await cutShare(store().db, LONGEST_REST);
    await reserveSlots(store().db, 100, 20);
    const { first } = await reserveSlots(store().db, 1, 20);
    assert.ok(first > LONGEST_REST, `${first} ms`);
  });

  it('come closer again by one in a hundred of the limit each second, and no closer than it allows', async () => {
    await set(0.5, 20);
    assert.ok(near(await currentShare(store().db), 0.7));
    await set(0.5, 60);
    assert.equal(await currentShare(store().db), 1);
    assert.equal((await reserveSlots(store().db, 1, 20)).each, 20);
  });

  it('are never cut to less than a sixteenth, nor lengthened by a clock that was put back', async () => {
    await set(SHARE.least, 2);
    assert.ok(near(await cutShare(store().db, 0), SHARE.least));
    await set(0.5, -600);
    assert.ok(near(await currentShare(store().db), 0.5));
  });
});

/** To what grows within the time of a test. */
function near(share: number, wanted: number): boolean {
  return share >= wanted - 1e-9 && share < wanted + 0.05;
}
