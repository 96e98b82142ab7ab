import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { findCircles, type PersonNote, type Post, reportsTo, reviewersOf } from './hierarchy.ts';
import { organisationOf } from './roster.ts';

const DAY = '2026-11-23';
type Note = Record<string, unknown>;

function reviewers(owner: string, notes: readonly Note[] = [], people = PEOPLE) {
  const posts = new Map(people.map((person) => [person.id, person]));
  const found = reviewersOf(organisationOf(sampleTrust([], notes), posts, DAY), owner);
  return `${found.asked ? `${found.asked.personId} as ${found.asked.because}` : 'nobody'} of ${found.may.join(',')}`;
}

const away = (id: string, more: Note = {}): Note => ({ id, leave: { from: DAY, to: DAY }, ...more });

const TRUTH: readonly (readonly [says: string, owner: string, notes: readonly Note[], wanted: string])[] = [
  ['the line manager', 'tom', [], 'head1 as manager of head1'],
  ['the CEO for her own reports', 'head1', [], 'ada as manager of ada'],
  ["whom the trust's note names", 'tom', [{ id: 'tom', manager: 'head2' }], 'head2 as manager of head2'],
  [
    'the delegate of a manager on leave',
    'tom',
    [away('head1', { delegate: 'bea' })],
    'bea as delegate of head1,bea',
  ],
  [
    'the next one up when the delegate is the person',
    'tom',
    [away('head1', { delegate: 'tom' })],
    'ada as above of head1,ada',
  ],
  [
    'the next one up when the delegate is away',
    'tom',
    [away('head1', { delegate: 'bea' }), away('bea')],
    'ada as above of head1,ada',
  ],
  [
    'the next one up when the delegate has left',
    'tom',
    [away('head1', { delegate: 'nia' })],
    'ada as above of head1,ada',
  ],
  [
    'the manager who is here, whoever stands in on leave',
    'tom',
    [{ id: 'head1', delegate: 'bea' }],
    'head1 as manager of head1',
  ],
  [
    'the manager again on the day after the leave',
    'tom',
    [{ id: 'head1', leave: { from: '2026-11-02', to: '2026-11-22' }, delegate: 'bea' }],
    'head1 as manager of head1',
  ],
  [
    'the delegate still on the last day of the leave',
    'tom',
    [{ id: 'head1', leave: { from: '2026-11-02', to: DAY }, delegate: 'bea' }],
    'bea as delegate of head1,bea',
  ],
  ['the next one up during leave without a delegate', 'tom', [away('head1')], 'ada as above of head1,ada'],
  ['the next one up when the manager has left', 'ivy', [], 'head1 as above of head1'],
  ['the head of the school for an empty post', 'fay', [], 'head2 as above of head2'],
  ['and when the head is away, the CEO', 'fay', [away('head2')], 'ada as above of head2,ada'],
  [
    "and when the head is away, the head's delegate",
    'fay',
    [away('head2', { delegate: 'lee' })],
    'lee as delegate of head2,lee',
  ],
  ['whom a note puts into an empty post', 'fay', [{ id: 'fay', manager: 'lee' }], 'lee as manager of lee'],
  ["the contact for the CEO's own", 'ada', [], 'cho as contact of cho'],
  [
    "the chair's delegate for the CEO, when the trust names one",
    'ada',
    [{ id: 'ada', manager: 'bea' }],
    'bea as manager of bea',
  ],
  [
    "the contact when the chair's delegate is away",
    'ada',
    [{ id: 'ada', manager: 'bea' }, away('bea')],
    'cho as contact of bea,cho',
  ],
  [
    'the head for one who manages themself by mistake',
    'tom',
    [{ id: 'tom', manager: 'tom' }],
    'head1 as above of head1',
  ],
  [
    'the head for two who manage each other',
    'tom',
    [
      { id: 'tom', manager: 'bea' },
      { id: 'bea', manager: 'tom' },
    ],
    'head1 as above of head1',
  ],
  [
    'the manager for one who is below a circle, not in it',
    'max',
    [{ id: 'head2', manager: 'lee' }],
    'lee as manager of lee',
  ],
  [
    'the head where the manager is unknown',
    'tom',
    [{ id: 'tom', manager: 'ghost' }],
    'head1 as above of head1',
  ],
  ['the CEO for someone unknown', 'ghost', [], 'ada as above of ada'],
  [
    'the nearest, when all are away',
    'tom',
    [away('head1'), away('ada'), away('cho')],
    'head1 as manager of head1,ada,cho',
  ],
];

