import { strict as assert } from 'node:assert';
import { DOWNTIMES, goDown, standStill } from '../../test/support/downtime.ts';
import { openTestStore, type TestStore } from '../../test/support/store.ts';

const HOUR = 3_600_000;

/** The whole: `npm run bench:schedules`. */
describe('a service that was down', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(() => store.drop());

  it('sends each run that was due once or skips it by its hours and says so, down for a minute or a fortnight', async () => {
    const verdict = await goDown(
      store,
      DOWNTIMES.filter((_, index) => index % 3 === 2),
      1,
    );
    assert.deepEqual(verdict.differences, []);
    assert.equal(verdict.untold, 0);
    assert.ok(verdict.done > 10 && verdict.skipped > 20, JSON.stringify(verdict));
  });

  it('has told operators within fifteen minutes of every run that stood still, where an instance lives', async () => {
    const { due, alarmed, latest } = await standStill(store, 30 * HOUR, 1);
    assert.ok(due >= 5, `${due} due`);
    assert.equal(alarmed, due, `the latest after ${latest / 60_000} minutes`);
  });
});
