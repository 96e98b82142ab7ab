import { strict as assert } from 'node:assert';
import { openTestStore, type TestStore } from '../../test/support/store.ts';
import { readHistory } from './nudge-store.ts';
import {
  publishRelease,
  publishTrustRelease,
  readReleasesOf,
  readTrustRelease,
  readTrustReleases,
} from './release-store.ts';

const MONDAY = new Date('2026-11-23T07:30:00Z');
const TUESDAY = new Date('2026-11-24T12:00:00Z');
const EVENING = new Date('2026-11-23T20:00:00Z');

describe('what was published by an instant', () => {
  let store: TestStore;
  before(async () => {
    store = await openTestStore();
    const release = { week: '2026-W47', version: 1 };
    await publishRelease(store.db, { ...release, schoolUrn: '100001', body: 'Monday' }, MONDAY);
    await publishRelease(store.db, { ...release, schoolUrn: '100002', body: 'Tuesday' }, TUESDAY);
    await publishTrustRelease(store.db, '2026-W47', 'together', TUESDAY);
  });
  after(() => store.close());

  it('leaves out a school, and the trust, that came later, and shows all where no instant is named', async () => {
    const { db } = store;
    const schools = async (by?: Date) => [...(await readReleasesOf(db, '2026-W47', by)).keys()].sort();
    assert.deepEqual(await schools(EVENING), ['100001']);
    assert.deepEqual(await schools(TUESDAY), ['100001', '100002']);
    assert.deepEqual(await schools(), ['100001', '100002']);
    assert.equal(await readTrustRelease(db, '2026-W47', EVENING), undefined);
    assert.equal(await readTrustRelease(db, '2026-W47'), 'together');
    assert.deepEqual(await readTrustReleases(db, '2026-W48', 6, EVENING), []);
    assert.deepEqual(await readTrustReleases(db, '2026-W48', 6), ['together']);
    const history = (urn: string, by?: Date) => readHistory(db, urn, '2026-W48', 1, by);
    assert.deepEqual(await history('100002', EVENING), []);
    assert.deepEqual(await history('100002'), ['Tuesday']);
    assert.deepEqual(await Promise.all([history('100001', EVENING), history('100002', EVENING)]), [
      ['Monday'],
      [],
    ]);
  });
});
