import { strict as assert } from 'node:assert';
import { sampleTrust } from '../../test/support/school.ts';
import type { Checkin } from './lifecycle.ts';
import { type Milestone, planOf } from './milestone.ts';
import { chooseAsks, isHour, isOverdue, isWorking, reminderAfter, workingDayAfter } from './reminders.ts';

const MONDAY = '2026-11-23';
const [plan] = sampleTrust().milestones.map(planOf);
if (!plan) throw new Error('the sample has a milestone');
const DUE: Milestone = { ...plan, nextRound: MONDAY, ended: false };
const ASKED: Milestone = { ...plan, nextRound: '2026-12-11', ended: false };
const OPEN: Checkin = {
  id: 'c1',
  milestoneId: 'm1',
  round: '2026-11-16',
  ownerId: 'tom',
  state: 'open',
  version: 1,
  unchanged: false,
  asked: 1,
  askOn: MONDAY,
  resting: false,
};

type Facts = Parameters<typeof chooseAsks>[0];

function ask(milestone: Milestone, live: Checkin | undefined, more: Partial<Facts> = {}): string {
  const [first] = chooseAsks({
    date: MONDAY,
    milestones: [milestone],
    live: new Map(live ? [['m1', live]] : []),
    rhythmOf: () => undefined,
    isStaff: () => true,
    isSchoolDay: () => true,
    ...more,
  });
  if (!first) return 'silent';
  return first.kind === 'first' && first.replaces ? 'first, replacing' : first.kind;
}

