import { strict as assert } from 'node:assert';
import { raceCheckins, withRacers } from '../support/checkin-races.ts';
import { testDatabaseUrl } from '../support/store.ts';

const RACES = 24;

describe('people who act on one check-in at once', () => {
  it('make exactly one transition, and each of them and every copy is shown it', async function () {
    this.timeout(90_000);
    const result = await withRacers(testDatabaseUrl(), (world) => raceCheckins(world, RACES, 3));
    assert.deepEqual(result.problems, []);
    assert.equal(result.single, RACES);
    assert.equal(result.shown, result.presses);
    assert.equal(result.repeatsAlike, RACES);
    assert.equal(result.copiesTrue, result.copies);
    assert.ok(result.copies >= RACES * 3);
  });
});
