import { strict as assert } from 'node:assert';
import { reasonsDueIn } from './reasons-due.ts';

const CALENDAR = {
  terms: [
    { term: 1, from: '2026-09-03', to: '2026-10-23' },
    { term: 2, from: '2026-11-02', to: '2026-12-18' },
  ],
  inset: ['2026-11-27'],
  bank_holidays: [],
  closures: [{ date: '2026-11-18' }],
};

describe('the day by which an absence must have its reason', () => {
  it('is five school days on by the school’s own calendar, over INSET days, closures and holidays', () => {
    // Closed on Wednesday 18, INSET on Friday 27.
    assert.deepEqual(reasonsDueIn(CALENDAR, '2026-W47'), {
      first: '2026-11-16',
      firstDue: '2026-11-24',
      last: '2026-11-20',
      lastDue: '2026-11-30',
    });
    // The week before half-term: the days after it count.
    assert.deepEqual(reasonsDueIn(CALENDAR, '2026-W43'), {
      first: '2026-10-19',
      firstDue: '2026-11-02',
      last: '2026-10-23',
      lastDue: '2026-11-06',
    });
  });

  it('is not said where there was no school, or where the calendar ends before it', () => {
    assert.equal(reasonsDueIn(CALENDAR, '2026-W44'), null);
    assert.equal(reasonsDueIn(CALENDAR, '2026-W51'), null);
  });
});
