import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import Papa from 'papaparse';
import {
  ask,
  checkins,
  JO,
  liveOf,
  MONDAY,
  press,
  TOM,
  UPDATE,
  useDesk,
} from '../../test/support/checkin-desk.ts';
import { cellOf } from './report.ts';

describe('a cell of the export', () => {
  it('is read back as it was written, and never as a formula', () => {
    const nasty = fc.oneof(
      fc.string(),
      fc.string({
        unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", ' ', '1', 'a', '|'),
      }),
    );
    fc.assert(
      fc.property(nasty, nasty, (one, other) => {
        const { data } = Papa.parse<string[]>(`${cellOf(one)},${cellOf(other)},end\r\n`, {
          delimiter: ',',
          newline: '\r\n',
        });
        const [row = []] = data;
        assert.equal(row.length, 3);
        for (const [index, given] of [one, other].entries()) {
          const shown = row[index] ?? '';
          assert.ok(shown === given || shown === `'${given}`, JSON.stringify([given, shown]));
          assert.doesNotMatch(shown, /^\s*[=+\-@]/);
        }
      }),
      { numRuns: 500 },
    );
    assert.equal(cellOf(-12.5), '-12.5');
    assert.equal(cellOf('=HYPERLINK("https://x")'), '"\'=HYPERLINK(""https://x"")"');
  });
});

describe('where milestones stood', () => {
  useDesk();

  it('is told as of any past day, from what was approved by then', async () => {
    const at = async (date: string) => {
      const { rows } = await checkins.report(date);
      return rows.map(
        ({ milestone, standing, answer }) => `${milestone.id} ${standing} ${answer?.value ?? '-'}`,
      );
    };
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    const tuesday = new Date('2026-11-24T09:00:00Z');
    const sent = await liveOf();
    assert.deepEqual(
      await at('2026-11-23'),
      ['m1 no approved check-in yet -'],
      'sent, and its owner’s and manager’s alone',
    );
    await press(JO, 'checkins.approve', sent, {}, tuesday);
    assert.deepEqual(await at('2026-11-22'), []);
    assert.deepEqual(
      await at('2026-11-23'),
      ['m1 no approved check-in yet -'],
      'Tuesday changes nothing of Monday',
    );
    assert.deepEqual(await at('2026-11-24'), ['m1 approved 104']);
    const { csv } = await checkins.report('2026-11-24');
    assert.match(csv, /^id,title,.*\r\nm1,/);
    assert.match(csv, /approved,2026-11-23,at-risk,medium,104,Evening calls are working\./);
    assert.doesNotMatch(csv, /submitted|T09:00/, 'no times of anybody’s answers');
  });

  it('holds imported milestones, which the trust’s file neither names nor ends', async () => {
    const file =
      'id,title,strand,owner,measure,unit,target,due,next_check_in\ncalls,Evening calls,families,bea@example.org,Families,families,50,2027-02-12,2026-11-30\n';
    const first = await checkins.importMilestones(file, 'command-line', MONDAY.now);
    assert.deepEqual(first, { kind: 'imported', read: 1, added: 1, changed: 0 });
    assert.deepEqual(await checkins.importMilestones(file, 'command-line', MONDAY.now), {
      ...first,
      added: 0,
    });
    assert.equal(await checkins.syncMilestones(MONDAY.now), 0);
    const moved = await checkins.importMilestones(file.replace('bea@', 'tom@'), 'command-line', MONDAY.now);
    assert.deepEqual(moved, { ...first, added: 0, changed: 1 });
    const bad = await checkins.importMilestones(file.replace('bea@', 'no@'), 'command-line', MONDAY.now);
    assert.equal(bad.kind, 'problems');
    const { rows } = await checkins.report('2026-11-23');
    assert.deepEqual(
      rows.map(({ milestone, owner }) => [milestone.id, owner]),
      [
        ['csv-calls', 'Tom Reed'],
        ['m1', 'Tom Reed'],
      ],
    );
  });
});
