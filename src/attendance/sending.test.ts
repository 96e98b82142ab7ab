import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { addDays } from '../kernel/time.ts';
import { dayBook } from '../scheduling/calendar.ts';
import type { NudgeDecision } from './nudge.ts';
import {
  type Attempt,
  decideSending,
  firstWorkDay,
  type NudgeWeekState,
  type Preference,
  wantsNudge,
} from './sending.ts';

const CALENDAR = {
  terms: [
    { term: 1, from: '2026-09-03', to: '2026-10-23' },
    { term: 2, from: '2026-11-02', to: '2026-12-18' },
    { term: 5, from: '2027-04-12', to: '2027-05-28' },
  ],
  inset: ['2026-11-23'],
  bank_holidays: ['2027-05-03'],
  closures: [{ date: '2026-12-07' }],
};
const WHOLE: NudgeDecision = { kind: 'send' };
const LATE: NudgeDecision = { kind: 'none', reason: 'incomplete', note: '88.0% of marks are in' };

function decide(
  today: string,
  attempt: Attempt,
  more: { earlier?: NudgeWeekState; week?: NudgeDecision; complete?: string | null } = {},
) {
  return decideSending({
    calendar: CALENDAR,
    today,
    attempt,
    earlier: more.earlier,
    week: more.week ?? WHOLE,
    complete: more.complete === undefined ? '100.0' : more.complete,
    partialPercent: 80,
  });
}

describe('when a nudge leaves', () => {
  it('is the first day of the week on which the school’s staff are at work, an INSET day included', () => {
    assert.equal(firstWorkDay(CALENDAR, '2026-W48'), '2026-11-23');
    assert.equal(firstWorkDay(CALENDAR, '2027-W18'), '2027-05-04');
    assert.equal(firstWorkDay(CALENDAR, '2026-W50'), '2026-12-08');
    assert.equal(firstWorkDay(CALENDAR, '2026-W44'), undefined);
    assert.deepEqual(decide('2026-11-23', 'first'), { kind: 'send' });
  });

  it('is never a week in which the school is closed, whoever else in the trust is open', () => {
    for (const attempt of ['first', 'again', 'last'] as const)
      assert.deepEqual(decide('2026-10-26', attempt), {
        kind: 'none',
        note: 'the school is on holiday this week',
      });
  });

  it('waits on a bank holiday until the school’s Tuesday, and then goes out once', () => {
    assert.deepEqual(decide('2027-05-03', 'first'), {
      kind: 'hold',
      state: 'waiting',
      note: 'the school’s week begins on 2027-05-04',
    });
    assert.deepEqual(decide('2027-05-04', 'again', { earlier: 'waiting' }), { kind: 'send' });
    // The whole trust was away on Monday, so that nothing ran and nothing was kept.
    assert.deepEqual(decide('2027-05-04', 'again'), { kind: 'send' });
    assert.equal(decide('2027-05-04', 'last', { earlier: 'sent' }), 'settled');
  });

  it('is held while marks are missing, then sent in part or dropped at the last attempt', () => {
    const late = { week: LATE, complete: '88.0' };
    assert.equal(kindOf(decide('2026-11-23', 'first', late)), 'hold');
    assert.equal(kindOf(decide('2026-11-23', 'again', { ...late, earlier: 'held' })), 'hold');
    assert.deepEqual(decide('2026-11-24', 'again', { earlier: 'held' }), { kind: 'send' });
    assert.deepEqual(decide('2026-11-24', 'last', { ...late, earlier: 'held' }), {
      kind: 'send-partial',
      complete: '88.0',
    });
    assert.equal(
      kindOf(decide('2026-11-24', 'last', { week: LATE, complete: '79.9', earlier: 'held' })),
      'drop',
    );
    assert.equal(
      kindOf(decide('2026-11-24', 'last', { week: LATE, complete: null, earlier: 'held' })),
      'drop',
    );
  });

  it('is once a week however the attempts fall: one that is settled is never looked at again', () => {
    const attempts = fc.constantFrom<Attempt>('first', 'again', 'last');
    const weeks = fc.constantFrom<NudgeDecision>(WHOLE, LATE);
    const tries = fc.array(fc.tuple(fc.nat(4), attempts, weeks), { maxLength: 12 });
    fc.assert(
      fc.property(tries, fc.nat(40), (list, weekNumber) => {
        let state: NudgeWeekState | undefined;
        let sent = 0;
        for (const [day, attempt, week] of list.toSorted(([left], [right]) => left - right)) {
          const today = addDays('2026-09-07', weekNumber * 7 + day);
          const found = decideSending({
            calendar: CALENDAR,
            today,
            attempt,
            earlier: state,
            week,
            complete: '90.0',
            partialPercent: 80,
          });
          if (found === 'settled') continue;
          if (found.kind === 'send' || found.kind === 'send-partial') {
            sent += 1;
            state = 'sent';
            assert.ok(dayBook(CALENDAR).isTermTime(today), `${today} is a day of school work`);
          } else state = found.kind === 'hold' ? found.state : 'none';
        }
        assert.ok(sent <= 1);
      }),
    );
  });
});

describe('someone who asked for fewer cards', () => {
  it('gets every second one, and none while they pause', () => {
    const weeks = ['2026-11-16', '2026-11-23', '2026-11-30', '2026-12-07'];
    const wanted = (preference: Preference | undefined) =>
      weeks.filter((date) => wantsNudge(preference, date));
    assert.deepEqual(wanted(undefined), weeks);
    assert.equal(wanted({ everyWeeks: 2, pausedUntil: null }).length, 2);
    assert.deepEqual(wanted({ everyWeeks: 1, pausedUntil: '2026-12-07' }), ['2026-12-07']);
  });
});

function kindOf(decision: ReturnType<typeof decide>): string {
  return decision === 'settled' ? decision : decision.kind;
}
