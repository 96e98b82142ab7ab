import { strict as assert } from 'node:assert';
import { sampleTrust } from '../../test/support/school.ts';
import type { Checkin } from './lifecycle.ts';
import { type Milestone, planOf } from './milestone.ts';
import { chooseAsks, isOverdue, isWorking, reminderAfter, workingDayAfter } from './reminders.ts';

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
    'a first ask to one who wants no reminders',
    'first',
    () => ask(DUE, undefined, { rhythmOf: () => ({ unreminded: true }) }),
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

describe('overdue', () => {
  it('is a fortnight without an answer, and never what the manager has', () => {
    assert.equal(isOverdue({ state: 'open', round: '2026-11-09' }, MONDAY), false);
    assert.equal(isOverdue({ state: 'open', round: '2026-11-08' }, MONDAY), true);
    assert.equal(isOverdue({ state: 'returned', round: '2026-11-01' }, MONDAY), true);
    for (const state of ['submitted', 'approved', 'withdrawn'] as const)
      assert.equal(isOverdue({ state, round: '2026-01-01' }, MONDAY), false);
  });
});
