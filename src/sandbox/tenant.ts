/**
 * The fictional tenant that the stand-in Graph serves, read from a file such as `samples/tenant.yaml`. Tests use it to
 * find people by name. It knows who exists and who belongs to what; how Graph words a reply is `graph-resources.ts`.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod/v4';
import { AppError } from '../kernel/errors.ts';

const text = z.string().trim().min(1);

const TenantPerson = z.strictObject({
  id: z.guid(),
  name: text,
  job: text,
  office: text.optional(),
  manager: z.guid().optional(),
  mail: z.email().optional(),
  type: z.enum(['Member', 'Guest']).default('Member'),
  enabled: z.boolean().default(true),
});
const Group = z.strictObject({ id: z.guid(), name: text, members: z.array(z.guid()) });
const Channel = z.strictObject({
  id: text,
  name: text,
  type: z.enum(['standard', 'private', 'shared']).optional(),
});
const TenantTeam = Group.extend({ channels: z.array(Channel).min(1), archived: z.boolean().optional() });
/** Of any permission: SharePoint's levels, an end, the folder it comes from. */
const GRANTED = { roles: z.array(text).default(['read']), expires: text.optional(), from: text.optional() };
/** One permission of a file: a group, a person, a link by its scope, a SharePoint group by its name, or one of SharePoint's claims. */
const Grant = z.union([
  z.strictObject({ group: z.guid(), login: text.optional(), ...GRANTED }),
  z.strictObject({ person: z.guid(), ...GRANTED }),
  z.strictObject({
    link: z.enum(['organization', 'anonymous', 'users']),
    people: z.array(z.guid()).default([]),
    ...GRANTED,
  }),
  z.strictObject({ site_group: text, ...GRANTED }),
  z.strictObject({ site_user: text, ...GRANTED }),
  /** As Graph words it, for what none of these says. */
  z.strictObject({ worded: z.record(z.string(), z.unknown()), ...GRANTED }),
]);
const Drive = z.strictObject({
  id: text,
  site: text,
  name: text,
  web: z.url(),
  /** What every file inherits. */
  grants: z.array(Grant).default([]),
  /** Files that have their own instead, by path. */
  own: z.record(text, z.array(Grant)).default({}),
  /** Folders that files are put in; a library with any holds nothing else, and forgets it when the stand-in stops. */
  folders: z.array(text).default([]),
  /** What files have in the library's columns, by path. */
  columns: z.record(text, z.record(text, text)).default({}),
});

const Column = z.union([z.string(), z.number(), z.null()]);
/** A SharePoint list: rows by the number that its ID column shows, and the columns that there are. */
const SharedList = z.strictObject({
  id: text,
  site: text,
  name: text,
  columns: z.array(text),
  rows: z.array(z.strictObject({ id: text, fields: z.record(text, Column) })).default([]),
});

const TenantFile = z.strictObject({
  tenant: z.guid(),
  domain: text,
  people: z.array(TenantPerson).min(1),
  groups: z.array(Group),
  teams: z.array(TenantTeam),
  drives: z.array(Drive),
  lists: z.array(SharedList).default([]),
});

export type TenantPerson = z.infer<typeof TenantPerson> & { mail: string };
export type TenantGroup = z.infer<typeof Group>;
export type TenantList = z.infer<typeof SharedList>;
export type TenantTeam = z.infer<typeof TenantTeam>;
/** As a file gives it: a rehearsal may write grants as briefly as that. */
export type TenantDrive = Omit<z.infer<typeof Drive>, 'grants' | 'own'> & {
  grants: TenantGrant[];
  own: Record<string, TenantGrant[]>;
};
export type TenantGrant = z.input<typeof Grant>;
/** Mutable on purpose: a rehearsal changes it while the stand-in serves it. */
export type Tenant = {
  readonly id: string;
  readonly domain: string;
  people: TenantPerson[];
  groups: TenantGroup[];
  teams: TenantTeam[];
  drives: TenantDrive[];
  lists: TenantList[];
};

/** Throws AppError `tenant-file` that lists what does not fit; every member and manager must exist. */
export async function readTenant(file: string): Promise<Tenant> {
  const parsed = TenantFile.safeParse(parse(await readFile(file, 'utf8')));
  if (!parsed.success) {
    throw badFile(
      file,
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    );
  }
  const { tenant: id, domain, people, groups, teams, drives, lists } = parsed.data;
  const tenant: Tenant = {
    id,
    domain,
    people: people.map((person) => ({ ...person, mail: person.mail ?? mailOf(person.name, domain) })),
    groups,
    teams,
    drives,
    lists,
  };
  const problems = danglingIn(tenant);
  if (problems.length > 0) throw badFile(file, problems);
  return tenant;
}

/** The one person of that name. Throws AppError `no-such-person`. */
export function personNamed(tenant: Tenant, name: string): TenantPerson {
  const found = tenant.people.find((person) => person.name === name);
  if (found) return found;
  throw new AppError('no-such-person', `${name} is not in the tenant.`, {
    remedy: 'Names are in samples/tenant.yaml.',
  });
}

/** The one team of that name. Throws AppError `no-such-team`. */
export function teamNamed(tenant: Tenant, name: string): TenantTeam {
  const found = tenant.teams.find((team) => team.name === name);
  if (found) return found;
  throw new AppError('no-such-team', `There is no team ${name} in the tenant.`, {
    remedy: 'Teams are in samples/tenant.yaml.',
  });
}

/** Ids of all people in a group or team, those in nested groups too; undefined when there is no such group. */
export function peopleIn(tenant: Tenant, groupId: string): string[] | undefined {
  const groups = new Map([...tenant.groups, ...tenant.teams].map((group) => [group.id, group]));
  if (!groups.has(groupId)) return undefined;
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    const group = groups.get(id);
    if (!group) found.add(id);
    for (const member of group?.members ?? []) visit(member);
  };
  visit(groupId);
  return [...found];
}

function mailOf(name: string, domain: string): string {
  return `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@${domain}`;
}

function danglingIn(tenant: Tenant): string[] {
  const ids = [...tenant.people, ...tenant.groups, ...tenant.teams].map((entry) => entry.id);
  const known = new Set(ids);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is used twice`),
    ...tenant.people
      .filter((person) => person.manager && !known.has(person.manager))
      .map((person) => `${person.name} has a manager who does not exist`),
    ...[...tenant.groups, ...tenant.teams].flatMap((group) =>
      group.members.filter((id) => !known.has(id)).map((id) => `${group.name} has no such member: ${id}`),
    ),
  ];
}

function badFile(file: string, problems: readonly string[]): AppError {
  return new AppError('tenant-file', `${file} cannot be served:\n  ${problems.join('\n  ')}`, {
    remedy: 'Mend the file; its shape is src/sandbox/tenant.ts.',
  });
}
