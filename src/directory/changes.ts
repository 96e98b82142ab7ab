/**
 * What a sync changes in our copy, worked out before anything is written: who comes, who changes, who goes. Only
 * members of the trust's staff group are kept; a pupil's or a visitor's account never enters the copy.
 */
import { type Account, accountFrom, type UserReply } from './replies.ts';
import type { StoredPerson } from './store.ts';

/** Staff as they now are, and members of the staff group of whom the changes say too little. */
export type Merged = { readonly people: ReadonlyMap<string, Account>; readonly unknown: readonly string[] };

/** Lays changes over what was stored. `members`: the staff group now. A removed account is gone, member or not. */
export function mergeChanges(
  stored: readonly StoredPerson[],
  changes: readonly UserReply[],
  members: ReadonlySet<string>,
): Merged {
  const people = new Map<string, Account>();
  for (const { managerId: _, ...account } of stored) {
    if (members.has(account.id)) people.set(account.id, account);
  }
  const removed = new Set<string>();
  for (const change of changes) {
    const known = people.get(change.id);
    if (change['@removed']) {
      removed.add(change.id);
      people.delete(change.id);
    } else {
      removed.delete(change.id);
      if (known) people.set(change.id, accountFrom(change, known));
    }
  }
  return { people, unknown: [...members].filter((id) => !people.has(id) && !removed.has(id)) };
}

/** A first reading: the members among all users of the tenant, and those whom the list did not hold. */
export function firstAccounts(users: readonly UserReply[], members: ReadonlySet<string>): Merged {
  const people = new Map<string, Account>();
  for (const user of users) {
    if (user['@removed']) people.delete(user.id);
    else if (members.has(user.id)) people.set(user.id, accountFrom(user, people.get(user.id)));
  }
  return { people, unknown: [...members].filter((id) => !people.has(id)) };
}

export type Difference = {
  readonly save: readonly StoredPerson[];
  readonly remove: readonly string[];
  readonly added: number;
  readonly changed: number;
};

/** The rows to write and to remove so that `before` becomes `after`. */
export function difference(before: readonly StoredPerson[], after: readonly StoredPerson[]): Difference {
  const old = new Map(before.map((person) => [person.id, person]));
  const kept = new Set(after.map((person) => person.id));
  const added = after.filter((person) => !old.has(person.id));
  const changed = after.filter((person) => {
    const known = old.get(person.id);
    return known !== undefined && !isSame(known, person);
  });
  return {
    save: [...added, ...changed],
    remove: before.filter((person) => !kept.has(person.id)).map((person) => person.id),
    added: added.length,
    changed: changed.length,
  };
}

function isSame(one: StoredPerson, other: StoredPerson): boolean {
  return (
    one.name === other.name &&
    one.givenName === other.givenName &&
    one.mail === other.mail &&
    one.jobTitle === other.jobTitle &&
    one.office === other.office &&
    one.enabled === other.enabled &&
    one.member === other.member &&
    one.managerId === other.managerId
  );
}