const { nextRound: _none, ...FINISHED } = DUE;
const TRUTH: readonly (readonly [says: string, wanted: string, got: () => string])[] = [
  ['a round that has come', 'first', () => ask(DUE, undefined)],
  [
    'a round that came while we were away',
    'first',
    () => ask({ ...DUE, nextRound: '2026-11-02' }, undefined),
  ],
  ['a round still to come', 'silent', () => ask(ASKED, undefined)],
  ['no more rounds', 'silent', () => ask(FINISHED, undefined)],
  ['a milestone that ended', 'silent', () => ask({ ...DUE, ended: true }, undefined)],
  ['an owner who has left', 'silent', () => ask(DUE, undefined, { isStaff: () => false })],
  ['a day without school', 'silent', () => ask(DUE, undefined, { isSchoolDay: () => false })],
  [
    'a day the owner does not work',
    'silent',
    () => ask(DUE, undefined, { rhythmOf: () => ({ works: [2, 3] }) }),
  ],
  ['a day the part-timer works', 'first', () => ask(DUE, undefined, { rhythmOf: () => ({ works: [1] }) })],
  [
    'leave',
    'silent',
    () => ask(DUE, undefined, { rhythmOf: () => ({ leave: { from: MONDAY, to: MONDAY } }) }),
  ],
  [
    'leave that ended yesterday',
    'first',
    () => ask(DUE, undefined, { rhythmOf: () => ({ leave: { from: '2026-11-01', to: '2026-11-22' } }) }),
  ],
  [
    'a round that has come, thirteen days after another of theirs',
    'silent',
    () => ask(DUE, undefined, { lastAskedOf: () => '2026-11-10', apart: 14 }),
  ],
  [
    'a round that has come, a fortnight after another',
    'first',
    () => ask(DUE, undefined, { lastAskedOf: () => '2026-11-09', apart: 14 }),
  ],
  [
    'a round of every week, which its owner agreed to',
    'first',
    () => ask({ ...DUE, everyWeeks: 1 }, undefined, { lastAskedOf: () => '2026-11-16', apart: 14 }),
  ],
  [
    'a step that its owner agreed on a card',
    'first',
    () => ask({ ...DUE, id: 'focus-1' }, undefined, { lastAskedOf: () => '2026-11-20', apart: 14 }),
  ],
  [
    'a reminder, soon after the ask of another',
    'again',
    () => ask(ASKED, OPEN, { lastAskedOf: () => '2026-11-20', apart: 14 }),
  ],
  [
    'a trust that asks oftener',
    'first',
    () => ask(DUE, undefined, { lastAskedOf: () => '2026-11-20', apart: 3 }),
  ],
  [
    'a pause that its owner chose',
    'silent',
    () => ask(DUE, undefined, { rhythmOf: () => ({ pausedUntil: '2026-11-24' }) }),
  ],
  [
    'a pause that ends today',
    'first',
    () => ask(DUE, undefined, { rhythmOf: () => ({ pausedUntil: MONDAY }) }),
  ],
  [
    'a reminder in a pause',
    'silent',
    () => ask(ASKED, OPEN, { rhythmOf: () => ({ pausedUntil: '2026-12-01' }) }),
  ],
  [
    'a reminder to one who wants none',
    'silent',
    () => ask(ASKED, OPEN, { rhythmOf: () => ({ unreminded: true }) }),
  ],
  [
    'a day that one who wants no reminders named with "Not today"',
    'again',
    () => ask(ASKED, { ...OPEN, resting: true }, { rhythmOf: () => ({ unreminded: true }) }),
  ],
  [
    'what was put off after the second reminder',
    'silent',
    () => ask(ASKED, { ...OPEN, resting: true, asked: 3 }),
  ],
  [
    'a first ask to one who wants no reminders',
    'first',
    () => ask(DUE, undefined, { rhythmOf: () => ({ unreminded: true }) }),
  ],
  [
    'a reminder on a day that its owner took off in their settings',
    'silent',
    () => ask(ASKED, OPEN, { rhythmOf: () => ({ works: [2, 3, 4] }) }),
  ],
  ['an hour that is not theirs', 'silent', () => ask(ASKED, OPEN, { isHourOf: () => false })],
  ['one who has been asked today', 'silent', () => ask(ASKED, OPEN, { askedToday: new Set(['tom']) })],
  [
    'a colleague in their place, on a day that the owner has off',
    'first',
    () =>
      ask(DUE, undefined, {
        standInOf: () => 'bea',
        rhythmOf: (id) => (id === 'tom' ? { works: [2] } : undefined),
      }),
  ],
  [
    'a colleague in their place, on a day that the colleague has off',
    'silent',
    () =>
      ask(DUE, undefined, {
        standInOf: () => 'bea',
        rhythmOf: (id) => (id === 'bea' ? { works: [2] } : undefined),
      }),
  ],
  [
    'a colleague in their place who was asked within the fortnight for themself or another',
    'silent',
    () =>
      ask(DUE, undefined, {
        standInOf: () => 'bea',
        lastAskedOf: (id) => (id === 'bea' ? '2026-11-10' : undefined),
        apart: 14,
      }),
  ],
  [
    'a colleague in their place, the owner of which was asked within the fortnight',
    'silent',
    () =>
      ask(DUE, undefined, {
        standInOf: () => 'bea',
        lastAskedOf: (id) => (id === 'tom' ? '2026-11-10' : undefined),
        apart: 14,
      }),
  ],
  [
    'a colleague in the place of an owner on leave',
    'again',
    () =>
      ask(ASKED, OPEN, {
        standInOf: () => 'bea',
        rhythmOf: (id) => (id === 'tom' ? { leave: { from: MONDAY, to: MONDAY } } : undefined),
      }),
  ],
  [
    'a colleague in the place of an owner who has paused',
    'silent',
    () =>
      ask(ASKED, OPEN, {
        standInOf: () => 'bea',
        rhythmOf: (id) => (id === 'tom' ? { pausedUntil: '2026-12-01' } : undefined),
      }),
  ],
  [
    'a colleague for one who wants no reminders',
    'silent',
    () =>
      ask(ASKED, OPEN, {
        standInOf: () => 'bea',
        rhythmOf: (id) => (id === 'tom' ? { unreminded: true } : undefined),
      }),
  ],
  ['a reminder that is due', 'again', () => ask(ASKED, OPEN)],
  ['a reminder that came due on days off', 'again', () => ask(ASKED, { ...OPEN, askOn: '2026-11-20' })],
  ['a reminder not yet due', 'silent', () => ask(ASKED, { ...OPEN, askOn: '2026-11-24' })],
  ['the second reminder', 'again', () => ask(ASKED, { ...OPEN, asked: 2 })],
  ['a third reminder', 'silent', () => ask(ASKED, { ...OPEN, asked: 3 })],
  ['a returned one after some days', 'again', () => ask(ASKED, { ...OPEN, state: 'returned' })],
  ['one that the manager has', 'silent', () => ask(ASKED, { ...OPEN, state: 'submitted' })],
  [
    'the next round while the manager has the last',
    'silent',
    () => ask(DUE, { ...OPEN, state: 'submitted' }),
  ],
  ['the next round while the last has no answer', 'first, replacing', () => ask(DUE, OPEN)],
];

describe('whom to ask today', () => {
  for (const [says, wanted, got] of TRUTH) it(`${says}: ${wanted}`, () => assert.equal(got(), wanted));

  it('asks a person for one milestone a day, the longest-waiting first', () => {
    const later = { ...DUE, id: 'm2', nextRound: MONDAY };
    const earlier = { ...DUE, id: 'm3', nextRound: '2026-11-16' };
    const other = { ...DUE, id: 'm4', ownerId: 'bea' };
    const asks = chooseAsks({
      date: MONDAY,
      milestones: [later, earlier, other],
      live: new Map(),
      rhythmOf: () => undefined,
      isStaff: () => true,
      isSchoolDay: () => true,
    });
    assert.deepEqual(
      asks.map((chosen) => chosen.milestone.id),
      ['m3', 'm4'],
    );
  });
});

