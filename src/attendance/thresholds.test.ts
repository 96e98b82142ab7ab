import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { addDays, dateOf, timeOf, weekdayOf, weekOf } from '../kernel/time.ts';
import { isPersistent, isSevere, pool, summarise } from './engine.ts';
import {
  headroom,
  penaltyThreshold,
  reasonDeadline,
  sessionsToRecover,
  transitionOf,
  type UnauthorisedWeek,
} from './thresholds.ts';
import { cutOffs, schoolWeek } from './week.ts';

const totals = fc
  .tuple(fc.nat(60), fc.nat(340))
  .map(([absent, attended]) => ({ possible: absent + attended, absent }));
const monday = fc.nat(150).map((weeks) => addDays('2025-09-01', weeks * 7));

describe('persistent absence', () => {
  it('is entered or left exactly when the year to date with the week in it lies on the other side', () => {
    fc.assert(
      fc.property(totals, totals, (before, week) => {
        const was = isPersistent(before) === true;
        const is = isPersistent(pool([before, week])) === true;
        const expected = {
          true: { true: 'stayed_pa', false: 'left_pa' },
          false: { true: 'entered_pa', false: 'none' },
        };
        assert.equal(transitionOf(before, week), expected[`${was}`][`${is}`]);
      }),
    );
  });

  it('holds of everybody with severe absence, and is counted over pupils who could attend at all', () => {
    fc.assert(
      fc.property(fc.array(totals, { maxLength: 30 }), (pupils) => {
        for (const one of pupils) if (isSevere(one)) assert.equal(isPersistent(one), true);
        const { persistent, severe, pupils: counted } = summarise(pupils);
        assert(severe <= persistent && persistent <= counted);
        assert.equal(counted, pupils.filter((one) => one.possible > 0).length);
      }),
    );
  });

  it('is just avoided by the headroom over a year, and not by one absence more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 400 }), fc.nat(60), (year, absent) => {
        const { first, left } = headroom(absent, year);
        assert.equal(isPersistent({ possible: year, absent: first }), true);
        assert.equal(isPersistent({ possible: year, absent: first - 1 }), false);
        if (left > 0) assert.equal(absent + left, first - 1);
        else assert(absent >= first - 1);
      }),
    );
  });

  it('is left after the fewest attended sessions that recovery names', () => {
    fc.assert(
      fc.property(totals, (toDate) => {
        const sessions = sessionsToRecover(toDate);
        const stays = (attended: number) =>
          isPersistent({ possible: toDate.possible + attended, absent: toDate.absent }) === true;
        assert.equal(stays(sessions), false);
        if (sessions > 0 && toDate.possible + sessions > 1) assert.equal(stays(sessions - 1), true);
      }),
    );
  });
});

describe('ten unauthorised sessions in ten school weeks', () => {
  const weeks = fc.array(
    fc.record({
      sessions: fc.constantFrom(0, 2, 10, 10),
      marks: fc
        .array(fc.constantFrom('G', 'N', 'O', 'U', 'I', '/'), { maxLength: 6 })
        .map((all) => all.join('')),
    }),
    { maxLength: 30 },
  );

  it('are what counting in every window finds, in whatever order the weeks come', () => {
    fc.assert(
      fc.property(weeks, (made) => {
        const all = made.map(
          (week, index): UnauthorisedWeek => ({ ...week, weekCommencing: addDays('2026-09-07', index * 7) }),
        );
        const school = all.filter((week) => week.sessions > 0);
        const count = (week: UnauthorisedWeek) => week.marks.replace(/[^GNOU]/g, '').length;
        const windows = school.map((_, start) =>
          school.slice(start, start + 10).reduce((sum, week) => sum + count(week), 0),
        );
        const { most, metIn } = penaltyThreshold(all);
        assert.equal(most, Math.max(0, ...windows));
        assert.equal(metIn !== null, most >= 10);
        assert.deepEqual(penaltyThreshold(all.toReversed()), { most, metIn });
      }),
    );
  });
});

describe('the day by which a reason is due', () => {
  it('is the fifth school day after the absence, whatever the calendar', () => {
    fc.assert(
      fc.property(monday, fc.nat(4), fc.array(fc.nat(60), { maxLength: 20 }), (start, day, shut) => {
        const absence = addDays(start, day);
        const closed = new Set(shut.map((offset) => addDays(start, offset)));
        const open = (date: string) => weekdayOf(date) <= 5 && !closed.has(date);
        const deadline = reasonDeadline(absence, open);
        assert(deadline !== null && open(deadline));
        let between = 0;
        for (let date = addDays(absence, 1); date <= deadline; date = addDays(date, 1))
          if (open(date)) between += 1;
        assert.equal(between, 5);
      }),
    );
  });

  it('does not come where no school day does', () => {
    assert.equal(
      reasonDeadline('2026-11-23', () => false),
      null,
    );
  });
});

describe('a school’s week', () => {
  it('has two sessions a day, on days of term that are neither holiday, INSET nor closure', () => {
    fc.assert(
      fc.property(monday, fc.array(fc.nat(6)), fc.array(fc.nat(6)), (start, inset, shut) => {
        const calendar = {
          terms: [{ term: 2, from: addDays(start, -14), to: addDays(start, 3) }],
          inset: inset.map((day) => addDays(start, day)),
          bank_holidays: [],
          closures: shut.map((day) => ({ date: addDays(start, day) })),
        };
        const week = schoolWeek(calendar, start);
        assert.equal(week.sessions, week.days.length * 2);
        const off = new Set([...inset, ...shut].filter((day) => day <= 3));
        assert.equal(week.days.length, 4 - off.size);
        assert.equal(week.weekOfTerm, 3);
      }),
    );
  });

  it('is taken at the same local hours all year, across both changes of the clock', () => {
    fc.assert(
      fc.property(monday, (start) => {
        const [friday, next] = cutOffs(weekOf(start), 'Europe/London');
        assert(friday && next);
        assert.deepEqual(
          [friday, next].map((at) => [dateOf(at, 'Europe/London'), timeOf(at, 'Europe/London')]),
          [
            [addDays(start, 4), '18:00'],
            [addDays(start, 7), '07:30'],
          ],
        );
      }),
    );
  });
});
