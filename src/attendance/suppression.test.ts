import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { correctionOf } from './corrections.ts';
import { blurEnds, disclose, isMany, isMixed, mayCross, mayName } from './suppression.ts';

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

describe('beside the rule of ten', () => {
  const WEEK = { threshold: 10, sessions: 10 };

  it('counts pupils by the sessions they have: nine and one who came on Friday are not ten', () => {
    assert.equal(isMany({ pupils: 10, possible: 100 }, WEEK), true);
    assert.equal(isMany({ pupils: 10, possible: 92 }, WEEK), false);
    assert.equal(
      disclose({ pupils: 30, possible: 300 }, [{ id: 'a', pupils: 10, possible: 92 }], WEEK).shown.length,
      0,
    );
  });

  it('tells of no group in which nearly everybody was in every session, or nearly nobody in any', () => {
    assert.equal(isMixed({ possible: 150, absent: 9 }, WEEK), false);
    assert.equal(isMixed({ possible: 150, absent: 10 }, WEEK), true);
    assert.equal(isMixed({ possible: 150, absent: 141 }, WEEK), false);
    assert.deepEqual(blurEnds({ possible: 150, absent: 0 }, WEEK), {
      totals: { possible: 150, absent: 10 },
      bound: 'at-least',
    });
  });

  it('shows two comparisons side by side unless they pin a corner of few pupils down', () => {
    const corner = (pupils: number, absent: number) => ({
      pupils,
      possible: pupils * 10,
      attended: pupils * 10 - absent,
    });
    assert.equal(mayCross([corner(6, 8), corner(14, 12), corner(20, 15), corner(60, 30)], WEEK), true);
    // All but three of the one group are in the other, so the difference of the two is those three.
    assert.equal(mayCross([corner(20, 15), corner(0, 0), corner(3, 2), corner(60, 30)], WEEK), false);
    assert.equal(mayCross([corner(20, 15), corner(0, 0), corner(30, 20), corner(60, 30)], WEEK), true);
  });

  it('names a group only when its absences could all be those of others than any nine, and others were away too', () => {
    const rest = { possible: 600, absent: 30 };
    assert.equal(mayName({ possible: 120, absent: 40 }, rest, WEEK), false);
    assert.equal(mayName({ possible: 250, absent: 40 }, rest, WEEK), true);
    assert.equal(mayName({ possible: 250, absent: 40 }, { possible: 600, absent: 3 }, WEEK), false);
  });
});

describe('a correction of a published week', () => {
  const WEEK = { threshold: 10, sessions: 10 };
  const stood = { possible: 4000, absent: 300 };

  it('is told in points when no nine pupils could have made it', () => {
    assert.deepEqual(correctionOf(stood, { possible: 4000, absent: 209 }, WEEK), { moved: '2.3' });
    assert.deepEqual(correctionOf(stood, { possible: 4000, absent: 210 }, WEEK), { moved: null });
  });

  it('is not told in points when pupils were added or taken off with it', () => {
    assert.deepEqual(correctionOf(stood, { possible: 3900, absent: 150 }, WEEK), { moved: null });
  });

  it('is nothing when nothing changed', () => {
    assert.equal(correctionOf(stood, { ...stood }, WEEK), undefined);
  });
});
