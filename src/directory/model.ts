/** People, teams and channels as Waymark knows them, whatever they are read from. Ids are Graph's object ids. */

import type { Appointments } from '../access/appointments.ts';
import type { Holder } from '../access/roles.ts';

export type Person = {
  readonly id: string;
  readonly name: string;
  readonly givenName: string;
  readonly mail: string;
  readonly jobTitle: string;
  /** Member of the trust's staff group: the only people Waymark talks to. Pupils, guests and leavers are not. */
  readonly staff: boolean;
  /** The school named in their office location, when it is one of the trust's. */
  readonly schoolUrn?: string;
  /** The manager appointed by Graph, or by `trust.yaml` where that is wrong; present or on leave. */
  readonly managerId?: string;
};

/**
 * What the other slices may ask of the directory. Reads come from our own copy, which the sync refreshes from Graph.
 * Never from inside a transaction: the embedded store has one connection, and the read would wait for ever.
 */
export interface Directory {
  person(id: string): Promise<Person | undefined>;
  /** Who holds which role now, by the trust's file and its groups. */
  appointments(): Promise<Appointments>;
  /** One person with all that they are in the trust; nobody's roles for who is not staff. */
  holder(id: string): Promise<Holder>;
  people(ids: readonly string[]): Promise<readonly Person[]>;
  staff(): Promise<readonly Person[]>;
  /** Who acts as line manager today (`hierarchy.ts`); undefined when nobody who could is staff. */
  managerOf(personId: string): Promise<Person | undefined>;
  /** Staff for whom this person acts as line manager today. */
  reportsOf(personId: string): Promise<readonly Person[]>;
  /**
   * Ids of a team's members, and how many of them are outside the staff group or guests in it; asked of Graph at the
   * time, since it guards a post. A colleague's closed account is no outsider: nobody can read with it.
   */
  membersOf(teamId: string): Promise<{ readonly ids: readonly string[]; readonly outsiders: number }>;
  /** Whether a person is in a Graph group (a restricted document's readers). */
  isInGroup(personId: string, groupId: string): Promise<boolean>;
}
