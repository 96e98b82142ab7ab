import { strict as assert } from 'node:assert';
import { away, type Change, DAY, LINE, TODAY } from '../../test/support/reader-changes.ts';
import { CHOSEN } from '../../test/support/reader-choices.ts';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { reviewersOf } from '../directory/hierarchy.ts';
import type { Person } from '../directory/model.ts';
import { organisationOf } from '../directory/roster.ts';
import { newReader, roleOf } from './authority.ts';
import { type Checkin, type CheckinState, decide } from './lifecycle.ts';

const STATES: readonly CheckinState[] = ['open', 'submitted', 'returned', 'approved', 'withdrawn'];
const CHANGES = [...LINE, ...CHOSEN];

function reviewersAfter({ people = {}, notes = [], chosen, rule }: Change, writer?: string) {
  const posts = PEOPLE.flatMap((person): [string, Person][] => {
    const change = people[person.id];
    if (change === 'gone') return [];
    const { managerId, ...rest } = { ...person, ...change };
    return [[person.id, { ...rest, ...(managerId ? { managerId } : {}) }]];
  });
  return reviewersOf(
    organisationOf(sampleTrust([], notes), new Map(posts), DAY, chosen),
    'tom',
    rule,
    writer,
  );
}

function checkinIn(state: CheckinState): Checkin {
  return {
    id: 'c1',
    milestoneId: 'm1',
    round: DAY,
    ownerId: 'tom',
    state,
    version: 3,
    unchanged: false,
    asked: 1,
    resting: false,
  };
}

const ROWS = CHANGES.flatMap(([says, change, asked, may, sent]) =>
  STATES.map((state) => ({ says, change, asked, may, sent: state === 'submitted' ? sent : '-', state })),
);

describe('who has a check-in after people change', () => {
  it('is told of at least sixty changes that differ, in each state', () => {
    const told = new Set(
      CHANGES.map(([, change]) => JSON.stringify({ ...change, chosen: [...(change.chosen ?? [])] })),
    );
    assert.equal(told.size, CHANGES.length);
    assert.ok(told.size >= 60, `${told.size}`);
  });

  for (const { says, change, asked, may, sent, state } of ROWS) {
    it(`${says}; it is ${state}: asked ${asked}, may ${may || 'nobody'}, sent to ${sent}`, () => {
      const reviewers = reviewersAfter(change);
      const checkin = checkinIn(state);
      assert.equal(reviewers.asked?.personId ?? '-', asked);
      assert.equal(reviewers.may.join(' '), may);
      assert.equal(newReader(checkin, reviewers, new Set(['head1'])) ?? '-', sent);
      for (const { id } of PEOPLE) {
        const role = roleOf(checkin, id, reviewers);
        assert.equal(role, id === 'tom' ? 'owner' : may.split(' ').includes(id) ? 'reviewer' : undefined);
        const actor = { kind: 'person', personId: id, mayReview: role === 'reviewer' } as const;
        const outcome = decide(checkin, { kind: 'approve', version: 3 }, actor, new Date(0));
        const goes = state === 'submitted' && role === 'reviewer';
        assert.equal(outcome.kind, goes ? 'decision' : 'refusal', `${id} approves`);
      }
    });
  }
});

/** The same where somebody else wrote the answer: who is asked, and who may. Max is in nobody's line here. */
const WROTE: readonly (readonly [
  says: string,
  change: Change,
  writer: string,
  asked: string,
  may: string,
])[] = [
  ['Tom himself', {}, 'tom', 'head1', 'head1'],
  ['Max', {}, 'max', 'head1', 'head1'],
  ['Jo, who has become his manager since', {}, 'head1', 'ada', 'ada'],
  [
    'Bea, now delegate of Jo on leave',
    { notes: [away('head1', { delegate: 'bea' })] },
    'bea',
    'ada',
    'head1 ada',
  ],
  [
    'Bea, now delegate of Jo at work',
    { notes: [{ id: 'head1', delegations: [{ delegate: 'bea', ...TODAY }] }] },
    'bea',
    'head1',
    'head1',
  ],
  ['Bea, now chosen to read it', { rule: 'bea' }, 'bea', 'head1', 'head1'],
  ['Bea, now his manager', { people: { tom: { managerId: 'bea' } } }, 'bea', 'head1', 'head1'],
  ['Ada, reached since Jo is away', { notes: [away('head1')] }, 'ada', 'cho', 'head1 cho'],
];

describe('who has an answer that somebody else wrote', () => {
  for (const [says, change, writer, asked, may] of WROTE)
    it(`${says}: asked ${asked}, may ${may}`, () => {
      const reviewers = reviewersAfter(change, writer);
      assert.equal(reviewers.asked?.personId, asked);
      assert.equal(reviewers.may.join(' '), may);
    });

  for (const [says, change, , may] of CHANGES)
    for (const writer of new Set(['max', 'bea', ...may.split(' ').filter(Boolean)]))
      it(`${says}, ${writer} wrote it: never decided by ${writer}`, () => {
        const reviewers = reviewersAfter(change, writer);
        assert.ok(!reviewers.may.includes(writer));
        assert.notEqual(reviewers.asked?.personId, writer);
        // By the plain line too, and where it was escalated to them: no caller need know to leave them out.
        const escalation = { told: 'head1', from: DAY, to: writer };
        const checkin = { ...checkinIn('submitted'), answeredBy: writer, escalation };
        assert.equal(roleOf(checkin, writer, reviewersAfter(change)), undefined);
        const actor = { kind: 'person', personId: writer, mayReview: true } as const;
        for (const command of [
          { kind: 'approve', version: 3 },
          { kind: 'return', version: 3, comment: 'More', askOn: DAY },
          { kind: 'question', version: 3, question: 'Who?' },
        ] as const)
          assert.equal(decide(checkin, command, actor, new Date(0)).kind, 'refusal', command.kind);
        for (const reader of reviewers.may) {
          assert.equal(roleOf(checkin, reader, reviewers), 'reviewer');
          const other = { ...actor, personId: reader };
          assert.equal(decide(checkin, { kind: 'approve', version: 3 }, other, new Date(0)).kind, 'decision');
        }
      });
});
