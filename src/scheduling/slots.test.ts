import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Settings } from 'luxon';
import { isRefusal } from '../kernel/errors.ts';
import { addDays, weekdayOf } from '../kernel/time.ts';
import { type DayBook, dayBook } from './calendar.ts';
import { parseRule, type Rule } from './rules.ts';
import { slotsOnDates, slotsUntil } from './slots.ts';

function rule(text: string): Rule {
  const parsed = parseRule(text);
  if (isRefusal(parsed)) throw new Error(parsed.message);
  return parsed;
}

const book = dayBook({
  terms: [
    { term: 1, from: '2026-09-03', to: '2026-10-23' },
    { term: 2, from: '2026-11-02', to: '2026-12-18' },
    { term: 3, from: '2027-01-04', to: '2027-02-12' },
    { term: 4, from: '2027-02-22', to: '2027-03-25' },
    { term: 5, from: '2027-04-12', to: '2027-05-28' },
    { term: 6, from: '2027-06-07', to: '2027-07-23' },
  ],
  inset: ['2026-09-03', '2026-11-02', '2027-01-04'],
  bank_holidays: ['2027-05-03'],
  closures: [{ date: '2027-02-12', reason: 'snow' }].map(({ date }) => ({ date })),
});

const dates = (text: string, from: string, to: string) =>
  slotsOnDates('r', rule(text), from, to, 'Europe/London', book).map((slot) => slot.key);

describe('schedules in school words', () => {
  it('fall on the days a school would expect', () => {
    assert.deepEqual(dates('Mondays 07:30 in term', '2026-10-12', '2026-11-15'), [
      '2026-10-12',
      '2026-10-19',
      '2026-11-02',
      '2026-11-09',
    ]);
    assert.deepEqual(dates('Mondays 07:30 in term', '2027-05-01', '2027-05-11'), ['2027-05-10']);
    assert.deepEqual(dates('school days 08:00', '2026-10-29', '2026-11-04'), ['2026-11-03', '2026-11-04']);
    assert.deepEqual(dates('weekdays 16:00', '2026-10-30', '2026-11-03'), [
      '2026-10-30',
      '2026-11-02',
      '2026-11-03',
    ]);
    assert.deepEqual(dates('Tuesdays and Thursdays at 15:30 in term', '2026-11-16', '2026-11-22'), [
      '2026-11-17',
      '2026-11-19',
    ]);
    assert.deepEqual(dates('first school day of term 08:00', '2026-08-01', '2027-07-31'), [
      '2026-09-04',
      '2026-11-03',
      '2027-01-05',
      '2027-02-22',
      '2027-04-12',
      '2027-06-07',
    ]);
    assert.deepEqual(dates('first school day after half-term 08:00', '2026-08-01', '2027-07-31'), [
      '2026-11-03',
      '2027-02-22',
      '2027-06-07',
    ]);
    assert.deepEqual(dates('first school day after the holidays 08:00', '2026-08-01', '2027-07-31'), [
      '2026-09-04',
      '2027-01-05',
      '2027-04-12',
    ]);
    assert.deepEqual(dates('last school day of each term 15:00', '2026-08-01', '2027-02-28'), [
      '2026-10-23',
      '2026-12-18',
      '2027-02-11',
    ]);
    assert.deepEqual(dates('last school week of each term 08:00', '2026-08-01', '2027-02-28'), [
      '2026-10-19',
      '2026-12-14',
      '2027-02-08',
    ]);
    assert.deepEqual(dates('Wednesdays 08:00 in the last week of term', '2026-08-01', '2026-12-31'), [
      '2026-10-21',
      '2026-12-16',
    ]);
    assert.deepEqual(dates('every second Friday 15:00 in term', '2026-11-01', '2026-12-31'), [
      '2026-11-06',
      '2026-11-20',
      '2026-12-04',
      '2026-12-18',
    ]);
    assert.deepEqual(dates('first school day of each week 07:30', '2027-04-26', '2027-05-16'), [
      '2027-04-26',
      '2027-05-04',
      '2027-05-10',
    ]);
    assert.deepEqual(dates('first school day of the month 08:00', '2026-11-01', '2027-02-28'), [
      '2026-11-03',
      '2026-12-01',
      '2027-01-05',
      '2027-02-01',
    ]);
    assert.deepEqual(dates('last school day of the year 08:00', '2026-08-01', '2027-08-31'), ['2027-07-23']);
  });

  it('are refused with what was not understood and examples of what is', () => {
    for (const [text, why] of [
      ['Mondays in term', /needs one time/],
      ['Mondays 25:00', /25:00 is not a time/],
      ['Mondays 07:30 and 08:30', /needs one time/],
      ['Moonday 07:30', /"moonday" is not a kind of day/],
      ['07:30', /names no days/],
      ['school days 08:00 in term', /adds nothing/],
      ['every second Someday 08:00', /not a kind of day/],
    ] as const) {
      const parsed = parseRule(text);
      assert.ok(isRefusal(parsed), text);
      assert.equal(parsed.reason, 'bad-rule');
      assert.match(parsed.message, why);
      assert.match(parsed.message, /Mondays 07:30 in term/);
    }
  });
});

/** Wall clock by Intl: another library's zone rules than the code's. */
function wallClock(zone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return (instant) => format.format(instant).replace(' ', 'T');
}

