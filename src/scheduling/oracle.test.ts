import { strict as assert } from 'node:assert';
import { compareAll, LONG_ZONES, OWN_ZONE } from '../../test/support/schedule-comparison.ts';

describe('schedules, beside an oracle on another date library', () => {
  it('are due on its dates at its instants, in every form, none missed and none doubled', () => {
    const found = compareAll({
      seed: 1,
      first: 2026,
      years: 2,
      zones: [OWN_ZONE],
      times: ['07:30', '01:30'],
    });
    assert.deepEqual(found.differences, []);
    assert.ok(found.slots > 3_000, `${found.slots} slots`);
  });

  it('agree with it in other zones too, wherever the machine stands', () => {
    const found = compareAll({ seed: 2, first: 2027, years: 1, zones: LONG_ZONES, times: ['02:15'] });
    assert.deepEqual(found.differences, []);
  });
});
