import { strict as assert } from 'node:assert';
import { runCases } from './cases.ts';

const TERMS = [{ term: 2, from: '2026-11-03', to: '2026-12-18' }];
const FILE = [
  'geographic_level,education_phase,possible_sessions,overall_attendance,present_sessions,approved_educational_activity,authorised_absence,unauthorised_absence',
  'National,Primary,1000,950,940,10,30,20',
  'National,Special,c,c,c,c,c,c',
].join('\n');

function run(kind: string, input: unknown, expected: unknown) {
  const [result] = runCases({ cases: [{ id: 'x', kind, input, expected }] }, (path) =>
    path === 'f.csv' ? FILE : undefined,
  );
  assert(result);
  return result;
}

function holds(kind: string, input: unknown, expected: unknown): void {
  const result = run(kind, input, expected);
  assert.deepEqual(result.actual, expected);
  assert.equal(result.pass, true);
}

describe('worked cases', () => {
  it('fail when a figure differs, when a kind is unknown and when an input cannot be read', () => {
    assert.equal(run('days_missed', { absent_sessions: 3 }, { days_missed: '2.0' }).pass, false);
    assert.match(JSON.stringify(run('astrology', {}, {})), /no rule for cases of kind astrology/);
    assert.equal(run('astrology', {}, { anything: 1 }).pass, false);
    assert.equal(run('gap', { group: {} }, { gap_pp_1dp: '1.0' }).pass, false);
  });

  it('work out who crossed a line and how far away it is', () => {
    holds(
      'transition',
      { before: { possible: 100, absent: 10 }, week: { possible: 10, absent: 0 } },
      {
        before_absence_2dp: '10.00',
        after_absence_2dp: '9.09',
        was_pa: true,
        is_pa: false,
        transition: 'left_pa',
      },
    );
    holds(
      'headroom',
      { absent_to_date: 20, year_possible: 381 },
      { max_further_absences_without_pa: 18, first_absence_total_that_is_pa: 39 },
    );
    holds('recovery', { possible: 100, absent: 12 }, { sessions_to_recover: 21 });
  });

  it('count unauthorised sessions over ten school weeks, wherever the holidays fall', () => {
    const weeks = (marks: readonly string[]) =>
      marks.map((unauthorised_marks, index) => ({
        week_commencing: `2026-${String(1 + Math.floor(index / 4)).padStart(2, '0')}-${10 + (index % 4)}`,
        sessions_in_week: unauthorised_marks === '-' ? 0 : 10,
        unauthorised_marks,
      }));
    const spread = ['OOO', '', '', '', '', '-', '', '', '', '', 'GGUI', 'NNNN'];
    const result = run('penalty_threshold', { weeks: weeks(spread) }, { max_in_any_10_school_weeks: 7 });
    assert.equal(result.pass, true);
    const close = run(
      'penalty_threshold',
      { weeks: weeks(['OOO', 'GGG', 'UUU', 'N']) },
      { threshold_met: true },
    );
    assert.equal(close.pass, true);
  });

  it('follow the school’s own calendar', () => {
    holds(
      'n_deadline',
      { absence_date: '2026-11-12', calendar: { non_school_days: ['2026-11-13'], weekend: ['Sat', 'Sun'] } },
      { deadline: '2026-11-20' },
    );
    const week = { terms: TERMS, inset: ['2026-11-03'], bank_holidays: [] };
    holds(
      'calendar_week',
      { ...week, week_commencing: '2026-11-02' },
      { term: 2, week_of_term: 1, school_days: 3, sessions: 6, send_nudge: true, partial: true },
    );
    holds(
      'calendar_week',
      { ...week, week_commencing: '2026-10-26' },
      { term: null, week_of_term: null, school_days: 0, sessions: 0, send_nudge: false, partial: false },
    );
    holds('schedule_utc', { local: '2026-07-06T07:30', tz: 'Europe/London' }, { utc: '2026-07-06T06:30Z' });
  });

  it('check a pupil number by its letter', () => {
    for (const [upn, valid] of [
      ['H801200001001', true],
      ['J801200001001', false],
      ['I801200001001', false],
      ['H80120000100', false],
    ] as const)
      assert.equal(run('upn', { upn }, { valid }).pass, true, upn);
  });

  it('hold a published row to its identities and to the figures typed by hand', () => {
    const select = { geographic_level: 'National', education_phase: 'Primary' };
    holds(
      'benchmark_row',
      { file: 'f.csv', select, possible: 1000, attended: 950 },
      { attendance_rate_1dp: '95.0', absence_rate_2dp: '5.00' },
    );
    for (const input of [
      { file: 'f.csv', select, possible: 1000, attended: 951 },
      { file: 'none.csv', select, possible: 1000, attended: 950 },
      { file: 'f.csv', select: { education_phase: 'Special' }, possible: 1, attended: 1 },
    ])
      assert.equal(run('benchmark_row', input, { attendance_rate_1dp: '95.0' }).pass, false);
  });
});
