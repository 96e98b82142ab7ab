/**
 * Consents in the stand-in Graph: which permission each request needs, the refusal of one that was withheld, and the service principals
 * through which an administrator grants them. Words and statuses as Graph's ("Missing role permissions", "Permission being assigned
 * already exists on the object").
 */
import { z } from 'zod/v4';
import { CONSENTS } from '../config/consents.ts';
import { contentId } from '../kernel/ids.ts';
import { graphError, type Reply } from './graph-resources.ts';
import type { Tenant } from './tenant.ts';

/** Microsoft Graph's own application, the same in every tenant. */
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';
const GRAPH_PRINCIPAL = '00000000-0000-4000-8004-000000000001';

/** What a request needs, by its path; the first that fits. Paths that are not here need none. */
const NEEDS: readonly (readonly [path: RegExp, permission: string])[] = [
  [/^users\/[^/]+\/teamwork\//, 'TeamsAppInstallation.ReadWriteSelfForUser.All'],
  [/^appCatalogs\//, 'AppCatalog.Read.All'],
  [/^users\b/, 'User.Read.All'],
  [/^groups\//, 'GroupMember.Read.All'],
  [/^teams\/[^/]+\/members/, 'TeamMember.Read.Group'],
  [/^teams\/[^/]+\/channels\/[^/]+\/messages/, 'ChannelMessage.Read.Group'],
  [/^teams\/[^/]+\/channels/, 'ChannelSettings.Read.Group'],
  [/^teams\/[^/]+$/, 'TeamSettings.Read.Group'],
  [/^subscriptions/, 'ChannelMessage.Read.Group'],
  [/^(sites|drives)\//, 'Sites.Selected'],
];

/** A 403 where the tenant has withheld what the request needs; undefined where it may be answered. `path`: below the version. */
export function refuseWithheld(
  tenant: Tenant,
  withheld: ReadonlySet<string>,
  path: string,
): Reply | undefined {
  const filed = tenant.drives.some(
    ({ id, folders }) => folders.length > 0 && path.startsWith(`drives/${id}/`),
  );
  const needed = filed ? 'Files.SelectedOperations.Selected' : NEEDS.find(([form]) => form.test(path))?.[1];
  if (!needed || !withheld.has(needed)) return undefined;
  return graphError(
    403,
    'Forbidden',
    `Missing role permissions on the request. API requires one of '${needed}'. Roles on the request ''.`,
  );
}

const APPLICATION = CONSENTS.filter(({ kind }) => kind === 'application').map(({ name }) => name);
/** Roles that Graph has besides: one that only writes would be a bad mistake to grant. */
const OTHERS = ['User.ReadWrite.All', 'Sites.FullControl.All'];

/** A GUID that is always the same for a role. */
function roleId(name: string): string {
  const hex = contentId([name])
    .replace(/[^0-9a-f]/g, '')
    .padEnd(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const Assignment = z.object({ principalId: z.string(), resourceId: z.string(), appRoleId: z.string() });

type Asked = {
  readonly method: string;
  readonly url: URL;
  readonly path: readonly string[];
  readonly body: string;
};

/** Answers `/servicePrincipals…`; undefined for any other path. What is assigned is no longer withheld. */
export function answerGrants(withheld: Set<string>, { method, url, path, body }: Asked): Reply | undefined {
  const [first, id, collection] = path;
  if (first !== 'servicePrincipals') return undefined;
  if (!id) {
    const asked = url.searchParams.get('$filter') === `appId eq '${GRAPH_APP_ID}'`;
    const appRoles = [...APPLICATION, ...OTHERS].map((value) => ({
      id: roleId(value),
      value,
      allowedMemberTypes: ['Application'],
    }));
    return { status: 200, body: { value: asked ? [{ id: GRAPH_PRINCIPAL, appRoles }] : [] } };
  }
  if (collection !== 'appRoleAssignments') return graphError(404, 'Request_ResourceNotFound', `No ${id}.`);
  const given = APPLICATION.filter((name) => !withheld.has(name));
  if (method === 'GET') {
    const value = given.map((name) => ({
      appRoleId: roleId(name),
      resourceId: GRAPH_PRINCIPAL,
      principalId: id,
    }));
    return { status: 200, body: { value } };
  }
  const assignment = Assignment.safeParse(JSON.parse(body));
  if (
    !assignment.success ||
    assignment.data.principalId !== id ||
    assignment.data.resourceId !== GRAPH_PRINCIPAL
  )
    return graphError(400, 'Request_BadRequest', 'Not a valid reference update.');
  const name = APPLICATION.find((one) => roleId(one) === assignment.data.appRoleId);
  if (!name)
    return graphError(400, 'Request_BadRequest', 'Permission being assigned was not found on application.');
  if (!withheld.has(name))
    return graphError(400, 'Request_BadRequest', 'Permission being assigned already exists on the object');
  withheld.delete(name);
  return { status: 201, body: { ...assignment.data } };
}
