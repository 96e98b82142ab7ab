import { strict as assert } from 'node:assert';
import { type Seeded, seeded } from '../kernel/seeded.ts';
import type { Totals } from './engine.ts';
import { gapMoved, rateMoved, standingOut } from './noise.ts';

/** A week of `size` pupils in which nothing differs but chance: spells of one to five days, `rate` of sessions missed. */
function week(random: Seeded, size: number, rate: number): Totals {
  let absent = 0;
  for (let pupil = 0; pupil < size; pupil += 1) {
    // A spell's mean is 4.1 sessions of ten.
    if (random.next() >= rate / 0.41) continue;
    const draw = random.next();
    absent += draw < 0.5 ? 2 : draw < 0.7 ? 4 : draw < 0.85 ? 6 : draw < 0.9 ? 8 : 10;
  }
  return { possible: size * 10, absent };
}

const SIZES = [12, 30, 60, 200, 900];

describe('noise', () => {
  for (const size of SIZES)
    it(`calls a flat year flat: of a group of ${size} it speaks of a change in fewer than one week in 15`, () => {
      const random = seeded(47 + size);
      let spoken = 0;
      let gaps = 0;
      for (let run = 0; run < 3000; run += 1) {
        const [one, two] = [week(random, size, 0.08), week(random, size, 0.08)];
        const [others, then] = [week(random, size * 3, 0.05), week(random, size * 3, 0.05)];
        if (rateMoved(one, two)) spoken += 1;
        if (gapMoved({ group: one, others }, { group: two, others: then })) gaps += 1;
      }
      assert.ok(spoken / 3000 < 1 / 15, `${spoken} of 3,000 weeks`);
      assert.ok(gaps / 3000 < 1 / 15, `${gaps} of 3,000 gaps`);
    });

  it('still sees what is real: a whole school down by three in a hundred, a small group only when much more is missed', () => {
    const whole = (absent: number) => ({ possible: 9000, absent });
    assert.equal(rateMoved(whole(810), whole(540)), true);
    assert.equal(rateMoved(whole(560), whole(540)), false);
    const twelve = (absent: number) => ({ possible: 120, absent });
    assert.equal(rateMoved(twelve(16), twelve(8)), false);
    assert.equal(rateMoved(twelve(60), twelve(8)), true);
  });

  it('says nothing of a group that had no session', () => {
    assert.equal(rateMoved({ possible: 0, absent: 0 }, { possible: 100, absent: 50 }), false);
  });

  it('points to one day or year group at most, and in flat weeks to almost none', () => {
    const random = seeded(11);
    let pointed = 0;
    for (let run = 0; run < 2000; run += 1)
      if (
        standingOut(
          [1, 2, 3, 4, 5, 6].map(() => week(random, 30, 0.06)),
          false,
        ) !== undefined
      )
        pointed += 1;
    assert.ok(pointed / 2000 < 0.05, `${pointed} of 2,000 weeks`);
    const day = (absent: number) => ({ possible: 400, absent });
    assert.equal(standingOut([day(20), day(22), day(19), day(21), day(60)], true), 4);
    assert.equal(standingOut([day(20), day(22), day(60), day(21), day(60)], true), undefined);
    assert.equal(standingOut([day(20), day(22), day(19), day(21), day(24)], true), undefined);
  });
});
