import { strict as assert } from 'node:assert';
import { type Change, DAY, LINE } from '../../test/support/reader-changes.ts';
import { CHOSEN } from '../../test/support/reader-choices.ts';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { reviewersOf } from '../directory/hierarchy.ts';
import type { Person } from '../directory/model.ts';
import { organisationOf } from '../directory/roster.ts';
import { newReader, roleOf } from './authority.ts';
import { type Checkin, type CheckinState, decide } from './lifecycle.ts';

const STATES: readonly CheckinState[] = ['open', 'submitted', 'returned', 'approved', 'withdrawn'];
const CHANGES = [...LINE, ...CHOSEN];

function reviewersAfter({ people = {}, notes = [], chosen, rule }: Change) {
  const posts = PEOPLE.flatMap((person): [string, Person][] => {
    const change = people[person.id];
    if (change === 'gone') return [];
    const { managerId, ...rest } = { ...person, ...change };
    return [[person.id, { ...rest, ...(managerId ? { managerId } : {}) }]];
  });
  return reviewersOf(organisationOf(sampleTrust([], notes), new Map(posts), DAY, chosen), 'tom', rule);
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
