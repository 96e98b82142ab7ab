import { strict as assert } from 'node:assert';
import { refuse } from '../kernel/errors.ts';
import { releaseWeek } from './release.ts';
import { caseLines, figuresLines, receiptLines, refusalLines } from './report.ts';

describe('attendance on the command line', () => {
  it('says what an import did, week by week', () => {
    const week = { schoolUrn: '100001', pupils: 60, complete: '99.2' };
    const lines = receiptLines({
      kind: 'receipt',
      importId: 'imp_1',
      rows: 1200,
      weeks: [
        { ...week, week: '2026-W45', state: 'unchanged', moved: null },
        { ...week, week: '2026-W46', state: 'corrected', moved: '-0.3' },
        { ...week, week: '2026-W47', state: 'new', moved: null },
      ],
      notes: ['A note.'],
    });
    assert.deepEqual(lines, [
      'Imported 1200 marks: 1 school week new, 1 school week corrected, 1 school week unchanged.',
      '  100001 2026-W46: corrected, 60 pupils, 99.2% of marks are in, attendance moved by -0.3',
      '  100001 2026-W47: new, 60 pupils, 99.2% of marks are in',
      'A note.',
    ]);
  });

  it('names problems where an editor can jump to them', () => {
    const problems = [
      { line: 0, column: '', reason: 'the file is empty' },
      { line: 7, column: 'mark', reason: '"QQ" is not an attendance code' },
    ];
    const lines = refusalLines(
      { ...refuse('marks-refused', 'Nothing was imported.'), problems, more: 2 },
      'a.csv',
    );
    assert.deepEqual(lines, [
      'Nothing was imported.',
      '  a.csv the file is empty',
      '  a.csv:7 mark: "QQ" is not an attendance code',
      '  and 2 more',
    ]);
  });

  it('shows of a week what is released, and why there is nothing', () => {
    const base = { schoolUrn: '100001', name: 'Harbour Primary', week: '2026-W47' };
    const empty = releaseWeek({
      schoolUrn: '100001',
      schoolName: 'Harbour Primary',
      week: '2026-W47',
      threshold: 10,
      counts: { groups: [], receivedAt: new Date('2026-11-20T18:00:00Z') },
    });
    const gap = { disadvantaged: 5, others: 2 };
    const school = { perHundred: 94, attendance: '94.4' };
    const shown = {
      ...empty,
      schoolDays: 5,
      school,
      gap,
      before: { basis: 'as-it-stood' as const, adjacent: true, school, gap },
      standOutDay: 'Friday',
      standOutYear: 'R',
    };
    assert.deepEqual(
      figuresLines([
        { ...base, state: 'preview', note: null, release: shown, complete: '100.0' },
        { ...base, state: 'none', note: 'no marks have been received', release: null, complete: null },
      ]),
      [
        'Harbour Primary (100001), 2026-W47, 5 school days, 100.0% of marks are in, as it would be published now:',
        '  attendance 94.4% (week before 94.4%)',
        '  days missed for every 10 pupils: 5 by those experiencing disadvantage, 2 by others (week before 5 and 2)',
        '  stands out: Friday, Reception',
        'Harbour Primary (100001), 2026-W47: no figures, no marks have been received.',
      ],
    );
  });

  it('prints failed cases with both figures, and counts the rest', () => {
    const result = { id: 'x', kind: 'gap', expected: { a: 1 }, actual: { a: 2 } };
    assert.deepEqual(
      caseLines([
        { ...result, pass: false },
        { ...result, pass: true },
      ]),
      ['x (gap) failed', '  expected {"a":1}', '  actual   {"a":2}', '1 of 2 cases passed.'],
    );
  });
});
