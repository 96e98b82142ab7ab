import { strict as assert } from 'node:assert';
import { KINDS } from './kinds.ts';
import { movementsOf, type WeekSheet } from './movement.ts';

type Child = {
  readonly id: string;
  readonly away: readonly number[];
  readonly pp?: boolean;
  readonly reg?: string;
};

/** Weeks of ten sessions; `away`: how many of each week's sessions were missed. */
function weeksOf(children: readonly Child[], weeks: number): WeekSheet[] {
  return Array.from({ length: weeks }, (_, week) => ({
    week: `2026-W${40 + week}`,
    sheet: {
      contexts: children.map(({ pp, reg }) => ({
        year: '5',
        pp: pp ? 'yes' : 'no',
        sen: 'N',
        reg: reg ?? '5A',
      })),
      rows: children.map(({ id, away }, index) => ({
        pupil: id,
        upn: '',
        compulsory: 'yes' as const,
        cells: Array.from({ length: 10 }, (_, cell) =>
          KINDS.indexOf(cell < (away[week] ?? 0) ? 'authorised' : 'present'),
        ),
        contexts: Array.from({ length: 5 }, () => index + 1),
      })),
    },
  }));
}

function kinds(away: readonly number[]): string[] {
  return movementsOf(weeksOf([{ id: 'a', away }], away.length), ['5A']).map(({ kind }) => kind);
}

describe('who to greet first', () => {
  it('is who came back, who is clear of the line, near it, or over it, in the week in which that happened', () => {
    assert.deepEqual(kinds([0, 8, 0]), ['returned']);
    assert.deepEqual(kinds([0, 0, 0, 4]), ['crossed']);
    assert.deepEqual(kinds([0, 0, 0, 4, 0]), ['left']);
    assert.deepEqual(kinds([2, 0, 0, 1, 1]), ['near']);
    // Exactly one in ten is over the line.
    assert.deepEqual(kinds([0, 0, 3]), ['crossed']);
    assert.deepEqual(kinds([0, 2]), ['crossed']);
  });

  it('is nobody who stays as they were, and nobody on roll for fewer than twenty sessions', () => {
    assert.deepEqual(kinds([0, 0, 0]), []);
    assert.deepEqual(kinds([5, 5, 5]), []);
    assert.deepEqual(kinds([9]), []);
    // Nine days on roll, of which the second week was whole again: a return, and too little known to name the child.
    const short = weeksOf([{ id: 'a', away: [8, 0] }], 2);
    assert.deepEqual(
      movementsOf(short, ['5A']).map(({ kind }) => kind),
      ['returned'],
    );
    const joined = short.map(({ week, sheet }) => ({
      week,
      sheet: {
        ...sheet,
        rows: sheet.rows.map((row) => ({ ...row, cells: row.cells.map((cell, at) => (at < 1 ? 0 : cell)) })),
      },
    }));
    assert.deepEqual(movementsOf(joined, ['5A']), []);
  });

  it('is five at most, disadvantaged pupils before others, what went well said first', () => {
    const children = [
      ...['a', 'b', 'c', 'd'].map((id) => ({ id, away: [0, 0, 4] })),
      { id: 'e', away: [0, 0, 4], pp: true },
      { id: 'f', away: [0, 8, 0], pp: true },
      { id: 'g', away: [0, 8, 0] },
    ];
    const found = movementsOf(weeksOf(children, 3), ['5A']);
    assert.deepEqual(
      found.map(({ pupil }) => pupil),
      ['f', 'g', 'e', 'a', 'b'],
    );
  });

  it('is only of the group that is asked for', () => {
    const children = [
      { id: 'a', away: [0, 0, 4], reg: '5B' },
      { id: 'b', away: [0, 0, 4] },
    ];
    assert.deepEqual(
      movementsOf(weeksOf(children, 3), ['5A']).map(({ pupil }) => pupil),
      ['b'],
    );
    assert.deepEqual(movementsOf([], ['5A']), []);
  });
});
