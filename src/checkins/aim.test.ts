import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { type Aim, aimInWords, type Direction, isReached, type Move, moveOf, valueInWords } from './aim.ts';

const DUE = '2026-12-18';
const FAMILIES: Aim = { target: 150, unit: 'families', due: DUE };

/** Before and now, by which way is better. */
const MOVES: readonly (readonly [Direction | undefined, number, number, Move])[] = [
  [undefined, 96, 104, 'closer'],
  [undefined, 96, 95, 'further'],
  ['higher', 96, 104, 'closer'],
  ['higher', 96, 96, 'same'],
  ['higher', 160, 155, 'further'],
  ['lower', 12, 8, 'closer'],
  ['lower', 3, 2, 'closer'],
  ['lower', 2, 3, 'further'],
  ['lower', 8, 8, 'same'],
  ['by-date', 40, 52, 'closer'],
  ['by-date', 52, 40, 'further'],
  ['yes-no', 0, 1, 'closer'],
  ['yes-no', 1, 0, 'further'],
];

const WORDS: readonly (readonly [Direction | undefined, Omit<Aim, 'direction'>, number, string, string])[] = [
  [undefined, FAMILIES, 96, '150 families', '96 of 150 families'],
  ['higher', FAMILIES, 160, '150 families', '160 families (aim: 150)'],
  ['higher', { target: 80, unit: '%' }, 62, '80%', '62% (aim: 80%)'],
  ['lower', { target: 5, unit: 'days' }, 12, 'at most 5 days', '12 days (aim: at most 5)'],
  ['lower', { target: 5, unit: 'days' }, 3, 'at most 5 days', '3 days (aim: at most 5)'],
  ['lower', { target: 4, unit: 'per cent' }, 6.5, 'at most 4%', '6.5% (aim: at most 4%)'],
  ['by-date', FAMILIES, 96, '150 families by 18 December 2026', '96 of 150 families'],
  ['yes-no', { target: 1, unit: 'done', due: DUE }, 1, 'done by 18 December 2026', 'done'],
  ['yes-no', { target: 1, unit: 'done' }, 0, 'done', 'not done yet'],
];

describe('the aim of a milestone', () => {
  for (const [direction, before, now, move] of MOVES)
    it(`${direction ?? 'not said'}: from ${before} to ${now} is ${move}`, () => {
      assert.equal(moveOf(direction ? { direction } : {}, before, now), move);
    });

  for (const [direction, aim, value, aimed, said] of WORDS)
    it(`${direction ?? 'not said'}: is said as "${aimed}", and a figure as "${said}"`, () => {
      const whole = direction ? { ...aim, direction } : aim;
      assert.equal(aimInWords(whole), aimed);
      assert.equal(valueInWords(value, whole), said);
    });

  it('never calls a step nearer the aim further from it, whichever way it lies', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.nat(1000), fc.nat(1000), fc.nat(1000), (down, target, before, now) => {
        const aim = { target, direction: down ? ('lower' as const) : ('higher' as const) };
        if (isReached(aim, before) || isReached(aim, now)) return;
        const nearer = Math.abs(target - now) < Math.abs(target - before);
        assert.equal(moveOf(aim, before, now) === 'closer', nearer);
      }),
      { seed: 20261123, numRuns: 400 },
    );
  });
});
