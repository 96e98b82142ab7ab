import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { dateOf } from './time.ts';

const ZONES = ['Europe/London', 'utc', 'America/Havana', 'Pacific/Apia', 'Asia/Kathmandu', 'UTC+14'];

describe('the local date of an instant', () => {
  it('is the calendar’s in every zone, whatever was asked before', () => {
    const hours = fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 2, maxLength: 8 });
    // Around changes of the clock, and around the day that Samoa left out.
    const start = fc.constantFrom('2026-03-29T00:30:00Z', '2026-10-25T00:30:00Z', '2011-12-30T10:00:00Z');
    fc.assert(
      fc.property(start, hours, fc.constantFrom(...ZONES), (from, steps, zone) => {
        for (const step of steps) {
          const instant = new Date(Date.parse(from) + step * 3_599_999);
          const expected = DateTime.fromJSDate(instant, { zone }).toFormat('yyyy-MM-dd');
          assert.equal(dateOf(instant, zone), expected, `${instant.toISOString()} in ${zone}`);
        }
      }),
      { numRuns: 500 },
    );
  });
});
