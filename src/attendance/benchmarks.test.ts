import { strict as assert } from 'node:assert';
import { type DfeRow, dfeFile } from '../../test/support/dfe.ts';
import { useStore } from '../../test/support/store.ts';
import { type Benchmark, benchmarksOf, chooseBenchmarks, periodsFor } from './benchmarks.ts';
import { importBenchmarks } from './benchmarks-service.ts';
import { readBenchmarks } from './benchmarks-store.ts';
import { readPublished } from './dfe.ts';

const WEEK = { period: '2025', identifier: 'Week 47' } as const;
const counts = { present: 9000, late: 200, trips: 100, ill: 400, other: 300 } as const;
const PRIMARY: DfeRow = { ...WEEK, ...counts, phase: 'Primary' };
const SECONDARY: DfeRow = { ...WEEK, ...counts, phase: 'Secondary', ill: 800, present: 8600 };

function read(rows: readonly DfeRow[], column?: string) {
  const file = readPublished(dfeFile(rows, column));
  assert.equal(file.kind, 'published');
  return file;
}

function refused(text: string): string {
  const file = readPublished(text);
  return file.kind === 'not-known' ? file.reason : '';
}

describe('a published file', () => {
  it('is read in both years’ shapes, rows that the DfE hides counted and left out', () => {
    for (const column of ['education_phase', 'school_type']) {
      const file = read([PRIMARY, { ...SECONDARY, hidden: true }], column);
      assert.deepEqual([file.rows.length, file.hidden, file.problems], [1, 1, []]);
      assert.deepEqual(
        [file.rows[0]?.period, file.rows[0]?.phase, file.rows[0]?.possible, file.rows[0]?.attended],
        ['2025-W47', 'primary', 10_000, 9_300],
      );
    }
    assert.equal(
      read([{ ...PRIMARY, period: '202526', identifier: 'Academic year' }]).rows[0]?.period,
      '2025/26',
    );
  });

  it('names the row of which a sum, a code or a rate does not agree with the others', () => {
    const text = dfeFile([PRIMARY, SECONDARY]);
    const problem = (from: string, to: string) => {
      const file = readPublished(text.replace(from, to));
      return file.kind === 'published' ? file.problems : [];
    };
    const first = text.split('\n')[1] ?? '';
    const change = (index: number, by: number) => {
      const cells = first.split(',');
      cells[index] = String(Number(cells[index]) + by);
      return problem(first, cells.join())[0];
    };
    const columns = (text.split('\n')[0] ?? '').split(',');
    const at = (name: string) => columns.indexOf(name);
    assert.deepEqual(change(at('possible_sessions'), 1), {
      line: 2,
      reason: 'possible is not attended and absent',
    });
    assert.match(change(at('present_sessions'), 1)?.reason ?? '', /attended is not present and approved/);
    assert.match(change(at('late_sessions'), 1)?.reason ?? '', /late is not L and U/);
    assert.match(
      change(at('reason_v_aea_educational_visit_trip'), 1)?.reason ?? '',
      /approved-activity is not the sum/,
    );
    assert.match(change(at('reason_o_other_unauthorised'), -1)?.reason ?? '', /unauthorised is not the sum/);
    assert.match(change(at('reason_i_authorised_illness'), 1)?.reason ?? '', /authorised is less than/);
    assert.equal(change(at('reason_i_authorised_illness'), -1), undefined, 'a few F sessions have no column');
    assert.match(
      problem('93.0000000000', '93.0000000020')[0]?.reason ?? '',
      /attendance is not what its sessions give/,
    );
    assert.deepEqual(problem('93.0000000000', '93.0000000010'), []);
    assert.deepEqual(problem('93.0000000000', '93.00'), [], 'as precise as it is printed');
  });

  it('is known in the older method too, in which all schools were the phases weighted by enrolment', () => {
    const rows = (rate: string): DfeRow[] => [
      { ...PRIMARY, enrolments: 3000 },
      { ...SECONDARY, enrolments: 1000 },
      { ...PRIMARY, phase: 'Total', present: 17_600, late: 400, trips: 200, ill: 1200, other: 600, rate },
    ];
    // 93 and 89 by three to one; pooled it is 91.
    assert.deepEqual(read(rows('92')).problems, []);
    assert.deepEqual(read(rows('91')).problems, []);
    assert.equal(read(rows('92.1')).problems.length, 1);
  });

  it('is refused by what it lacks when it has another shape', () => {
    assert.match(refused('a,b\n1,2\n'), /no column education_phase or school_type/);
    assert.match(refused('education_phase,time_period\nPrimary,2025\n'), /no column time_identifier, /);
    assert.match(
      refused('time_period,education_phase,attendance_reason,session_count\n2025,Primary,x,1\n'),
      /shape of the statistics service’s API/,
    );
  });
});

