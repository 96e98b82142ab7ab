/**
 * Who reads a check-in: the owner's line manager; while that person is away their delegate; where a post is empty the next
 * one up. Decides from people and the trust's notes alone, never from a card. Nobody ever reviews their own.
 */
import type { Trust } from '../config/trust.ts';
import type { Person } from '../directory/model.ts';

export type Line = Pick<Person, 'id' | 'staff' | 'managerId' | 'schoolUrn'>;

/** Why this person: `manager`; `delegate` of one on leave; `above` an empty post or leave without a delegate; `contact`. */
export type Because = 'manager' | 'delegate' | 'above' | 'contact';

/** `asked` gets the review card; each of `may` may answer it (a manager on leave still may). */
export type Reviewers = {
  readonly asked?: { readonly personId: string; readonly because: Because };
  readonly may: readonly string[];
};

/** Further up than any trust is deep; ends a circle in the directory. */
const HIGHEST = 12;

/** The line manager's id: the trust's own note where the directory is wrong, else the directory's. */
export function managerIdOf(trust: Trust, person: Line): string | undefined {
  return trust.people.find((note) => note.id === person.id)?.manager ?? person.managerId;
}

export function isOnLeave(trust: Trust, personId: string, date: string): boolean {
  const leave = trust.people.find((note) => note.id === personId)?.leave;
  return leave !== undefined && leave.from <= date && date <= leave.to;
}

/** Everyone whose record `reviewersOf` may need, beyond the line itself. */
export function reservesOf(trust: Trust, owner: Line | undefined): string[] {
  const head = trust.schools.find((school) => school.urn === owner?.schoolUrn)?.head;
  return [...(head ? [head] : []), trust.trust.ceo, trust.trust.questions_contact];
}

export function delegateIdOf(trust: Trust, personId: string): string | undefined {
  return trust.people.find((note) => note.id === personId)?.delegate;
}

/**
 * Up the line from the owner, the first who is staff and present is asked. Where the line ends (a vacancy): the head of
 * the owner's school, the CEO, the trust's contact for questions. The CEO's own check-ins go to the manager that
 * `trust.yaml` notes for them (the chair's delegate), else to that contact. `lineOf` gives undefined for the unknown.
 */
export function reviewersOf(
  trust: Trust,
  ownerId: string,
  lineOf: (id: string) => Line | undefined,
  date: string,
): Reviewers {
  const may: string[] = [];
  const fits = (id: string | undefined): id is string =>
    id !== undefined && id !== ownerId && lineOf(id)?.staff === true;
  const owner = lineOf(ownerId);
  let above = owner && managerIdOf(trust, owner);
  for (let step = 0; step < HIGHEST && above !== undefined; step += 1) {
    if (fits(above)) {
      if (!may.includes(above)) may.push(above);
      if (!isOnLeave(trust, above, date)) {
        return { asked: { personId: above, because: step === 0 ? 'manager' : 'above' }, may };
      }
      const delegate = delegateIdOf(trust, above);
      if (fits(delegate) && !isOnLeave(trust, delegate, date)) {
        return { asked: { personId: delegate, because: 'delegate' }, may: [...may, delegate] };
      }
    }
    const next: Line | undefined = lineOf(above);
    above = next && managerIdOf(trust, next);
  }
  for (const reserve of reservesOf(trust, owner)) {
    if (!fits(reserve) || isOnLeave(trust, reserve, date)) continue;
    const because = reserve === trust.trust.questions_contact ? 'contact' : 'above';
    return { asked: { personId: reserve, because }, may: [...may, reserve] };
  }
  // Everyone is away: a card that waits for the nearest one's return is better than one that reaches nobody.
  const nearest = may[0] ?? reservesOf(trust, owner).find(fits);
  return nearest === undefined
    ? { may }
    : { asked: { personId: nearest, because: 'above' }, may: [...new Set([...may, nearest])] };
}
