/**
 * How Graph v1.0 words its replies: users, groups, members, teams, errors, `$select`. Pure; the tenant is `tenant.ts`,
 * the routes are `graph-routes.ts`. Shapes follow Microsoft Graph's v1.0 reference pages of each resource.
 */
import type { Tenant, TenantGrant, TenantGroup, TenantPerson, TenantTeam } from './tenant.ts';

export type Json = { readonly [key: string]: unknown };
export type Reply = {
  readonly status: number;
  readonly body?: Json | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What Graph returns of a user when nothing is selected; `accountEnabled` and `userType` must be asked for. */
const USER_DEFAULTS = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'officeLocation',
  'surname',
  'userPrincipalName',
  'id',
];

function userResource(person: TenantPerson): Json {
  const [givenName = person.name, ...rest] = person.name.split(' ');
  return {
    id: person.id,
    displayName: person.name,
    givenName,
    surname: rest.join(' '),
    mail: person.mail,
    userPrincipalName:
      person.type === 'Guest'
        ? `${person.mail.replace('@', '_')}#EXT#@tideway.onmicrosoft.example`
        : person.mail,
    jobTitle: person.job,
    officeLocation: person.office ?? null,
    businessPhones: [],
    accountEnabled: person.enabled,
    userType: person.type,
  };
}

/** A user with only the properties asked for; `id` always comes along. */
export function selectUser(person: TenantPerson, select: string | null): Json {
  return pick(userResource(person), select?.split(',') ?? USER_DEFAULTS);
}

export function pick(resource: Json, names: readonly string[]): Json {
  const wanted = new Set([...names.map((name) => name.trim()), 'id']);
  return Object.fromEntries(
    Object.entries(resource).filter(([key]) => wanted.has(key) || key.startsWith('@odata')),
  );
}

/** A member as the directory lists it: a user or a nested group, told apart by `@odata.type`. */
export function memberResource(tenant: Tenant, id: string, select: string | null): Json[] {
  const person = tenant.people.find((candidate) => candidate.id === id);
  if (person) return [{ '@odata.type': '#microsoft.graph.user', ...selectUser(person, select) }];
  const group = tenant.groups.find((candidate) => candidate.id === id);
  if (!group) return [];
  const resource = groupResource(group);
  return [
    { '@odata.type': '#microsoft.graph.group', ...(select ? pick(resource, select.split(',')) : resource) },
  ];
}

export function groupResource(group: TenantGroup): Json {
  return { id: group.id, displayName: group.name, securityEnabled: true, mailEnabled: false, groupTypes: [] };
}

export function teamResource(team: TenantTeam): Json {
  return {
    id: team.id,
    displayName: team.name,
    description: team.name,
    visibility: 'private',
    isArchived: team.archived ?? false,
  };
}

export function channelResource(channel: TenantTeam['channels'][number]): Json {
  return { id: channel.id, displayName: channel.name, membershipType: channel.type ?? 'standard' };
}

/** A member of a team: a conversation member, whose own id is not the user's. */
export function teamMemberResource(tenant: Tenant, team: TenantTeam, person: TenantPerson): Json {
  return {
    '@odata.type': '#microsoft.graph.aadUserConversationMember',
    id: Buffer.from(`${team.id}##${person.id}`).toString('base64'),
    roles: person.type === 'Guest' ? ['guest'] : [],
    displayName: person.name,
    userId: person.id,
    email: person.mail,
    tenantId: tenant.id,
  };
}

/** A permission of a drive item (permission resource; a SharePoint group has a number of its site, not an object id). */
export function permissionResource(tenant: Tenant, grant: TenantGrant, index: number): Json {
  const base = {
    id: `permission-${index}`,
    roles: grant.roles ?? ['read'],
    ...(grant.expires ? { expirationDateTime: grant.expires } : {}),
    ...(grant.from ? { inheritedFrom: { path: grant.from } } : {}),
  };
  const nameOf = (id: string) =>
    [...tenant.groups, ...tenant.teams, ...tenant.people].find((one) => one.id === id)?.name ?? '';
  if ('worded' in grant) return { ...base, ...grant.worded };
  if ('link' in grant)
    return {
      ...base,
      link: { scope: grant.link, type: 'view', webUrl: 'https://tideway.example/:b:/s/link' },
      grantedToIdentitiesV2: (grant.people ?? []).map((id) => ({ user: { id, displayName: nameOf(id) } })),
    };
  if ('group' in grant)
    return {
      ...base,
      grantedToV2: {
        group: { id: grant.group, displayName: nameOf(grant.group) },
        ...(grant.login ? { siteUser: { loginName: grant.login } } : {}),
      },
    };
  if ('person' in grant)
    return { ...base, grantedToV2: { user: { id: grant.person, displayName: nameOf(grant.person) } } };
  if ('site_user' in grant)
    return {
      ...base,
      grantedToV2: { siteUser: { id: '7', loginName: grant.site_user, displayName: 'Everyone' } },
    };
  return { ...base, grantedToV2: { siteGroup: { id: '4', displayName: grant.site_group } } };
}

/** Graph's error body: `{error: {code, message, innerError}}`. */
export function graphError(
  status: number,
  code: string,
  message: string,
  headers?: Readonly<Record<string, string>>,
): Reply {
  const innerError = {
    date: '2026-11-23T07:30:00',
    'request-id': '00000000-0000-4000-8009-0000000000ff',
    'client-request-id': '00000000-0000-4000-8009-0000000000ff',
  };
  return { status, body: { error: { code, message, innerError } }, ...(headers ? { headers } : {}) };
}

export function notFound(id: string): Reply {
  return graphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}
