import { strict as assert } from 'node:assert';
import { digestOf, STANDINGS, SUMMARY } from '../../test/support/digest-facts.ts';
import { openTestStore, type TestStore } from '../../test/support/store.ts';
import { must } from '../kernel/guards.ts';
import { inTransaction } from '../storage/database.ts';
import { digestCard } from './card.ts';
import { type Digest, saysTheSame } from './compose.ts';
import { insertDigest, readLastDigests } from './store.ts';

const DATE = '2026-11-23';

/** One with something in each of its parts. */
function fullDigest(): Digest {
  const late = STANDINGS.map((one) => ({ ...one, managerId: 'head1', ownerName: 'Tom' }));
  return {
    ...digestOf('head1', {
      checkins: { ...SUMMARY, standings: late },
      reasons: new Map(),
      mailOf: (id) => `${id}@tideway.example`,
      nudge: { id: '100001/2026-W47', line: 'Harbour Primary, last week: one thing.' },
      weeks: [{ monday: '2026-11-16', gap: null }],
      matters: {
        themes: [{ label: 'cover for reviews', people: 6 }],
        documents: [{ title: 'Expenses', ownerId: 'head1', toAll: true, url: 'https://tideway.example/e' }],
      },
      reader: { personId: 'head1', givenName: 'Jo', names: ['council'] },
      last: { date: '2026-11-16', statusOf: {} },
    }),
    withdrawn: ['Harbour Primary'],
  };
}

describe('a digest that was kept', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(() => store.close());

  async function keptOf(digest: Digest): Promise<Digest> {
    await inTransaction(store.db, (trx) =>
      insertDigest(trx, { id: 'one', slot: 'digest/2026-W48', digest }, new Date(`${DATE}T07:45:00Z`)),
    );
    const found = await readLastDigests(store.db, [digest.personId], DATE);
    return must(found.get(digest.personId), 'the digest');
  }

  it('is read as it was written, with all that a button of its card needs', async () => {
    const digest = fullDigest();
    const kept = await keptOf(digest);
    assert.deepEqual(kept, digest);
    const buttons = (one: Digest) => JSON.stringify(digestCard(one, { everyWeeks: 1 }).content);
    assert.equal(buttons(kept), buttons(digest));
  });

  it('says the same as the next one that says it, whatever order the store keeps it in', async () => {
    const digest = fullDigest();
    const kept = await keptOf(digest);
    const next = { ...digest, date: '2026-11-30', moved: { since: DATE, better: 0, worse: 0 } };
    assert.ok(saysTheSame(next, kept));
    const shuffled = { ...next, statusOf: Object.fromEntries(Object.entries(next.statusOf).reverse()) };
    assert.ok(saysTheSame(shuffled, kept));
    const [waiting] = digest.waiting;
    const changes: readonly Partial<Digest>[] = [
      { waiting: [] },
      { waiting: [{ ...must(waiting, 'one'), why: 'at risk' }] },
      { late: [] },
      { documents: [] },
      { blockers: [] },
      { statusOf: { ...digest.statusOf, m1: 'off-track' } },
      { attendance: { ...must(digest.attendance, 'figures'), without: ['Quayside School'] } },
    ];
    for (const change of changes)
      assert.ok(!saysTheSame({ ...next, ...change }, kept), `${JSON.stringify(change)} is news`);
  });
});
