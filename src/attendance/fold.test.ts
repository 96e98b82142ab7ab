import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { foldText, marksFile, type TestPupil } from '../../test/support/marks.ts';
import { CODES } from './codes.ts';
import { pool, tallyPupil, totalsOf } from './engine.ts';
import type { FoldedWeek } from './fold.ts';
import { totalsOfGroup } from './imports.ts';

function fold(text: string): FoldedWeek[] {
  return foldText(text, { schools: new Set(['900001', '900002']), today: '2026-12-01' });
}

function group(week: FoldedWeek | undefined, type: string, key: string) {
  const found = week?.groups.find((one) => one.type === type && one.key === key);
  assert(found, `${type} ${key}`);
  return found;
}

const mark = fc.constantFrom(...CODES.filter((rule) => rule.to === undefined).map((rule) => rule.code), '_');
const pupil = fc.record({
  pp: fc.constantFrom<'Y' | 'N'>('Y', 'N'),
  year: fc.constantFrom('R', '1', '2'),
  marks: fc.array(mark, { minLength: 10, maxLength: 10 }).map((marks) => marks.join(' ')),
});

describe('folding', () => {
  it('gives the sessions that the engine counts pupil by pupil, for the school and for each group', () => {
    fc.assert(
      fc.property(fc.array(pupil, { minLength: 1, maxLength: 12 }), (made) => {
        const pupils: TestPupil[] = made.map((one, index) => ({ ...one, id: `p${index}` }));
        const [week] = fold(marksFile('900001', '2026-11-16', pupils));
        const counted = (chosen: readonly TestPupil[]) =>
          chosen.map((one) => {
            const marks = one.marks.split(' ').map((code) => (code === '_' ? null : code));
            const days = [0, 1, 2, 3, 4].map((day) => ({
              date: `2026-11-${16 + day}`,
              am: marks[day * 2] ?? null,
              pm: marks[day * 2 + 1] ?? null,
            }));
            return tallyPupil({ days }).tally;
          });
        for (const [type, key, chosen] of [
          ['all', 'all', pupils],
          ['pp', 'yes', pupils.filter((one) => one.pp === 'Y')],
          ['year', '2', pupils.filter((one) => one.year === '2')],
        ] as const) {
          if (chosen.length === 0) continue;
          const tallies = counted(chosen);
          const found = group(week, type, key);
          assert.deepEqual(totalsOfGroup(found), pool(tallies.map(totalsOf)));
          assert.equal(
            found.missing,
            tallies.reduce((sum, one) => sum + one.missing, 0),
          );
          assert.equal(
            found.notPossible,
            tallies.reduce((sum, one) => sum + one.notPossible, 0),
          );
          assert.equal(found.pupils, tallies.filter((one) => totalsOf(one).possible > 0).length);
        }
        const days = (week?.groups ?? []).filter((one) => one.type === 'day').map(totalsOfGroup);
        assert.deepEqual(pool(days), totalsOfGroup(group(week, 'all', 'all')));
      }),
    );
  });

  it('counts a session for which others have a row and a pupil has none as missing', () => {
    const [week] = fold(
      marksFile('900001', '2026-11-16', [
        { id: '1', marks: '/ \\ / \\' },
        { id: '2', marks: '/ \\ . .' },
      ]),
    );
    assert.equal(group(week, 'all', 'all').missing, 2);
    assert.equal(week?.marks, 6);
  });

  it('keeps schools and weeks apart, in order', () => {
    const second = marksFile('900002', '2026-11-16', [{ id: '1', marks: '/ \\' }]);
    const first = marksFile('900001', '2026-11-13', [{ id: '1', marks: '/ \\' }]);
    const both = `${second}${first.split('\n').slice(1).join('\n')}`;
    const weeks = fold(both).map((week) => `${week.schoolUrn} ${week.week} ${week.dates}`);
    assert.deepEqual(weeks, ['900001 2026-W46 2026-11-13', '900002 2026-W47 2026-11-16']);
  });

  it('gives the same fingerprint for the same marks in another order, and another one for one changed mark', () => {
    const pupils = [
      { id: '1', marks: '/ \\ I I' },
      { id: '2', marks: '/ \\ / \\', pp: 'Y' as const },
    ];
    const print = (made: readonly TestPupil[]) =>
      fold(marksFile('900001', '2026-11-16', made))[0]?.fingerprint;
    assert.equal(print(pupils), print(pupils.toReversed()));
    assert.notEqual(print(pupils), print([{ id: '1', marks: '/ \\ I /' }, ...pupils.slice(1)]));
  });

  it('keeps nothing by which a pupil could be found', () => {
    const text = JSON.stringify(
      fold(marksFile('900001', '2026-11-16', [{ id: 'SECRET-ID', marks: '/ \\' }])),
    );
    assert.doesNotMatch(text, /SECRET|Blackwood|Marigold/);
  });
});
