import { strict as assert } from 'node:assert';
import { dayBook, mergeBooks, weekOfTerm } from './calendar.ts';

describe('a school year', () => {
  const first = {
    terms: [
      { term: 1, from: '2026-09-03', to: '2026-10-23' },
      { term: 2, from: '2026-11-02', to: '2026-12-18' },
    ],
    inset: ['2026-11-02'],
    bank_holidays: ['2026-11-30'],
    closures: [{ date: '2026-12-04' }],
  };
  const book = dayBook(first);

  it('knows school days from INSET days, bank holidays, closures, weekends and holidays', () => {
    const days = ['2026-11-03', '2026-11-02', '2026-11-30', '2026-12-04', '2026-11-07', '2026-10-28'];
    assert.deepEqual(days.map(book.isSchoolDay), [true, false, false, false, false, false]);
    assert.deepEqual(days.map(book.isTermTime), [true, true, false, true, false, false]);
  });

  it('counts the weeks of a term from the Monday of the week it begins in', () => {
    const term = { term: 1, from: '2026-09-03', to: '2026-10-23' };
    assert.equal(weekOfTerm(term, '2026-09-04'), 1);
    assert.equal(weekOfTerm(term, '2026-09-07'), 2);
    assert.equal(weekOfTerm({ term: 2, from: '2026-11-02', to: '2026-12-18' }, '2026-11-21'), 3);
  });

  it('merges schools: a day counts when it counts in one, a term spans all of theirs', () => {
    const other = dayBook({
      ...first,
      terms: [
        { term: 1, from: '2026-09-02', to: '2026-10-22' },
        { term: 2, from: '2026-11-02', to: '2026-12-17' },
        { term: 1, from: '2027-09-02', to: '2027-10-22' },
      ],
      inset: [],
    });
    const both = mergeBooks([book, other]);
    assert.equal(both.isSchoolDay('2026-11-02'), true);
    assert.equal(both.isSchoolDay('2026-12-18'), true);
    assert.deepEqual(both.terms, [
      { term: 1, from: '2026-09-02', to: '2026-10-23' },
      { term: 2, from: '2026-11-02', to: '2026-12-18' },
      { term: 1, from: '2027-09-02', to: '2027-10-22' },
    ]);
  });
});
