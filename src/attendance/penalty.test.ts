import { strict as assert } from 'node:assert';
import { addDays, weekOf } from '../kernel/time.ts';
import { KINDS, type Kind } from './kinds.ts';
import type { WeekSheet } from './movement.ts';
import { newlyOverThreshold, PENALTY_WEEKS } from './penalty.ts';

/** One pupil beside one who never misses; `away`: how many sessions of each week are missed, and as what. */
function weeksOf(away: readonly number[], kind: Kind = 'unauthorised', held = 10): WeekSheet[] {
  return away.map((missed, index) => ({
    week: weekOf(addDays('2026-09-07', index * 7)),
    sheet: {
      contexts: [{ year: '5', pp: 'no', sen: 'N', reg: '5A' }],
      rows: ['a', 'b'].map((pupil) => ({
        pupil,
        upn: '',
        compulsory: 'yes' as const,
        cells: Array.from({ length: 10 }, (_, cell) =>
          KINDS.indexOf(cell >= held ? 'not-possible' : pupil === 'a' && cell < missed ? kind : 'present'),
        ),
        contexts: [1, 1, 1, 1, 1],
      })),
    },
  }));
}

describe('ten unauthorised sessions in ten school weeks', () => {
  it('are named in the week in which they become ten, and not again', () => {
    assert.deepEqual(newlyOverThreshold(weeksOf([0, 5, 4])), []);
    assert.deepEqual(newlyOverThreshold(weeksOf([0, 5, 5])), ['a']);
    assert.deepEqual(newlyOverThreshold(weeksOf([0, 5, 5, 3])), []);
  });

  it('are any of the codes that the framework counts, and no authorised absence', () => {
    for (const kind of ['unauthorised', 'unexplained', 'late-after'] as const)
      assert.deepEqual(newlyOverThreshold(weeksOf([0, 5, 5], kind)), ['a'], kind);
    assert.deepEqual(newlyOverThreshold(weeksOf([0, 5, 5], 'authorised')), []);
  });

  it('lie within ten weeks in which the school had sessions, however long ago that began', () => {
    assert.deepEqual(newlyOverThreshold(weeksOf([5, 0, 0, 0, 0, 0, 0, 0, 0, 5])), ['a']);
    assert.deepEqual(newlyOverThreshold(weeksOf([5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5])), []);
    assert.ok(PENALTY_WEEKS >= 19);
  });

  it('are said of nobody with fewer than twenty sessions', () => {
    assert.deepEqual(newlyOverThreshold(weeksOf([9, 1], 'unauthorised', 9)), []);
    assert.deepEqual(newlyOverThreshold([]), []);
  });
});
