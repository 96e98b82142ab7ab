import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { findCircles, type Line, lineOf, managerIdOf, type PersonNote, reportsTo } from './hierarchy.ts';

const LEAVE = { from: '2026-11-02', to: '2026-12-18' };

/** `managers`: person → manager as Graph has it. `left`: no longer staff. Everyone named is a person. */
function organisation(
  managers: Readonly<Record<string, string | undefined>>,
  notes: readonly PersonNote[] = [],
  left: readonly string[] = [],
  today = '2026-11-23',
) {
  const posts = Object.entries(managers).map(([id, managerId]) => ({
    id,
    staff: !left.includes(id),
    ...(managerId ? { managerId } : {}),
  }));
  return {
    posts: new Map(posts.map((post) => [post.id, post])),
    notes: new Map(notes.map((note) => [note.id, note])),
    ceo: 'ceo',
    today,
  };
}

const CHAIN = { ceo: undefined, head: 'ceo', deputy: 'head', teacher: 'deputy', other: 'head' };

const TABLE: readonly [
  name: string,
  expected: Line,
  notes?: readonly PersonNote[],
  left?: readonly string[],
  today?: string,
][] = [
  ['the manager whom Graph names', { kind: 'manager', managerId: 'deputy' }],
  [
    'the manager of trust.yaml before Graph’s',
    { kind: 'manager', managerId: 'other' },
    [{ id: 'teacher', manager: 'other' }],
  ],
  ['a vacancy when the manager has left', { kind: 'vacancy', because: 'left' }, [], ['deputy']],
  [
    'a vacancy when trust.yaml names somebody unknown',
    { kind: 'vacancy', because: 'left' },
    [{ id: 'teacher', manager: 'nobody' }],
  ],
  [
    'the delegate of a manager on leave',
    { kind: 'manager', managerId: 'other', standsInFor: 'deputy' },
    [{ id: 'deputy', leave: LEAVE, delegate: 'other' }],
  ],
  [
    'the manager again on the day after the leave',
    { kind: 'manager', managerId: 'deputy' },
    [{ id: 'deputy', leave: LEAVE, delegate: 'other' }],
    [],
    '2026-12-19',
  ],
  [
    'the delegate still on the last day of the leave',
    { kind: 'manager', managerId: 'other', standsInFor: 'deputy' },
    [{ id: 'deputy', leave: LEAVE, delegate: 'other' }],
    [],
    '2026-12-18',
  ],
  [
    'the manager above when there is no delegate',
    { kind: 'manager', managerId: 'head', standsInFor: 'deputy' },
    [{ id: 'deputy', leave: LEAVE }],
  ],
  [
    'the manager above when the delegate is away too',
    { kind: 'manager', managerId: 'head', standsInFor: 'deputy' },
    [
      { id: 'deputy', leave: LEAVE, delegate: 'other' },
      { id: 'other', leave: LEAVE },
    ],
  ],
  [
    'the manager above when the delegate has left',
    { kind: 'manager', managerId: 'head', standsInFor: 'deputy' },
    [{ id: 'deputy', leave: LEAVE, delegate: 'other' }],
    ['other'],
  ],
  [
    'never the person as the delegate of their own manager',
    { kind: 'manager', managerId: 'head', standsInFor: 'deputy' },
    [{ id: 'deputy', leave: LEAVE, delegate: 'teacher' }],
  ],
  [
    'a vacancy when everybody above is away',
    { kind: 'vacancy', because: 'away' },
    [
      { id: 'deputy', leave: LEAVE },
      { id: 'head', leave: LEAVE },
      { id: 'ceo', leave: LEAVE },
    ],
  ],
  ['a circle of two', { kind: 'circle', ids: ['teacher', 'deputy'] }, [{ id: 'deputy', manager: 'teacher' }]],
  ['a circle of one', { kind: 'circle', ids: ['teacher'] }, [{ id: 'teacher', manager: 'teacher' }]],
  [
    'the manager of a person who is below a circle, not in it',
    { kind: 'manager', managerId: 'deputy' },
    [{ id: 'head', manager: 'deputy' }],
  ],
];

describe('the line above a teacher', () => {
  for (const [name, expected, notes = [], left = [], today] of TABLE) {
    it(`is ${name}`, () =>
      assert.deepEqual(lineOf(organisation(CHAIN, notes, left, today), 'teacher'), expected));
  }

  it('ends at the chief executive, whatever Graph says of them', () => {
    assert.deepEqual(lineOf(organisation({ ...CHAIN, ceo: 'teacher' }), 'ceo'), { kind: 'top' });
    assert.deepEqual(lineOf(organisation({ ...CHAIN, ceo: 'head' }), 'head'), {
      kind: 'manager',
      managerId: 'ceo',
    });
  });

  it('is a vacancy where no manager is named', () => {
    const alone = organisation({ ...CHAIN, teacher: undefined });
    assert.deepEqual(lineOf(alone, 'teacher'), { kind: 'vacancy', because: 'none-named' });
  });
});

describe('the reports of a manager', () => {
  it('pass to the delegate while the manager is away, and leavers are not among them', () => {
    const notes = [{ id: 'deputy', leave: LEAVE, delegate: 'other' }];
    const people = { ...CHAIN, second: 'deputy', gone: 'deputy' };
    assert.deepEqual(reportsTo(organisation(people, notes, ['gone']), 'other'), ['teacher', 'second']);
    assert.deepEqual(reportsTo(organisation(people, notes, ['gone']), 'deputy'), []);
  });
});

describe('circles', () => {
  it('are each found once, from their smallest id', () => {
    const found = findCircles(organisation({ ceo: undefined, c: 'b', b: 'a', a: 'c', x: 'a', y: 'y' }));
    assert.deepEqual(found, [['a', 'c', 'b'], ['y']]);
  });

  it('never make anyone their own manager, and lines and reports agree, whatever the directory says', () => {
    const ids = ['ceo', 'a', 'b', 'c', 'd', 'e'];
    const anyone = fc.option(fc.constantFrom(...ids), { nil: undefined });
    const managers = fc.record(Object.fromEntries(ids.map((id) => [id, anyone])));
    const notes = fc.array(
      fc.record({
        id: fc.constantFrom(...ids),
        manager: anyone,
        delegate: anyone,
        leave: fc.option(fc.constant(LEAVE), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(managers, notes, fc.subarray(ids), (graph, told, left) => {
        const given = organisation(graph, told, left);
        for (const id of ids) {
          const manager = managerIdOf(lineOf(given, id));
          assert.notEqual(manager, id);
          if (manager === undefined) continue;
          assert.ok(!left.includes(manager));
          assert.equal(reportsTo(given, manager).includes(id), !left.includes(id));
        }
      }),
    );
  });
});
