import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { difference, firstAccounts, mergeChanges } from './changes.ts';
import type { UserReply } from './replies.ts';
import type { StoredPerson } from './store.ts';

function person(id: string, more: Partial<StoredPerson> = {}): StoredPerson {
  const name = `Name ${id}`;
  return {
    id,
    name,
    givenName: 'Name',
    mail: `${id}@tideway.example`,
    jobTitle: 'Teacher',
    office: 'Harbour Primary',
    enabled: true,
    member: true,
    ...more,
  };
}

const members = new Set(['a', 'b']);
const gone = (id: string): UserReply => ({ id, '@removed': { reason: 'changed' } });

describe('changes that Graph tells', () => {
  it('touch only what they name; null empties, and what is left out stays', () => {
    const { people } = mergeChanges(
      [person('a')],
      [{ id: 'a', jobTitle: 'Head', officeLocation: null }],
      members,
    );
    assert.deepEqual(people.get('a'), person('a', { jobTitle: 'Head', office: '' }));
  });

  it('never bring in an account outside the staff group', () => {
    const pupil: UserReply = { id: 'pupil', displayName: 'P', accountEnabled: true, userType: 'Member' };
    assert.ok(!mergeChanges([], [pupil], members).people.has('pupil'));
    assert.ok(!firstAccounts([pupil], members).people.has('pupil'));
  });

  it('take out whoever was removed or left the group, and ask for members who are not known', () => {
    const merged = mergeChanges([person('a'), person('c')], [gone('a')], members);
    assert.deepEqual([[...merged.people.keys()], merged.unknown], [[], ['b']]);
  });

  it('ask afresh about somebody removed and restored in one round', () => {
    const merged = mergeChanges([person('a')], [gone('a'), { id: 'a', displayName: 'Back' }], new Set(['a']));
    assert.deepEqual([merged.people.size, merged.unknown], [0, ['a']]);
  });

  it('treat an account as closed until Graph says that it is open, and as a guest until it says member', () => {
    const { people } = firstAccounts([{ id: 'a', displayName: 'A B' }], members);
    assert.deepEqual([people.get('a')?.enabled, people.get('a')?.member], [false, false]);
  });
});

describe('the difference of two copies', () => {
  const anyone = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    jobTitle: fc.constantFrom('Teacher', 'Head'),
    enabled: fc.boolean(),
    managerId: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
  });
  const copy = fc
    .uniqueArray(anyone, { selector: (one) => one.id })
    .map((rows) =>
      rows.map(({ managerId, ...row }) => person(row.id, { ...row, ...(managerId ? { managerId } : {}) })),
    );

  it('turns the one into the other, and writes nothing when they are the same', () => {
    fc.assert(
      fc.property(copy, copy, (before, after) => {
        const { save, remove, added, changed } = difference(before, after);
        const rows = new Map(before.map((row) => [row.id, row]));
        for (const row of save) rows.set(row.id, row);
        for (const id of remove) rows.delete(id);
        assert.deepEqual(
          rows,
          new Map([...rows.keys()].map((id) => [id, after.find((row) => row.id === id)])),
        );
        assert.equal(rows.size, after.length);
        assert.equal(save.length, added + changed);
        assert.deepEqual(difference(after, after), { save: [], remove: [], added: 0, changed: 0 });
      }),
    );
  });
});
