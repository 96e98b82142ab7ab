import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { type Line, reviewersOf } from './authority.ts';

const DAY = '2026-11-23';
type Note = Record<string, unknown>;

function reviewers(owner: string, notes: readonly Note[] = [], people: readonly Line[] = PEOPLE) {
  const found = reviewersOf(
    sampleTrust([], notes),
    owner,
    (id) => people.find((person) => person.id === id),
    DAY,
  );
  return `${found.asked ? `${found.asked.personId} as ${found.asked.because}` : 'nobody'} of ${found.may.join(',')}`;
}

const away = (id: string, more: Note = {}): Note => ({ id, leave: { from: DAY, to: DAY }, ...more });

const TRUTH: readonly (readonly [says: string, owner: string, notes: readonly Note[], wanted: string])[] = [
  ['the line manager reads', 'tom', [], 'head1 as manager of head1'],
  ['the CEO reads what her own reports send', 'head1', [], 'ada as manager of ada'],
  [
    "the trust's note mends the directory",
    'tom',
    [{ id: 'tom', manager: 'head2' }],
    'head2 as manager of head2',
  ],
  [
    'a delegate reads while the manager is away',
    'tom',
    [away('head1', { delegate: 'bea' })],
    'bea as delegate of head1,bea',
  ],
  [
    'a delegate who is the owner is passed over',
    'tom',
    [away('head1', { delegate: 'tom' })],
    'ada as above of head1,ada',
  ],
  [
    'a delegate who is away too is passed over',
    'tom',
    [away('head1', { delegate: 'bea' }), away('bea')],
    'ada as above of head1,ada',
  ],
  [
    'a delegate who has left is passed over',
    'tom',
    [away('head1', { delegate: 'nia' })],
    'ada as above of head1,ada',
  ],
  [
    'a delegate means nothing while the manager is here',
    'tom',
    [{ id: 'head1', delegate: 'bea' }],
    'head1 as manager of head1',
  ],
  [
    'leave that is over counts for nothing',
    'tom',
    [{ id: 'head1', leave: { from: '2026-11-02', to: '2026-11-20' }, delegate: 'bea' }],
    'head1 as manager of head1',
  ],
  ['leave without a delegate goes up one', 'tom', [away('head1')], 'ada as above of head1,ada'],
  ['a manager who has left goes up one', 'ivy', [], 'head1 as above of head1'],
  ["an empty post is the head's of that school", 'fay', [], 'head2 as above of head2'],
  ['and when the head is away, the CEO', 'fay', [away('head2')], 'ada as above of ada'],
  ['a note can fill an empty post', 'fay', [{ id: 'fay', manager: 'lee' }], 'lee as manager of lee'],
  ["the CEO's own go to the contact for questions", 'ada', [], 'cho as contact of cho'],
  [
    "or to the chair's delegate whom the trust names",
    'ada',
    [{ id: 'ada', manager: 'bea' }],
    'bea as manager of bea',
  ],
  [
    'one who manages themself by mistake is not asked',
    'tom',
    [{ id: 'tom', manager: 'tom' }],
    'head1 as above of head1',
  ],
  [
    'two who manage each other end in the school',
    'tom',
    [
      { id: 'tom', manager: 'bea' },
      { id: 'bea', manager: 'tom' },
    ],
    'bea as manager of bea',
  ],
  [
    'a manager unknown to the directory is an empty post',
    'tom',
    [{ id: 'tom', manager: 'ghost' }],
    'head1 as above of head1',
  ],
  ['an owner unknown to the directory is read by the CEO', 'ghost', [], 'ada as above of ada'],
  [
    'when all are away the nearest is asked all the same',
    'tom',
    [away('head1'), away('ada'), away('cho')],
    'head1 as above of head1,ada',
  ],
];

describe('who reads a check-in', () => {
  for (const [says, owner, notes, wanted] of TRUTH) {
    it(`${says} (${owner})`, () => assert.equal(reviewers(owner, notes), wanted));
  }

  it('finds nobody where nobody is staff', () => {
    const none = PEOPLE.map((person) => ({ ...person, staff: false }));
    assert.equal(reviewers('tom', [], none), 'nobody of ');
  });

  it('never names the owner, and asks only someone who may, in any tangle of managers', () => {
    const ids = PEOPLE.map((person) => person.id);
    const anyone = fc.constantFrom(...ids);
    const note = fc.record(
      { manager: anyone, delegate: anyone, leave: fc.constant({ from: DAY, to: DAY }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        anyone,
        fc.array(note, { minLength: ids.length, maxLength: ids.length }),
        (owner, notes) => {
          const trust = sampleTrust(
            [],
            notes.map((entry, index) => ({ id: ids[index], ...entry })),
          );
          const found = reviewersOf(trust, owner, (id) => PEOPLE.find((person) => person.id === id), DAY);
          assert.ok(!found.may.includes(owner));
          assert.ok(!found.may.includes('nia'), 'someone who has left');
          assert.ok(found.asked && found.may.includes(found.asked.personId));
        },
      ),
      { numRuns: 300 },
    );
  });
});
