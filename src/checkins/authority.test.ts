import { strict as assert } from 'node:assert';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { reviewersOf } from '../directory/hierarchy.ts';
import type { Person } from '../directory/model.ts';
import { type Chosen, organisationOf } from '../directory/roster.ts';
import { newReader, roleOf } from './authority.ts';
import { type Checkin, type CheckinState, decide } from './lifecycle.ts';

const DAY = '2026-11-23';
const TODAY = { from: DAY, to: DAY };
const STATES: readonly CheckinState[] = ['open', 'submitted', 'returned', 'approved', 'withdrawn'];
type Note = Record<string, unknown>;
type Change = {
  readonly people?: Readonly<Record<string, Partial<Person> | 'gone'>>;
  readonly notes?: Note[];
  /** What people chose in their settings. */
  readonly chosen?: Chosen;
};

const away = (id: string, more: Note = {}): Note => ({ id, leave: TODAY, ...more });
const delegates = (delegate: string, span: object = TODAY): Note => ({
  id: 'head1',
  delegations: [{ delegate, ...span }],
});

/**
 * What happened after Jo (head1) was sent Tom's check-in; then who is asked today, who may act, and who is newly sent it if
 * it waits to be read. Ada is the CEO, Cho the contact; Bea a colleague, Kit (head2) the other head, Nia has left.
 */
