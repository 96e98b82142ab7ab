import { strict as assert } from 'node:assert';
import { isRefusal } from '../kernel/errors.ts';
import { type Books, dayLeft, dayOn, isDayOf, slotsForAll } from './by-school.ts';
import { dayBook, mergeBooks, type SchoolCalendar } from './calendar.ts';
import { parseRule, type Rule } from './rules.ts';

const rule = (words: string): Rule => {
  const parsed = parseRule(words);
  assert.ok(!isRefusal(parsed), String(parsed));
  return parsed;
};
const calendar = (firstHalf: string, secondHalf: string, inset: readonly string[] = []): SchoolCalendar => ({
  terms: [
    { term: 1, from: '2026-09-02', to: firstHalf },
    { term: 2, from: secondHalf, to: '2026-12-18' },
  ],
  inset,
  bank_holidays: [],
  closures: [],
});
/** Two schools whose half-terms lie a week apart; one of them begins the year with a day for its staff. */
const [early, late] = [
  dayBook(calendar('2026-10-16', '2026-10-26')),
  dayBook(calendar('2026-10-23', '2026-11-02', ['2026-09-02'])),
];
const books: Books = {
  zone: 'Europe/London',
  trust: mergeBooks([early, late]),
  schools: new Map([
    ['early', early],
    ['late', late],
  ]),
};
const afterHalfTerm = rule('first school day after half-term 08:00');
const dates = (words: Rule, bySchool?: true) =>
  slotsForAll(
    { id: 'r', rule: words, ...(bySchool ? { bySchool } : {}) },
    '2026-09-01',
    '2026-12-31',
    books,
  ).map(({ key }) => key);

describe('a rule where schools keep different calendars', () => {
  it('falls for each school on its own day, and once for those who work across them', () => {
    assert.deepEqual(dates(afterHalfTerm, true), ['2026-10-26', '2026-11-02']);
    const [first, second] = dates(afterHalfTerm, true).map((date) => dayOn(afterHalfTerm, date, books));
    const served = ['early', 'late', undefined, 'unheard of'];
    assert.deepEqual(
      served.map((urn) => isDayOf(first, urn)),
      [true, false, true, true],
    );
    assert.deepEqual(
      served.map((urn) => isDayOf(second, urn)),
      [false, true, false, false],
    );
  });

  it('that serves the whole trust falls once, as ever', () => {
    assert.deepEqual(dates(afterHalfTerm), ['2026-10-26']);
    assert.deepEqual(dates(rule('first school day of term 08:00')), ['2026-09-02', '2026-10-26']);
  });

  it('has one slot a date, whoever it is for', () => {
    const days = dates(rule('school days 08:00'), true);
    assert.equal(new Set(days).size, days.length);
    assert.deepEqual([...days].sort(), days);
    assert.deepEqual(days, dates(rule('school days 08:00')));
    assert.deepEqual(dates(rule('first school day of term 08:00'), true), [
      '2026-09-02',
      '2026-09-03',
      '2026-10-26',
      '2026-11-02',
    ]);
  });

  it('that was missed on several days is late for each school once', () => {
    const left = (date: string, later: readonly string[], words = afterHalfTerm) =>
      dayLeft(words, date, later, books);
    assert.equal(isDayOf(left('2026-10-26', ['2026-11-02']), 'early'), true);
    assert.equal(isDayOf(left('2026-11-02', []), 'late'), true);
    // Each later school day serves both and the trust.
    const schoolDays = rule('school days 08:00');
    assert.equal(left('2026-09-03', ['2026-09-04'], schoolDays), undefined);
    // In the week of one school's holiday nobody else's later day takes its place.
    const only = left('2026-10-16', ['2026-10-19'], schoolDays);
    assert.deepEqual(only, {
      trust: false,
      schools: new Map([
        ['early', true],
        ['late', false],
      ]),
    });
  });

  it('is for everybody on a day on which it no longer falls: the file was changed meanwhile', () => {
    const day = dayLeft(afterHalfTerm, '2026-09-15', [], books);
    assert.deepEqual(day, {
      trust: true,
      schools: new Map([
        ['early', true],
        ['late', true],
      ]),
    });
    assert.equal(isDayOf(undefined, 'early'), true);
  });
});
