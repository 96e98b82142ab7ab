import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { callerAddress, createLimiter } from './limits.ts';

const MINUTE = 60_000;

describe('a limit', () => {
  it('lets a burst through, then so many a minute', () => {
    const limiter = createLimiter({ burst: 5, perMinute: 60 });
    const taken = (now: number) => limiter.take('a', now);
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map(() => taken(0)),
      [true, true, true, true, true, false],
    );
    assert.equal(taken(999), false);
    assert.equal(taken(1000), true);
    assert.equal(taken(1000), false);
  });

  it('keeps callers apart', () => {
    const limiter = createLimiter({ burst: 1, perMinute: 1 });
    assert.equal(limiter.take('a', 0), true);
    assert.equal(limiter.take('a', 0), false);
    assert.equal(limiter.take('b', 0), true);
  });

  it('never lets more through than the burst and the rate allow, whatever comes when', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 600 }),
        fc.array(fc.integer({ min: 0, max: 5 * MINUTE }), { maxLength: 300 }),
        (burst, perMinute, times) => {
          const limiter = createLimiter({ burst, perMinute });
          const passed = times.sort((a, b) => a - b).filter((now) => limiter.take('a', now)).length;
          const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
          return passed <= burst + Math.floor((span * perMinute) / MINUTE + 1e-9);
        },
      ),
    );
  });

  it('forgets whom it has not met for longest when too many come', () => {
    const limiter = createLimiter({ burst: 1, perMinute: 1 }, 3);
    for (const key of ['a', 'b', 'c']) limiter.take(key, 0);
    assert.equal(limiter.has('a', 0), false);
    limiter.take('d', 0);
    assert.equal(limiter.has('a', 0), true);
    assert.equal(limiter.has('b', 0), false);
  });
});

describe("the caller's address", () => {
  const cases: readonly (readonly [string, string | undefined, string | undefined, boolean, string])[] = [
    ['is the connection’s', '198.51.100.7', undefined, false, '198.51.100.7'],
    ['is not what a caller writes', '198.51.100.7', '203.0.113.9', false, '198.51.100.7'],
    ['is what the front end appended', '10.0.0.1', '1.2.3.4, 203.0.113.9:4711', true, '203.0.113.9'],
    ['is the front end’s when it appended none', '10.0.0.1', undefined, true, '10.0.0.1'],
    ['may be of the sixth version', '10.0.0.1', '[2001:db8::1]:443', true, '2001:db8::1'],
    ['keeps a bare one of the sixth version', '2001:db8::2', undefined, false, '2001:db8::2'],
  ];
  for (const [name, remote, forwarded, behind, expected] of cases)
    it(name, () => assert.equal(callerAddress(remote, forwarded, behind), expected));
});