describe('an owner’s days', () => {
  it('are Monday to Friday unless the trust says otherwise', () => {
    assert.equal(isWorking(undefined, '2026-11-21'), false);
    assert.equal(isWorking(undefined, MONDAY), true);
    assert.equal(isWorking({ works: [1, 2, 3] }, '2026-11-26'), false);
  });

  it('are counted without weekends, days off and leave', () => {
    assert.equal(workingDayAfter(undefined, '2026-11-20'), MONDAY);
    assert.equal(workingDayAfter({ works: [1] }, MONDAY), '2026-11-30');
    assert.equal(workingDayAfter({ leave: { from: '2026-11-24', to: '2026-11-27' } }, MONDAY), '2026-11-30');
    assert.equal(reminderAfter(undefined, '2026-11-19'), '2026-11-24');
  });
});

describe('an owner’s hours', () => {
  const HOURS: readonly (readonly [
    says: string,
    hours: object | undefined,
    time: string,
    first: boolean,
    later: boolean,
  ])[] = [
    ['none chosen', undefined, '08:00', true, false],
    ['none chosen, at noon', undefined, '12:00', true, false],
    ['from ten', { from: '10:00' }, '08:00', false, false],
    ['from ten, at ten', { from: '10:00' }, '10:00', true, true],
    ['until noon', { to: '12:00' }, '08:00', true, true],
    ['until noon, at noon', { to: '12:00' }, '12:00', false, false],
    ['from noon until two', { from: '12:00', to: '14:00' }, '12:00', true, true],
    ['from noon until two, at two', { from: '12:00', to: '14:00' }, '14:00', false, false],
  ];
  for (const [says, hours, time, first, later] of HOURS)
    it(`${says}, ${time}: ${first ? 'now' : 'not now'}`, () => {
      assert.equal(isHour({ hours }, time, false), first);
      assert.equal(isHour({ hours }, time, true), later);
    });
});

describe('overdue', () => {
  type Waiting = Parameters<typeof isOverdue>[0];
  type Around = Parameters<typeof isOverdue>[1];
  const at = (date: string) => new Date(`${date}T08:00:00Z`);
  const late = (today: string, checkin: Partial<Waiting> = {}, around: Partial<Around> = {}): boolean =>
    isOverdue(
      { state: 'open', asked: 1, openedAt: at('2026-11-09'), ...checkin },
      { today, zone: 'Europe/London', rhythm: undefined, isSchoolDay: () => true, ...around },
    );

  it('is ten whole working days after the first ask, however long ago its round came', () => {
    assert.equal(late(MONDAY), false, 'the tenth is not over');
    assert.equal(late('2026-11-24'), true);
    assert.equal(late(MONDAY, { openedAt: at(MONDAY) }), false, 'asked this morning, after leave');
    assert.equal(late('2027-03-01', { asked: 0 }), false, 'never asked');
  });

  it('counts anew from the day that it came back', () => {
    const back = { state: 'returned', openedAt: at('2026-10-05') } as const;
    assert.equal(late(MONDAY, { ...back, decidedAt: at(MONDAY) }), false);
    assert.equal(late('2026-11-24', { ...back, decidedAt: at('2026-11-09') }), true);
  });

  it('counts no day of a holiday, of leave, of a pause, or on which they do not work', () => {
    const isSchoolDay = (date: string) => date <= '2026-12-18' || date >= '2027-01-04';
    const asked = { openedAt: at('2026-12-17') };
    assert.equal(late('2027-01-04', asked, { isSchoolDay }), false);
    assert.equal(late('2027-01-15', asked, { isSchoolDay }), true, 'the Friday before and nine days since');
    const leave = { from: '2026-11-10', to: '2026-11-20' };
    assert.equal(late('2026-12-04', {}, { rhythm: { leave } }), false);
    assert.equal(late('2026-12-07', {}, { rhythm: { leave } }), true);
    assert.equal(late('2026-12-04', {}, { rhythm: { pausedUntil: '2026-12-07' } }), false, 'paused now');
    assert.equal(late('2026-12-14', {}, { rhythm: { pausedUntil: '2026-12-07' } }), false, 'a week back');
    assert.equal(late('2027-01-18', {}, { rhythm: { works: [1] } }), false, 'Mondays only');
    assert.equal(late('2027-01-19', {}, { rhythm: { works: [1] } }), true);
  });

  it('is never what the manager has, or what is over', () => {
    for (const state of ['submitted', 'approved', 'withdrawn'] as const)
      assert.equal(late('2027-03-01', { state }), false);
  });
});
