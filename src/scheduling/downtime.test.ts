import { strict as assert } from 'node:assert';
import { runBySchools } from '../../test/support/by-school-runs.ts';
import { DOWNTIMES, goDown, standStill } from '../../test/support/downtime.ts';
import { drawTicks } from '../../test/support/schedule-runs.ts';
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

  it('sends each school the newest of its own days, once, through half-terms of its own and a clock that steps both ways', async () => {
    const from = Date.parse('2026-10-05T12:00:00Z');
    const ticks = drawTicks(1, from, from + 45 * 24 * HOUR, [2 * 24 * HOUR, 6 * 24 * HOUR]);
    const draw = { seed: 1, first: 2026, years: 1, zone: 'Europe/London' };
    const { differences, due } = await runBySchools(store, draw, ticks);
    assert.deepEqual(differences, []);
    assert.ok(due > 500, `${due} due`);
  });

  it('has told operators within fifteen minutes of every run that stood still, where an instance lives', async () => {
    const { due, alarmed, latest } = await standStill(store, 30 * HOUR, 1);
    assert.ok(due >= 5, `${due} due`);
    assert.equal(alarmed, due, `the latest after ${latest / 60_000} minutes`);
  });
});