describe('slots', () => {
  const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'] as const;
  const times = ['01:30', '07:30', '00:30', '02:00', '02:30'] as const;
  /** Where the machine stands and when the question is asked: neither may matter. */
  const homes = [
    ['UTC', '2026-01-15'],
    ['America/St_Johns', '2026-07-15'],
    ['Pacific/Auckland', '2026-01-15'],
    ['UTC', '2026-07-15'],
  ] as const;

  it('come once a date at the exact wall time, through ten years of clock changes, on any machine', () => {
    const home = process.env.TZ;
    try {
      for (const zone of zones) {
        const wall = wallClock(zone);
        for (const [index, time] of times.entries()) {
          // Our own zone for ten years at the two times that matter; the rest for the years around now.
          const long = zone === 'Europe/London' && index < 2;
          const [machine, today] = homes[index % homes.length] ?? homes[0];
          process.env.TZ = machine;
          Settings.now = () => Date.parse(today);
          const last = long ? '2034-12-31' : '2026-12-31';
          const slots = slotsOnDates('r', rule(`every day ${time}`), '2025-01-01', last, zone, book);
          assert.equal(slots.length, long ? 3652 : 730);
          let before = Number.NEGATIVE_INFINITY;
          for (const { key, at } of slots) {
            assert.ok(at.getTime() > before, `${zone} ${key} ${time} goes back`);
            before = at.getTime();
            if (wall(at) === `${key}T${time}`) {
              // Of two such times the first.
              const earlier = new Date(at.getTime() - 3_600_000);
              const half = new Date(at.getTime() - 1_800_000);
              assert.ok(
                wall(earlier) !== wall(at) && wall(half) !== wall(at),
                `${zone} ${key} ${time} second`,
              );
            } else assertSkippedOver(zone, key, time, at);
          }
        }
      }
    } finally {
      Settings.now = () => Date.now();
      if (home === undefined) delete process.env.TZ;
      else process.env.TZ = home;
    }
  }).timeout(60_000);

  /** No instant of that day shows that time, and the slot is at most an hour's jump away from where it would be. */
  function assertSkippedOver(zone: string, key: string, time: string, at: Date): void {
    const wall = wallClock(zone);
    const noon = new Date(`${key}T12:00:00Z`).getTime();
    for (let minutes = -26 * 60; minutes <= 26 * 60; minutes += 15)
      assert.notEqual(wall(new Date(noon + minutes * 60_000)), `${key}T${time}`, `${zone} ${key} ${time}`);
    const shown = wall(at);
    assert.equal(shown.slice(0, 10), key);
    const late = minutesOf(shown.slice(11)) - minutesOf(time);
    assert.ok(late > 0 && late <= 60, `${zone} ${key} ${time} came at ${shown}`);
  }

  function minutesOf(time: string): number {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return hours * 60 + minutes;
  }

  it('are the same however the time between is cut into ticks, and however the clock steps', () => {
    const texts = [
      'Mondays 07:30 in term',
      'school days 08:00',
      'weekdays 01:30',
      'first school day after half-term 08:00',
      'every second Friday 23:45',
      'last school week of each term 00:00',
    ] as const;
    const start = Date.parse('2026-08-28T00:00:00Z');
    const steps = fc.array(fc.integer({ min: -36, max: 24 * 9 }), { minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 300 }),
        steps,
        (text, zone, offset, hours) => {
          const parsed = rule(text);
          const seen = new Map<string, number>();
          const first = start + offset * 86_400_000;
          let now = first;
          let recorded = first;
          for (const step of hours) {
            now = Math.max(first, now + step * 3_600_000);
            const found = slotsUntil(
              'r',
              parsed,
              new Date(Math.min(recorded, now)),
              new Date(now),
              zone,
              book,
            );
            for (const { key, at } of found) {
              assert.ok(at.getTime() <= now);
              const known = seen.get(key);
              assert.ok(known === undefined || known === at.getTime(), 'a slot keeps its instant');
              seen.set(key, at.getTime());
            }
            recorded = Math.max(recorded, now);
          }
          const whole = slotsUntil('r', parsed, new Date(first), new Date(recorded), zone, book);
          assert.deepEqual(
            [...seen.keys()].sort(),
            whole.map((slot) => slot.key),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('agree with a plain reading of the calendar, day by day', () => {
    const plain: Readonly<Record<string, (date: string, days: DayBook) => boolean>> = {
      'school days 08:00': (date, days) => days.isSchoolDay(date),
      'Mondays 07:30 in term': (date, days) => weekdayOf(date) === 1 && days.isTermTime(date),
      'weekdays 16:00': (date) => weekdayOf(date) <= 5,
      'first school day of each week 08:00': (date, days) =>
        days.isSchoolDay(date) &&
        Array.from({ length: weekdayOf(date) - 1 }, (_, index) => addDays(date, -index - 1)).every(
          (day) => !days.isSchoolDay(day),
        ),
    };
    const inset = fc.uniqueArray(fc.integer({ min: 0, max: 320 }), { maxLength: 60 });
    fc.assert(
      fc.property(inset, (offsets) => {
        const days = dayBook({
          terms: [...book.terms],
          inset: offsets.map((offset) => addDays('2026-09-01', offset)),
          bank_holidays: ['2027-05-03'],
          closures: [],
        });
        for (const [text, holds] of Object.entries(plain)) {
          const found = new Set(
            slotsOnDates('r', rule(text), '2026-08-20', '2027-08-20', 'Europe/London', days).map(
              (slot) => slot.key,
            ),
          );
          for (let date = '2026-08-20'; date <= '2027-08-20'; date = addDays(date, 1))
            assert.equal(found.has(date), holds(date, days), `${text} on ${date}`);
        }
      }),
      { numRuns: 4 },
    );
  });
});