describe('what a week is set beside', () => {
  const held = (more: Partial<Benchmark>): Benchmark => ({
    level: 'national',
    area: 'E92000001',
    areaName: 'England',
    phase: 'primary',
    period: '2025-W47',
    possible: 1000,
    attended: 947,
    published: '2025-12-04',
    ...more,
  });
  const local = { level: 'local-authority', area: 'E06000023', areaName: 'Bristol, City of' } as const;

  it('is the same week last year, in its own phase, the nearest area first', () => {
    const rows = [
      held({}),
      held({ phase: 'secondary', attended: 900 }),
      held({ period: '2025/26', attended: 940 }),
      held({ ...local, attended: 930 }),
    ];
    const place = { phase: 'primary', localAuthority: 'Bristol, City of' } as const;
    const chosen = chooseBenchmarks(rows, '2026-W47', place);
    assert.deepEqual(
      chosen.map(({ area, attendance, sameWeek, published }) => [area, attendance, sameWeek, published]),
      [
        ['Bristol, City of', '93.0', true, '2025-12-04'],
        ['England', '94.7', true, '2025-12-04'],
      ],
    );
  });

  it('is a school year where the week is not there, and nothing where the area is not', () => {
    const rows = [held({ period: '2025/26', attended: 940 }), held({ period: '2024/25', attended: 930 })];
    const chosen = chooseBenchmarks(rows, '2026-W47', { phase: 'primary', region: 'South West' });
    assert.deepEqual(
      chosen.map(({ area, period, attendance, sameWeek }) => [area, period, attendance, sameWeek]),
      [['England', '2025/26', '94.0', false]],
    );
    assert.deepEqual(periodsFor('2027-W01').years, ['2027/28', '2026/27', '2025/26']);
  });

  it('pools all phases from sessions, so that years compare though the method changed', () => {
    const file = read([
      { ...PRIMARY, enrolments: 3000 },
      { ...SECONDARY, enrolments: 1000 },
      {
        ...PRIMARY,
        phase: 'Total',
        present: 17_600,
        late: 400,
        trips: 200,
        ill: 1200,
        other: 600,
        rate: '92',
      },
    ]);
    const all = benchmarksOf(file.rows, '2025-12-04').find((row) => row.phase === 'all');
    assert.deepEqual([all?.attended, all?.possible], [18_200, 20_000]);
  });
});

describe('importing published figures', () => {
  const store = useStore();
  const take = (rows: readonly DfeRow[], published: string) =>
    importBenchmarks(store().db, dfeFile(rows), {
      published,
      now: new Date('2026-11-23T09:00:00Z'),
      by: 'cho',
    });

  it('keeps a newer file’s row over an older one’s, and nothing of a file that contradicts itself', async () => {
    const kept = async () =>
      (await readBenchmarks(store().db, 'primary', ['2025-W47'])).map((row) => [row.attended, row.published]);
    assert.equal((await take([PRIMARY, { ...SECONDARY, hidden: true }], '2025-12-04')).kind, 'benchmarks');
    assert.deepEqual(await kept(), [[9300, '2025-12-04']]);
    await take([{ ...PRIMARY, ill: 300, present: 9100 }], '2026-01-08');
    assert.deepEqual(await kept(), [[9400, '2026-01-08']]);
    await take([PRIMARY], '2025-12-04');
    assert.deepEqual(await kept(), [[9400, '2026-01-08']]);
    const refusal = await take([{ ...PRIMARY, rate: '95' }, SECONDARY], '2026-02-01');
    assert.equal(refusal.kind, 'refusal');
    assert.match(refusal.message, /1 row of the file contradicts itself/);
    assert.deepEqual(await kept(), [[9400, '2026-01-08']]);
    assert.deepEqual(await readBenchmarks(store().db, 'secondary', ['2025-W47']), []);
  });
});