describe('who acts as line manager is', () => {
  for (const [says, owner, notes, wanted] of TRUTH) {
    it(`${says} (${owner})`, () => assert.equal(reviewers(owner, notes), wanted));
  }

  it('nobody where nobody is staff', () => {
    const none = PEOPLE.map((person) => ({ ...person, staff: false }));
    assert.equal(reviewers('tom', [], none), 'nobody of ');
  });

  it("never from the directory for the CEO: a mistake there would let a report approve their own manager's", () => {
    const wrong = PEOPLE.map((person) => (person.id === 'ada' ? { ...person, managerId: 'head1' } : person));
    assert.equal(reviewers('ada', [], wrong), 'cho as contact of cho');
  });
});

describe('the reports of a manager', () => {
  it('pass to the delegate while the manager is away, and leavers are not among them', () => {
    const posts = new Map(PEOPLE.map((person) => [person.id, person]));
    const on = (notes: readonly Note[]) => organisationOf(sampleTrust([], notes), posts, DAY);
    assert.deepEqual(reportsTo(on([]), 'head1'), ['tom', 'bea', 'ivy']);
    const notes = [away('head1', { delegate: 'max' })];
    assert.deepEqual(reportsTo(on(notes), 'max'), ['tom', 'bea', 'ivy']);
    assert.deepEqual(reportsTo(on(notes), 'head1'), []);
  });
});

/** Any tangle of managers, notes and leavers among six people. */
function tangle() {
  const ids = ['ceo', 'a', 'b', 'c', 'd', 'e'];
  const anyone = fc.option(fc.constantFrom(...ids), { nil: undefined });
  const span = fc.constantFrom({ from: DAY, to: DAY }, { from: '2026-11-01', to: '2026-11-22' });
  const managers = fc.record(Object.fromEntries(ids.map((id) => [id, anyone])));
  const notes = fc.array(
    fc.record({
      id: fc.constantFrom(...ids),
      manager: anyone,
      delegate: anyone,
      leave: fc.option(span, { nil: undefined }),
      delegations: fc.array(
        fc.record({ delegate: fc.constantFrom(...ids), range: span }).map(({ delegate, range }) => ({
          delegate,
          ...range,
        })),
        { maxLength: 2 },
      ),
    }),
  );
  return fc
    .record({ managers, notes, left: fc.subarray(ids) })
    .map(({ managers: graph, notes: told, left }) => ({
      left,
      ids,
      organisation: organisationFrom(graph, told, left),
    }));
}

function organisationFrom(
  managers: Readonly<Record<string, string | undefined>>,
  notes: readonly PersonNote[] = [],
  left: readonly string[] = [],
) {
  const posts = Object.entries(managers).map(
    ([id, managerId]): Post => ({
      id,
      staff: !left.includes(id),
      ...(managerId ? { managerId } : {}),
    }),
  );
  return {
    posts: new Map(posts.map((post) => [post.id, post])),
    notes: new Map(notes.map((note) => [note.id, note])),
    ceo: 'ceo',
    heads: new Map<string, string>(),
    contact: 'e',
    today: DAY,
  };
}

describe('the rule of management, whatever the directory says', () => {
  it('never makes anyone their own manager, asks only staff who may, and agrees with the reports', () => {
    fc.assert(
      fc.property(tangle(), ({ organisation, ids, left }) => {
        for (const id of ids) {
          for (const chosen of [...ids, 'nobody']) {
            const read = reviewersOf(organisation, id, chosen);
            assert.ok(!read.may.includes(id), 'never oneself, whoever was chosen');
            assert.ok(!read.may.some((other) => left.includes(other)));
            if (id !== organisation.ceo && chosen !== id && !left.includes(chosen) && ids.includes(chosen))
              assert.equal(read.may[0], chosen);
            if (id === organisation.ceo) assert.deepEqual(read, reviewersOf(organisation, id));
          }
          const { asked, may } = reviewersOf(organisation, id);
          assert.ok(!may.includes(id));
          assert.ok(!may.some((other) => left.includes(other)));
          assert.equal(new Set(may).size, may.length);
          assert.equal(asked === undefined, may.length === 0);
          if (!asked) continue;
          assert.ok(may.includes(asked.personId));
          assert.equal(reportsTo(organisation, asked.personId).includes(id), !left.includes(id));
        }
      }),
    );
  });

  it('finds each circle once, from its smallest id', () => {
    const found = findCircles(organisationFrom({ ceo: undefined, c: 'b', b: 'a', a: 'c', x: 'a', y: 'y' }));
    assert.deepEqual(found, [['a', 'c', 'b'], ['y']]);
  });
});
