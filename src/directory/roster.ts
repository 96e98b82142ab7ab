/**
 * The staff as the rest of Waymark sees them, made from our copy and `trust.yaml`: who counts as staff, which school
 * they are at, who their manager is. Pure; made anew when the copy changes.
 */
import type { Appointments } from '../access/appointments.ts';
import type { Trust } from '../config/trust.ts';
import { fold } from '../kernel/text.ts';
import { appointmentsOf } from './appointing.ts';
import { appointedManager, type Organisation, type PersonNote, type Span } from './hierarchy.ts';
import type { Person } from './model.ts';
import type { StoredPerson } from './store.ts';

export type Roster = {
  readonly people: ReadonlyMap<string, Person>;
  /** The tenant's own accounts in the staff group, closed ones too: they may stand in a school's team. */
  readonly colleagues: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly appointments: Appointments;
};

/**
 * `staff` is true for an enabled account of the tenant's own in the trust's staff group. A guest in that group, and
 * one whose account is closed, stay known by name but are not staff.
 */
export function makeRoster(
  trust: Trust,
  stored: readonly StoredPerson[],
  groups: ReadonlyMap<string, ReadonlySet<string>>,
): Roster {
  const staffGroup = groups.get(trust.trust.staff_group) ?? new Set<string>();
  const schools = new Map(trust.schools.map((school) => [fold(school.name), school.urn]));
  const notes = notesOf(trust);
  const people = stored.map((account): Person => {
    const schoolUrn = schools.get(fold(account.office));
    const managerId = notes.get(account.id)?.manager ?? account.managerId;
    return {
      id: account.id,
      name: account.name,
      givenName: account.givenName,
      mail: account.mail,
      jobTitle: account.jobTitle,
      staff: account.enabled && account.member && staffGroup.has(account.id),
      ...(schoolUrn === undefined ? {} : { schoolUrn }),
      ...(managerId === undefined ? {} : { managerId }),
    };
  });
  const colleagues = stored.filter((account) => account.member && staffGroup.has(account.id));
  return {
    people: new Map(people.map((person) => [person.id, person])),
    colleagues: new Set(colleagues.map((account) => account.id)),
    groups,
    appointments: appointmentsOf(trust, groups),
  };
}

/** Whom people chose by themselves to act in their place, by person. */
export type Chosen = ReadonlyMap<string, Span & { readonly delegate: string }>;

/** People as posts for the hierarchy, on a local date. `chosen` comes before what the trust's file delegates. */
export function organisationOf(
  trust: Trust,
  posts: ReadonlyMap<string, Person>,
  today: string,
  chosen: Chosen = new Map(),
): Organisation {
  return {
    posts,
    notes: withChosen(notesOf(trust), chosen),
    ceo: trust.trust.ceo,
    heads: new Map(trust.schools.map((school) => [school.urn, school.head])),
    contact: trust.trust.questions_contact,
    today,
  };
}

/** Staff, the chief executive apart, whom neither Graph nor `trust.yaml` gives a manager. */
export function withoutManager(organisation: Organisation): string[] {
  return [...organisation.posts.values()]
    .filter((post) => post.staff && post.id !== organisation.ceo && !appointedManager(organisation, post.id))
    .map((post) => post.id);
}

function withChosen(notes: ReadonlyMap<string, PersonNote>, chosen: Chosen): ReadonlyMap<string, PersonNote> {
  if (chosen.size === 0) return notes;
  const all = new Map(notes);
  for (const [id, span] of chosen) {
    const note = notes.get(id);
    all.set(id, { ...note, id, delegations: [span, ...(note?.delegations ?? [])] });
  }
  return all;
}

function notesOf(trust: Trust): ReadonlyMap<string, PersonNote> {
  return new Map(trust.people.map((note) => [note.id, note]));
}
