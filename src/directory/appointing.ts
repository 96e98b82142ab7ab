/**
 * Who holds which role: those whom `trust.yaml` names, and after them the members of the groups that it names beside them. Pure;
 * worked out anew whenever our copy of the directory changes, so that who leaves a group leaves the role with the next sync.
 */
import { type Appointment, type Appointments, appointmentsFrom } from '../access/appointments.ts';
import type { AppointedRole, Scope } from '../access/roles.ts';
import type { Trust } from '../config/trust.ts';

/** A group that the trust's file gives a role to. `names`: the line of the file, for whoever mends it. */
export type RoleGroup = { readonly group: string; readonly names: string };

/** The strand whose lead sees every school's attendance. */
const ATTENDANCE = 'attendance';

type Post = {
  readonly role: AppointedRole;
  readonly scope: Scope;
  readonly people: readonly (string | undefined)[];
  readonly group?: string | undefined;
  readonly names: string;
};

export function roleGroupsOf(trust: Trust): RoleGroup[] {
  const found = postsOf(trust).flatMap(({ group, names }) => (group ? [{ group, names }] : []));
  // One line may give several roles.
  return [...new Map(found.map((one) => [one.names, one])).values()];
}

/** `groups`: members by group, staff alone. A group that is not there has none. */
export function appointmentsOf(
  trust: Trust,
  groups: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): Appointments {
  return appointmentsFrom(
    postsOf(trust).flatMap(({ role, scope, people, group }): Appointment[] => {
      const members = group === undefined ? [] : [...(groups.get(group) ?? [])].sort();
      return [...new Set([...people, ...members])].flatMap((personId) =>
        personId === undefined ? [] : [{ personId, role, scope }],
      );
    }),
  );
}

function postsOf(trust: Trust): Post[] {
  const everywhere: Scope = { kind: 'trust' };
  return [
    {
      role: 'trust-leader',
      scope: everywhere,
      people: trust.leaders,
      group: trust.leaders_group,
      names: 'leaders_group',
    },
    {
      role: 'operator',
      scope: everywhere,
      people: trust.operators,
      group: trust.operators_group,
      names: 'operators_group',
    },
    { role: 'chief-executive', scope: everywhere, people: [trust.trust.ceo], names: 'trust.ceo' },
    ...trust.schools.flatMap((school, index) => schoolPosts(school, `schools[${index}]`)),
    ...trust.teams.map(
      ({ id, lead, leads_group }, index): Post => ({
        role: 'team-lead',
        scope: { kind: 'team', id },
        people: [lead],
        group: leads_group,
        names: `teams[${index}].leads_group`,
      }),
    ),
    ...trust.priorities.flatMap((priority, index) => strandPosts(priority, `priorities[${index}]`)),
  ];
}

function schoolPosts(school: Trust['schools'][number], path: string): Post[] {
  const { urn } = school;
  const scope: Scope = { kind: 'school', urn };
  return [
    {
      role: 'head',
      scope,
      people: [school.head],
      group: school.heads_group,
      names: `${path}.heads_group`,
    },
    { role: 'data-contact', scope, people: [school.data_contact], names: `${path}.data_contact` },
    ...[...Map.groupBy(school.tutors, ({ person }) => person)].map(
      ([person, lines]): Post => ({
        role: 'tutor',
        scope: { kind: 'groups', urn, groups: [...new Set(lines.flatMap(({ groups }) => groups))] },
        people: [person],
        names: `${path}.tutors`,
      }),
    ),
  ];
}

/** Whoever leads a priority leads each of its strands, beside the strand's own lead. */
function strandPosts({ lead, leads_group, strands }: Trust['priorities'][number], path: string): Post[] {
  const ofAll = { people: [lead], group: leads_group, names: `${path}.leads_group` };
  return strands.flatMap((strand, index): Post[] => {
    const scope: Scope = { kind: 'strand', id: strand.id };
    const own = {
      people: [strand.lead],
      group: strand.leads_group,
      names: `${path}.strands[${index}].leads_group`,
    };
    const named = strand.lead !== undefined || strand.leads_group !== undefined;
    const attendance = { role: 'attendance-lead', scope: { kind: 'trust' } } as const;
    return [
      { role: 'priority-lead', scope, ...ofAll },
      { role: 'priority-lead', scope, ...own },
      // Attendance as a whole is its strand's lead's alone, where it has one.
      ...(strand.id === ATTENDANCE ? [{ ...attendance, ...(named ? own : ofAll) }] : []),
    ];
  });
}
