import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { CODES } from './codes.ts';
import {
  absenceRate,
  attendanceRate,
  attendedOf,
  bandOf,
  changeBetween,
  daysMissed,
  daysPerTenPupils,
  gapBetween,
  isPersistent,
  isSevere,
  pool,
  summarise,
  tallyPupil,
  totalsOf,
} from './engine.ts';
import { decimal, fraction, parseDecimal, percent } from './rates.ts';

const totals = fc
  .tuple(fc.nat(400), fc.nat(400))
  .map(([absent, attended]) => ({ possible: absent + attended, absent }));
const anyMark = fc.constantFrom(...CODES.map((rule) => rule.code), null, '', '-', '?', 'C9');

function week(marks: string) {
  const sessions = marks.split(' ').map((mark) => (mark === '.' ? null : mark));
  return sessions.flatMap((am, index) =>
    index % 2 === 0 ? [{ date: `2026-11-${16 + index / 2}`, am, pm: sessions[index + 1] ?? null }] : [],
  );
}

describe('a pupil’s sessions', () => {
  it('add up, whatever the marks: every session is counted once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyMark, anyMark), { maxLength: 20 }), fc.boolean(), (pairs, leaves) => {
        const days = pairs.map(([am, pm], index) => ({
          date: `2026-10-${String(index + 1).padStart(2, '0')}`,
          am,
          pm,
        }));
        const { tally } = tallyPupil({ days, onRollTo: leaves ? '2026-10-07' : undefined });
        const { possible } = totalsOf(tally);
        const rest =
          tally.notPossible + tally.notCollected + tally.missing + tally.invalid + tally.outsideRoll;
        assert.equal(possible + rest, pairs.length * 2);
        assert.equal(possible, attendedOf(tally) + tally.authorised + tally.unauthorised);
      }),
    );
  });

  it('leave the denominator when unmarked, not possible or not collected', () => {
    const { tally } = tallyPupil({ days: week('/ \\ . - # # D Y4 I O') });
    assert.deepEqual(totalsOf(tally), { possible: 4, absent: 2 });
    assert.equal(tally.missing, 2);
    assert.equal(tally.notPossible, 2);
    assert.equal(tally.notCollected, 2);
  });

  it('count a late pupil as present before the register closed, as absent after it', () => {
    const { tally } = tallyPupil({ days: week('L \\ U \\') });
    assert.deepEqual(totalsOf(tally), { possible: 4, absent: 1 });
    assert.deepEqual([tally.lateBefore, tally.lateAfter], [1, 1]);
  });

  it('before joining and after leaving count for nothing, blanks included', () => {
    const { tally } = tallyPupil({
      days: week('Z Z / \\ / \\ / \\ / .'),
      onRollFrom: '2026-11-17',
      onRollTo: '2026-11-18',
    });
    assert.equal(totalsOf(tally).possible, 4);
    assert.equal(tally.notCollected, 2);
    assert.equal(tally.outsideRoll, 4);
    assert.equal(tally.missing, 0);
  });

  it('warn once of an old code, of one that does not exist, and of X for a child of school age', () => {
    const { tally, warnings } = tallyPupil({ days: week('H H q X'), compulsoryAge: true });
    assert.deepEqual(warnings, ['LEGACY_CODE:H', 'INVALID_CODE:q', 'X_ON_COMPULSORY_AGE']);
    assert.equal(tally.invalid, 1);
    assert.equal(tally.authorised, 2);
  });
});

describe('rates', () => {
  it('are pooled, so that no split of a group changes them', () => {
    fc.assert(
      fc.property(fc.array(totals, { minLength: 1 }), fc.nat(), (members, at) => {
        const cut = at % members.length;
        const split = pool([pool(members.slice(0, cut)), pool(members.slice(cut))]);
        assert.deepEqual(split, pool(members));
        assert.deepEqual(summarise(members).totals, pool(members));
      }),
    );
  });

  it('are not the mean of the pupils’ rates', () => {
    const rate = attendanceRate(
      pool([
        { possible: 10, absent: 0 },
        { possible: 2, absent: 2 },
      ]),
    );
    assert.equal(percent(rate, 1), '83.3');
  });

  it('of nothing are nothing, never 0% and never 100%', () => {
    const nothing = { possible: 0, absent: 0 };
    assert.deepEqual(
      [
        attendanceRate(nothing),
        absenceRate(nothing),
        isPersistent(nothing),
        isSevere(nothing),
        bandOf(nothing),
      ],
      [null, null, null, null, null],
    );
    assert.equal(gapBetween(nothing, { possible: 10, absent: 1 }), null);
    assert.equal(daysPerTenPupils(nothing, 5), null);
  });

  it('meet the persistent and severe lines exactly at 10% and 50%', () => {
    assert.equal(isPersistent({ possible: 190, absent: 19 }), true);
    assert.equal(isPersistent({ possible: 191, absent: 19 }), false);
    assert.equal(isSevere({ possible: 7, absent: 3 }), false);
    assert.equal(isSevere({ possible: 8, absent: 4 }), true);
  });

  it('fall into the band that begins at them', () => {
    assert.equal(bandOf({ possible: 100, absent: 15 }), '15-20');
    assert.equal(bandOf({ possible: 1000, absent: 149 }), '10-15');
    assert.equal(bandOf({ possible: 10, absent: 10 }), '50+');
    assert.equal(bandOf({ possible: 10, absent: 0 }), '0-5');
  });

  it('round a half up from whole numbers, where floating point would not', () => {
    assert.equal((8.45).toFixed(1), '8.4');
    assert.equal(percent(fraction(845, 10_000), 1), '8.5');
    assert.equal(decimal({ of: -845n, over: 100n }, 1), '-8.5');
    assert.equal(decimal({ of: -4n, over: 100n }, 1), '0.0');
    assert.equal(decimal({ of: 5n, over: 2n }, 0), '3');
    assert.equal(decimal({ of: 7n, over: 1000n }, 2), '0.01');
  });

  it('stay within half of the last decimal of the exact value', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: 1, max: 9999 }), (of, over) => {
        const shown = parseDecimal(decimal({ of: BigInt(of), over: BigInt(over) }, 2));
        assert(shown);
        const error = BigInt(of) * shown.over - shown.of * BigInt(over);
        const magnitude = error < 0n ? -error : error;
        assert(magnitude * 200n <= shown.over * BigInt(over));
      }),
    );
  });

  it('give gaps and changes from unrounded rates', () => {
    const gap = gapBetween({ possible: 1000, absent: 104 }, { possible: 3000, absent: 157 });
    assert.equal(percent(gap, 1), '5.2');
    const change = changeBetween({ possible: 2000, absent: 135 }, { possible: 2000, absent: 143 });
    assert.equal(percent(change, 1), '-0.4');
  });

  it('turn into days: two sessions are one, and ten pupils’ week is the rate of all their days', () => {
    assert.equal(daysMissed(9), '4.5');
    const days = daysPerTenPupils({ possible: 300, absent: 30 }, 5);
    assert(days);
    assert.equal(decimal(days, 0), '5');
  });
});