const CHANGES: readonly (readonly [
  says: string,
  change: Change,
  asked: string,
  may: string,
  sent: string,
])[] = [
  ['nothing changes', {}, 'head1', 'head1', '-'],
  ['Tom gets a new manager', { people: { tom: { managerId: 'bea' } } }, 'bea', 'bea', 'bea'],
  ['Tom moves to the other head', { people: { tom: { managerId: 'head2' } } }, 'head2', 'head2', 'head2'],
  [
    'the trust names another manager',
    { notes: [{ id: 'tom', manager: 'head2' }] },
    'head2',
    'head2',
    'head2',
  ],
  ['the trust names himself', { notes: [{ id: 'tom', manager: 'tom' }] }, 'head1', 'head1', '-'],
  ['the trust names a leaver', { notes: [{ id: 'tom', manager: 'nia' }] }, 'head1', 'head1', '-'],
  ['the trust names nobody known', { notes: [{ id: 'tom', manager: 'ghost' }] }, 'head1', 'head1', '-'],
  ['Jo goes on leave', { notes: [away('head1')] }, 'ada', 'head1 ada', 'ada'],
  [
    'Jo goes on leave, Bea for her',
    { notes: [away('head1', { delegate: 'bea' })] },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Jo goes on leave, Tom for her',
    { notes: [away('head1', { delegate: 'tom' })] },
    'ada',
    'head1 ada',
    'ada',
  ],
  [
    'Jo goes on leave, Bea for her, away too',
    { notes: [away('head1', { delegate: 'bea' }), away('bea')] },
    'ada',
    'head1 ada',
    'ada',
  ],
  [
    'Jo goes on leave, Nia for her, who has left',
    { notes: [away('head1', { delegate: 'nia' })] },
    'ada',
    'head1 ada',
    'ada',
  ],
  [
    'Jo is back from leave',
    { notes: [{ id: 'head1', leave: { from: '2026-11-02', to: '2026-11-22' }, delegate: 'bea' }] },
    'head1',
    'head1',
    '-',
  ],
  ['Jo delegates to Bea', { notes: [delegates('bea')] }, 'bea', 'head1 bea', 'bea'],
  [
    'Jo delegated to Bea until yesterday',
    { notes: [delegates('bea', { from: '2026-11-01', to: '2026-11-22' })] },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo delegates to Bea from tomorrow',
    { notes: [delegates('bea', { from: '2026-11-24', to: '2026-12-01' })] },
    'head1',
    'head1',
    '-',
  ],
  ['Jo delegates to Tom himself', { notes: [delegates('tom')] }, 'head1', 'head1', '-'],
  ['Jo delegates to Bea, who is away', { notes: [delegates('bea'), away('bea')] }, 'head1', 'head1', '-'],
  ['Jo delegates to Nia, who has left', { notes: [delegates('nia')] }, 'head1', 'head1', '-'],
  [
    'Jo is on leave and delegated to Kit before',
    { notes: [{ ...delegates('head2'), leave: TODAY, delegate: 'bea' }] },
    'head2',
    'head1 head2',
    'head2',
  ],
  [
    'Jo chose Bea for these days in her settings',
    { chosen: new Map([['head1', { delegate: 'bea', ...TODAY }]]) },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Jo chose Bea until yesterday',
    { chosen: new Map([['head1', { delegate: 'bea', from: '2026-11-01', to: '2026-11-22' }]]) },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo chose Bea from tomorrow',
    { chosen: new Map([['head1', { delegate: 'bea', from: '2026-11-24', to: '2026-11-27' }]]) },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo chose Tom himself',
    { chosen: new Map([['head1', { delegate: 'tom', ...TODAY }]]) },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo chose Nia, who has left since',
    { chosen: new Map([['head1', { delegate: 'nia', ...TODAY }]]) },
    'head1',
    'head1',
    '-',
  ],
  [
    'Jo chose Bea, and the trust notes Kit',
    { chosen: new Map([['head1', { delegate: 'bea', ...TODAY }]]), notes: [delegates('head2')] },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Jo chose Bea, who is away, and the trust notes Kit',
    {
      chosen: new Map([['head1', { delegate: 'bea', ...TODAY }]]),
      notes: [delegates('head2'), away('bea')],
    },
    'head2',
    'head1 head2',
    'head2',
  ],
  ['Jo leaves the trust', { people: { head1: { staff: false } } }, 'ada', 'ada', 'ada'],
  [
    'Jo leaves, her delegate goes with her post',
    { people: { head1: { staff: false } }, notes: [delegates('bea')] },
    'ada',
    'ada',
    'ada',
  ],
  ['Jo is gone from the directory', { people: { head1: 'gone' } }, 'ada', 'ada', 'ada'],
  ["Tom's post loses its manager", { people: { tom: { managerId: '' } } }, 'head1', 'head1', '-'],
  [
    "Tom's post loses its manager, and Jo is away",
    { people: { tom: { managerId: '' } }, notes: [away('head1')] },
    'ada',
    'head1 ada',
    'ada',
  ],
  [
    "Tom's post loses its manager, and Bea is for Jo",
    { people: { tom: { managerId: '' } }, notes: [away('head1', { delegate: 'bea' })] },
    'bea',
    'head1 bea',
    'bea',
  ],
  [
    'Tom and Bea manage each other',
    { people: { tom: { managerId: 'bea' }, bea: { managerId: 'tom' } } },
    'head1',
    'head1',
    '-',
  ],
  ['Jo and Ada are away', { notes: [away('head1'), away('ada')] }, 'cho', 'head1 ada cho', 'cho'],
  [
    'Jo and Ada are away, the chair is for Ada',
    { notes: [away('head1'), away('ada', { manager: 'head2' })] },
    'head2',
    'head1 ada head2',
    'head2',
  ],
  ['all are away', { notes: [away('head1'), away('ada'), away('cho')] }, 'head1', 'head1 ada cho', '-'],
  [
    'all have left',
    { people: Object.fromEntries(['head1', 'ada', 'cho'].map((id) => [id, { staff: false }])) },
    '-',
    '',
    '-',
  ],
  ['Tom leaves the trust', { people: { tom: { staff: false } } }, 'head1', 'head1', '-'],
  ['Tom is gone from the directory', { people: { tom: 'gone' } }, 'ada', 'ada', 'ada'],
  ['Tom moves school, not manager', { people: { tom: { schoolUrn: '100002' } } }, 'head1', 'head1', '-'],
  [
    'Tom moves school, to an empty post',
    { people: { tom: { schoolUrn: '100002', managerId: '' } } },
    'head2',
    'head2',
    'head2',
  ],
];

function reviewersAfter({ people = {}, notes = [], chosen }: Change) {
  const posts = PEOPLE.flatMap((person): [string, Person][] => {
    const change = people[person.id];
    if (change === 'gone') return [];
    const { managerId, ...rest } = { ...person, ...change };
    return [[person.id, { ...rest, ...(managerId ? { managerId } : {}) }]];
  });
  return reviewersOf(organisationOf(sampleTrust([], notes), new Map(posts), DAY, chosen), 'tom');
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
  it('is told in at least sixty rows', () => assert.ok(ROWS.length >= 60, `${ROWS.length}`));

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
