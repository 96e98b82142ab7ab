/**
 * Who holds which role, trust-wide: the list that `trust.yaml`, the groups that it names and the directory come to, and the
 * questions that are asked of it. Pure; what makes the list is in `directory/appointing.ts`.
 */
import {
  type About,
  type AppointedRole,
  type Holder,
  outsider,
  reaches,
  type Scope,
  type Standing,
} from './roles.ts';

/** In order: those whom the file names come before those of its groups, so that the first is the one to write to. */
export type Appointment = {
  readonly personId: string;
  readonly role: AppointedRole;
  readonly scope: Scope;
};

export type Appointments = {
  readonly all: readonly Appointment[];
  readonly byPerson: ReadonlyMap<string, readonly Standing[]>;
};

export function appointmentsFrom(all: readonly Appointment[]): Appointments {
  return { all, byPerson: Map.groupBy(all, ({ personId }) => personId) };
}

/** What the directory tells of somebody, beside their appointments. */
type Colleague = { readonly id: string; readonly staff: boolean; readonly schoolUrn?: string | undefined };

/** What a member of staff is; of anybody else nothing is asked, whatever the file names them. */
export function holderOf(appointments: Appointments, person: Colleague): Holder {
  const { id, staff, schoolUrn } = person;
  if (!staff) return outsider(id);
  return {
    id,
    standings: [
      { role: 'staff', scope: { kind: 'trust' } },
      ...(schoolUrn === undefined
        ? []
        : [{ role: 'school-staff', scope: { kind: 'school', urn: schoolUrn } } as const]),
      ...(appointments.byPerson.get(id) ?? []),
    ],
  };
}

/** Somebody with what they are appointed to, staff or not: for plans, which look at that by themselves. */
export function appointed(appointments: Appointments, id: string): Holder {
  return { id, standings: appointments.byPerson.get(id) ?? [] };
}

/** Ids of all who hold a role, each once, those named in the file first. `about`: only where it covers that. */
export function holdersOf(appointments: Appointments, role: AppointedRole, about?: About): string[] {
  const found = appointments.all.filter(
    (one) => one.role === role && (about === undefined || reaches(one, about)),
  );
  return [...new Set(found.map(({ personId }) => personId))];
}

/** URNs of the schools that this person holds a role in. */
export function schoolsOf({ standings }: Pick<Holder, 'standings'>, role: AppointedRole): string[] {
  return standings.flatMap((one) =>
    one.role === role && one.scope.kind === 'school' ? [one.scope.urn] : [],
  );
}

/** Ids of the teams that this person leads. */
export function teamsOf({ standings }: Pick<Holder, 'standings'>): string[] {
  return standings.flatMap(({ role, scope }) =>
    role === 'team-lead' && scope.kind === 'team' ? [scope.id] : [],
  );
}

/** Ids of the strands that this person leads. */
export function strandsOf({ standings }: Pick<Holder, 'standings'>): string[] {
  return standings.flatMap(({ role, scope }) =>
    role === 'priority-lead' && scope.kind === 'strand' ? [scope.id] : [],
  );
}

/** Whether this person holds the role anywhere. */
export function holds({ standings }: Pick<Holder, 'standings'>, role: AppointedRole): boolean {
  return standings.some((one) => one.role === role);
}
