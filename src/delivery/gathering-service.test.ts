import { strict as assert } from 'node:assert';
import { openPost, type Post, sampleCard } from '../../test/support/delivery.ts';
import { buttonsOf } from '../../test/support/service.ts';
import { useStore } from '../../test/support/store.ts';
import { card, line, title } from '../cards/elements.ts';
import { inTransaction, type Trx } from '../storage/database.ts';
import { createGathering, type Gathering } from './gathering-service.ts';
import type { Draft } from './message.ts';

describe('keeping a week within its allowance', () => {
  const store = useStore();
  const now = new Date('2026-11-23T08:00:00Z');
  const runs: string[] = [];
  let post: Post;
  let gathering: Gathering;

  before(async () => {
    post = await openPost(store(), { parts: { gathers: true } });
    gathering = createGathering({
      db: store().db,
      delivery: post.delivery,
      allowance: 2,
      runsOfWeek: () => runs,
      nextGathering: () => new Date('2026-11-27T12:00:00Z'),
      awaitDigest: async () => new Set(),
    });
  });
  after(() => post.close());

  const draft = (key: string, personId: string, more: Partial<Draft> = {}): Draft => ({
    key,
    target: { kind: 'person', personId },
    card: sampleCard(key),
    ...more,
  });
  const write = (run: string, drafts: readonly Draft[]) =>
    inTransaction(store().db, async (trx) => {
      runs.push(run);
      return post.delivery.enqueue(trx, run, await gathering.withinAllowance(trx, run, drafts, now), now);
    });
  const states = async (run: string) =>
    (await post.delivery.report(run)).items.map(({ state, reason }) =>
      [state, reason].filter(Boolean).join(': '),
    );
  const inTrx = <T>(work: (trx: Trx) => Promise<T>) => inTransaction(store().db, work);

  it('lets no two runs at once find the same room', async () => {
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((run) => write(run, [draft(`${run}/1`, 'ada'), draft(`${run}/2`, 'ada')])),
    );
    const all = (await Promise.all(['a', 'b', 'c', 'd'].map(states))).flat();
    assert.equal(all.filter((state) => state === 'due').length, 2);
    assert.equal(all.filter((state) => state.startsWith('cancelled: merged')).length, 6);
  });

  it('leaves what is known already as it was', async () => {
    await write('e', [draft('a/1', 'ada'), draft('e/1', 'ada')]);
    assert.deepEqual(await states('e'), [
      'cancelled: merged: enough messages this week; it comes with what waited',
    ]);
  });

  it('names what waits in a card that has room for it, and leaves it waiting where there is none', async () => {
    const long = card({
      summary: 'Digest',
      body: [title('Digest'), ...Array.from({ length: 60 }, () => line('words '.repeat(75)))],
    });
    const full = await inTrx((trx) => gathering.alongside(trx, [draft('digest/1', 'ada', { card: long })]));
    assert.equal(buttonsOf(full[0]?.card.content).length, 0);
    const [roomy] = await inTrx((trx) => gathering.alongside(trx, [draft('digest/2', 'ada')]));
    assert.equal(buttonsOf(roomy?.card.content).length, 7);
    assert.ok((await states('a')).concat(await states('e')).includes('cancelled: merged into digest/2'));
    const [again] = await inTrx((trx) => gathering.alongside(trx, [draft('digest/3', 'ada')]));
    assert.equal(buttonsOf(again?.card.content).length, 0);
  });

  it('sends a thing that waited alone by itself, and lists several', async () => {
    await post.meet(['bea', 'cho']);
    const three = (person: string, count: number) =>
      Array.from({ length: count }, (_, index) => draft(`f/${person}/${index}`, person));
    await write('f', [...three('bea', 3), ...three('cho', 5)]);
    const plan = await gathering.plan('2026-11-27', now);
    const drafts = await inTrx(plan);
    assert.deepEqual(
      drafts.map(({ key, card: { summary } }) => [key, summary]),
      [
        ['f/bea/2', 'A message from Waymark'],
        ['gathered/2026-11-27/cho', 'Three things waited this week.'],
      ],
    );
    assert.deepEqual(await states('f/again'), []);
    await inTrx((trx) => post.delivery.enqueue(trx, 'gathered/2026-11-27', drafts, now));
    assert.deepEqual(await states('f/again'), ['due']);
    assert.ok((await states('f')).includes('cancelled: waited until 2026-11-27 and went by itself'));
    assert.deepEqual(await inTrx(await gathering.plan('2026-11-27', now)), []);
  });

  it('leaves a thing that goes by itself to the run that plans it, to be withheld or to wait as any other', async () => {
    await post.meet(['dot']);
    const ends = new Date('2026-11-29T12:00:00Z');
    await write(
      'g',
      [1, 2, 3].map((index) => draft(`g/${index}`, 'dot', { expiresAt: ends })),
    );
    const drafts = await inTrx(await gathering.plan('2026-11-27', now));
    assert.deepEqual(
      drafts.map(({ key, expiresAt }) => [key, expiresAt]),
      [['g/3', ends]],
    );
    const paused = drafts.map((one) => ({ ...one, withheld: 'paused: a school' }));
    await inTrx((trx) => post.delivery.enqueue(trx, 'gathered/2026-11-27', paused, now));
    assert.deepEqual(await states('g/again'), ['cancelled: paused: a school']);
  });
});
