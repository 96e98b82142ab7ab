import { strict as assert } from 'node:assert';
import type { GroupWeek } from './fold.ts';
import { completenessOf, decideNudge, weekBefore } from './nudge.ts';

const CALENDAR = {
  terms: [
    { term: 1, from: '2026-09-03', to: '2026-10-23' },
    { term: 2, from: '2026-11-02', to: '2026-12-18' },
  ],
  inset: ['2026-11-02', '2026-09-07'],
  bank_holidays: [],
  closures: [{ date: '2026-11-18' }],
};

function group(
  type: GroupWeek['type'],
  key: string,
  present: number,
  missing: number,
  pupils = 50,
): GroupWeek {
  return {
    type,
    key,
    pupils,
    present,
    approved: 0,
    authorised: 0,
    unauthorised: 0,
    unexplained: 0,
    lateBefore: 0,
    lateAfter: 0,
    notPossible: 0,
    notCollected: 0,
    missing,
  };
}

function groups(present: number, missing: number, days = 5, pupils = 50): GroupWeek[] {
  return [
    group('all', 'all', present, missing, pupils),
    ...Array.from({ length: days }, (_, index) => group('day', String(index + 1), present / days, 0, pupils)),
  ];
}

function decide(week: string, held: readonly GroupWeek[] | undefined) {
  const decision = decideNudge({
    calendar: CALENDAR,
    week,
    policy: { minimumDays: 3, completenessPercent: 95 },
    threshold: 10,
    groups: held,
  });
  return decision.kind === 'send' ? 'send' : `${decision.reason}: ${decision.note}`;
}

describe('whether a school gets a card', () => {
  it('needs a school week that is long enough, and never judges the first of the year', () => {
    assert.equal(decide('2026-W44', groups(500, 0)), 'holiday: no school in this week');
    assert.equal(decide('2026-W53', groups(500, 0)), 'holiday: no school in this week');
    assert.equal(decide('2026-W36', groups(200, 0)), 'short-week: 2 school days, fewer than 3');
    assert.equal(decide('2026-W45', groups(400, 0)), 'send');
  });

  it('takes the policy’s share of marks exactly: 95% is enough, less is not', () => {
    assert.equal(decide('2026-W46', groups(475, 25)), 'send');
    assert.equal(
      decide('2026-W46', groups(474, 26)),
      'incomplete: 94.8% of marks are in, the policy asks for 95%',
    );
    assert.equal(decide('2026-W46', undefined), 'no-marks: no marks have been received');
  });

  it('counts a school day that the file leaves out as missing, and a closure as nothing', () => {
    assert.match(decide('2026-W46', groups(400, 0, 4)), /^incomplete: 80\.0%/);
    const snow = groups(400, 0).filter((one) => one.key !== '3');
    assert.equal(decide('2026-W47', snow), 'send');
    assert.equal(completenessOf([], ['2026-11-16']), null);
  });

  it('shows nothing of a school with fewer pupils than the threshold', () => {
    assert.equal(decide('2026-W46', groups(90, 0, 5, 9)), 'few-pupils: too few pupils to show any figure');
  });
});

describe('the week to compare with', () => {
  it('is the one before, or the last one before a holiday', () => {
    assert.deepEqual(weekBefore(CALENDAR, '2026-W47', 3), { week: '2026-W46', weeksAgo: 1 });
    assert.deepEqual(weekBefore(CALENDAR, '2026-W45', 3), { week: '2026-W43', weeksAgo: 2 });
    assert.equal(weekBefore(CALENDAR, '2026-W36', 3), undefined);
  });
});
