/** The cards of milestones and check-ins that are pictured, from invented words through the same code as the service. */
import { appointed } from '../../src/access/appointments.ts';
import type { Card } from '../../src/cards/elements.ts';
import { cardFor, type Face } from '../../src/checkins/cards.ts';
import { typedAgain } from '../../src/checkins/form.ts';
import type { Answer, Checkin } from '../../src/checkins/lifecycle.ts';
import type { Milestone } from '../../src/checkins/milestone.ts';
import {
  milestoneCard,
  milestoneForm,
  milestonesCard,
  ownedCard,
} from '../../src/checkins/milestone-card.ts';
import { typedFromPlan } from '../../src/checkins/milestone-form.ts';
import { rightsOf } from '../../src/checkins/milestone-rights.ts';
import { reviewListCard } from '../../src/checkins/review-list-card.ts';
import { trendCard } from '../../src/checkins/trend.ts';
import { appointmentsOf } from '../../src/directory/appointing.ts';
import { sampleTrust } from '../../test/support/school.ts';

const TRUST = sampleTrust();
const MILESTONE: Milestone = {
  id: 'chat-1',
  title: 'Fewer days lost to exclusion in Years 7 to 9',
  strand: 'families',
  schoolUrn: '100001',
  ownerId: 'bea',
  measure: 'Days of exclusion in a half-term',
  unit: 'days',
  target: 5,
  direction: 'lower',
  due: '2027-07-16',
  everyWeeks: 7,
  cadence: 'half-termly',
  firstRound: '2026-12-07',
  nextRound: '2026-12-07',
  ended: false,
};
const ANSWER: Answer = {
  status: 'on-track',
  confidence: 'medium',
  value: 9,
  note: 'The calm room is staffed at lunch now.',
  blocker: '',
  evidence: '',
};
const BLOCKED: Answer = {
  ...ANSWER,
  status: 'off-track',
  blocker: 'The council has not sent the dates',
  unblocker: 'Helen Marsh',
  unblockerId: 'helen',
};
const PEOPLE = { owner: 'Bea Hall', reader: 'Jo Marsh' };
const ROUNDS = ['2026-09-28', '2026-10-12', '2026-11-09', '2026-11-23'];
const VALUES = [14, 12, 12, 9];

function checkin(state: Checkin['state'], more: Partial<Checkin> = {}): Face {
  return {
    checkin: {
      id: 'abc123',
      milestoneId: MILESTONE.id,
      round: '2026-11-23',
      ownerId: 'bea',
      state,
      version: 2,
      unchanged: false,
      asked: 1,
      resting: false,
      ...(state === 'open' ? {} : { answer: ANSWER }),
      ...more,
    },
    milestone: MILESTONE,
    names: { owner: 'Bea', reviewer: 'Jo' },
    decider: 'Jo',
    last: { ...ANSWER, value: 12 },
  };
}

export function milestoneCards(): Readonly<Record<string, Card>> {
  const rights = rightsOf(appointed(appointmentsOf(TRUST), 'head1'));
  const view = { trust: TRUST, milestone: MILESTONE, version: 3, mayChange: true, ...PEOPLE };
  return {
    'milestone-form': milestoneForm({
      trust: TRUST,
      rights,
      id: 'new',
      version: 0,
      kind: 'new',
      typed: { ...typedFromPlan(MILESTONE, { owner: 'Hall', reader: '' }), target: 'five' },
      notice: 'Please give the target as a number, such as 150.',
    }),
    'milestone-card': milestoneCard({ ...view, last: ANSWER, steps: [] }),
    'milestone-weekly': ownedCard({
      milestone: { ...MILESTONE, weeklyAsked: true },
      version: 3,
      by: 'Jo',
      owner: 'Bea',
      reader: 'Jo',
    }),
    'milestone-trend': trendCard({
      milestone: MILESTONE,
      points: ROUNDS.map((round, index) => ({ round, answer: { ...ANSWER, value: VALUES[index] ?? 9 } })),
      ...PEOPLE,
    }),
    'milestone-list': milestonesCard({ milestones: [MILESTONE], rights }),
    'check-in-ask': cardFor('owner', checkin('open')),
    'check-in-review': cardFor('reviewer', checkin('submitted')),
    'check-in-blocked': cardFor('owner', {
      ...checkin('returned', { answer: BLOCKED, comment: 'Who could help with the dates?' }),
      typed: typedAgain(BLOCKED),
      concerned: [
        { id: 'jo', name: 'Jo Marsh' },
        { id: 'helen', name: 'Helen Marsh' },
      ],
    }),
    'check-in-off-track': cardFor('reviewer', checkin('submitted', { answer: BLOCKED })),
    'check-in-approved': cardFor('owner', checkin('approved', { decidedBy: 'head1' })),
    'check-in-channel': cardFor('other', checkin('open')),
    'check-in-reviews': reviewListCard({
      reader: 'Jo',
      waiting: [
        {
          checkin: checkin('submitted').checkin,
          milestone: MILESTONE,
          owner: 'Bea',
          unchangedBefore: 0,
          last: { ...ANSWER, value: 12 },
        },
        {
          checkin: checkin('submitted', { id: 'abc124' }).checkin,
          milestone: MILESTONE,
          owner: 'Tom',
          unchangedBefore: 0,
          last: { ...ANSWER, value: 7 },
        },
      ],
    }),
  };
}
