import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { addDays, weekdayOf } from '../kernel/time.ts';
import { type Cadence, cadenceRound, NOMINAL_WEEKS } from './cadence.ts';

/** A year of six terms, with half-term breaks, Christmas and Easter between them. */
const TERMS = [
  { term: 1, from: '2026-09-02', to: '2026-10-23' },
  { term: 2, from: '2026-11-02', to: '2026-12-18' },
  { term: 3, from: '2027-01-05', to: '2027-02-12' },
  { term: 4, from: '2027-02-22', to: '2027-03-25' },
  { term: 5, from: '2027-04-12', to: '2027-05-28' },
  { term: 6, from: '2027-06-07', to: '2027-07-21' },
];

const TABLE: readonly (readonly [
  cadence: Cadence,
  round: string,
  today: string,
  next: string,
  why: string,
])[] = [
  ['half-termly', '2026-10-12', '2026-10-12', '2026-12-07', 'the last week but one of the next term'],
  ['half-termly', '2026-12-07', '2026-12-07', '2027-02-01', 'over Christmas'],
  ['half-termly', '2026-11-02', '2026-11-02', '2026-12-07', 'a first round early in the term, and its end'],
  ['half-termly', '2026-11-30', '2026-11-30', '2027-02-01', 'not again within a fortnight'],
  ['half-termly', '2026-10-12', '2026-12-09', '2027-02-01', 'rounds that passed are left out'],
  ['half-termly', '2027-07-12', '2027-07-12', '2027-08-30', 'beyond the calendar: about as often'],
  ['term-end', '2026-12-07', '2026-12-07', '2027-03-15', 'the spring term’s end, not its half'],
  ['term-end', '2027-03-15', '2027-03-15', '2027-07-12', 'the summer term’s end'],
  ['term-end', '2026-09-14', '2026-09-14', '2026-12-07', 'the autumn term’s end'],
  ['fortnightly', '2026-11-23', '2026-11-23', '2026-12-07', 'two school weeks on'],
  ['fortnightly', '2026-10-12', '2026-10-12', '2026-11-02', 'half-term does not count'],
  ['fortnightly', '2026-12-14', '2026-12-14', '2027-01-11', 'nor do two weeks of Christmas'],
  [
    'fortnightly',
    '2026-11-25',
    '2026-11-25',
    '2026-12-07',
    'a round in midweek keeps to Mondays from then on',
  ],
  [
    'fortnightly',
    '2026-10-28',
    '2026-10-28',
    '2026-11-09',
    'a round in a holiday counts as the week before it',
  ],
  ['fortnightly', '2026-11-02', '2026-11-23', '2026-11-30', 'in step, when some passed'],
  ['weekly', '2026-11-23', '2026-11-23', '2026-11-30', 'the next school week'],
  ['weekly', '2026-12-14', '2026-12-14', '2027-01-05', 'the first day of a term that begins on a Tuesday'],
  ['weekly', '2027-07-19', '2027-07-19', '2027-07-26', 'beyond the calendar: every week'],
];

describe('a cadence', () => {
  for (const [cadence, round, today, next, why] of TABLE) {
    it(`${cadence} after ${round}, on ${today}: ${next} (${why})`, () => {
      assert.equal(cadenceRound(cadence, TERMS, round, today), next);
      assert.equal(cadenceRound(cadence, [...TERMS].reverse(), round, today), next, 'in any order of terms');
    });
  }

  it('falls after today, in a term while there is one, and never sooner than its name says', () => {
    const days = fc.integer({ min: 0, max: 250 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(NOMINAL_WEEKS)), days, days, (name, roundIn, more) => {
        const cadence = name as Cadence;
        const round = addDays('2026-09-02', roundIn);
        const today = addDays(round, more % 60);
        const next = cadenceRound(cadence, TERMS, round, today);
        assert.ok(next > today && next > round);
        const inTerm = TERMS.some(({ from, to }) => from <= next && next <= to);
        assert.ok(inTerm || next > '2027-07-01');
        if (inTerm && next <= '2027-07-12')
          assert.ok(weekdayOf(next) === 1 || TERMS.some(({ from }) => from === next));
        if (cadence === 'half-termly' || cadence === 'term-end') assert.ok(next >= addDays(round, 14));
      }),
      { seed: 20261123 },
    );
  });
});
