import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { disclose } from './suppression.ts';

const TEN = { threshold: 10, sessions: 0 };

function groups(...sizes: number[]) {
  return sizes.map((pupils, index) => ({ id: `g${index}`, pupils }));
}

describe('suppression', () => {
  it('shows ten, hides nine, and hides the group that would give the nine away', () => {
    assert.deepEqual(disclose({ pupils: 40 }, groups(10, 30), TEN).shown, ['g0', 'g1']);
    const nine = disclose({ pupils: 39 }, groups(9, 30), TEN);
    assert.equal(nine.total, true);
    assert.deepEqual(nine.shown, []);
    assert.deepEqual(
      [...nine.hidden],
      [
        ['g0', 'few'],
        ['g1', 'protects'],
      ],
    );
  });

  it('hides only the next smallest of several when one is small', () => {
    const decided = disclose({ pupils: 150 }, groups(100, 44, 6), TEN);
    assert.deepEqual(decided.shown, ['g0']);
    assert.equal(decided.hidden.get('g1'), 'protects');
  });

  it('hides all when the hidden ones together are still few', () => {
    assert.deepEqual(disclose({ pupils: 108 }, groups(3, 5, 40, 60), TEN).shown, []);
  });

  it('counts pupils who are in no group as hidden', () => {
    assert.deepEqual(disclose({ pupils: 50 }, groups(20, 25), TEN).shown, []);
    assert.deepEqual(disclose({ pupils: 60 }, groups(20, 25), TEN).shown, ['g0', 'g1']);
  });

  it('shows nothing of a total under the threshold', () => {
    const decided = disclose({ pupils: 8 }, groups(3, 5), TEN);
    assert.equal(decided.total, false);
    assert.deepEqual(decided.shown, []);
  });

  it('never shows figures of which any sum or difference is a group of one to nine', () => {
    const sizes = fc.array(fc.nat(40), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(sizes, fc.nat(15), (pupils, rest) => {
        const total = pupils.reduce((sum, one) => sum + one, rest);
        const all = groups(...pupils);
        const decided = disclose({ pupils: total }, all, TEN);
        const shown = all.filter((group) => decided.shown.includes(group.id));
        for (const group of shown) assert(group.pupils >= 10);
        assert(decided.total || shown.length === 0);
        // What an onlooker can take away from the total: every union of shown groups.
        for (let pick = 1; pick < 1 << shown.length; pick += 1) {
          const taken = shown.reduce(
            (sum, group, index) => sum + (pick & (1 << index) ? group.pupils : 0),
            0,
          );
          const left = total - taken;
          assert(left === 0 || left >= 10, `${pupils} with ${rest} more leaves ${left}`);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
