/** Reads and assigns application permissions of Graph to a managed identity, over Graph v1.0 ("Grant an appRoleAssignment"). */
import { z } from 'zod/v4';

export type GraphDoor = { readonly url: string; readonly token: string };

export type Roles = {
  /** Graph's own service principal in this tenant. */
  readonly resourceId: string;
  /** Names of application permissions → their ids. */
  readonly ids: ReadonlyMap<string, string>;
  /** Names of those that the identity has. */
  readonly given: ReadonlySet<string>;
};

/** Microsoft Graph, in every tenant. */
const GRAPH = '00000003-0000-0000-c000-000000000000';

const Principals = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      appRoles: z.array(
        z.object({ id: z.string(), value: z.string().nullish(), allowedMemberTypes: z.array(z.string()) }),
      ),
    }),
  ),
});
const Assignments = z.object({
  value: z.array(z.object({ appRoleId: z.string(), resourceId: z.string() })),
  '@odata.nextLink': z.string().optional(),
});

/** Throws with Graph's own words when it refuses. */
export async function readRoles(graph: GraphDoor, identity: string): Promise<Roles> {
  const { value } = Principals.parse(
    await ask(graph, 'GET', `/servicePrincipals?$filter=appId eq '${GRAPH}'&$select=id,appRoles`),
  );
  const [principal] = value;
  if (!principal) throw new Error('This tenant has no service principal of Microsoft Graph.');
  const roles = principal.appRoles.filter(({ allowedMemberTypes }) =>
    allowedMemberTypes.includes('Application'),
  );
  const ids = new Map(roles.flatMap(({ id, value: name }) => (name ? [[name, id] as const] : [])));
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const given = new Set<string>();
  let path: string | undefined = `/servicePrincipals/${encodeURIComponent(identity)}/appRoleAssignments`;
  while (path) {
    const page: z.infer<typeof Assignments> = Assignments.parse(await ask(graph, 'GET', path));
    for (const { appRoleId, resourceId } of page.value) {
      const name = resourceId === principal.id ? names.get(appRoleId) : undefined;
      if (name) given.add(name);
    }
    path = page['@odata.nextLink']?.split('/v1.0')[1];
  }
  return { resourceId: principal.id, ids, given };
}

export async function assignRole(
  graph: GraphDoor,
  identity: string,
  roles: Roles,
  name: string,
): Promise<void> {
  const appRoleId = roles.ids.get(name);
  if (!appRoleId) throw new Error(`Microsoft Graph has no application permission called ${name}.`);
  const path = `/servicePrincipals/${encodeURIComponent(identity)}/appRoleAssignments`;
  await ask(graph, 'POST', path, { principalId: identity, resourceId: roles.resourceId, appRoleId });
}

async function ask({ url, token }: GraphDoor, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${url}/v1.0${encodeURI(path)}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  const { error } = z
    .object({ error: z.object({ code: z.string().optional(), message: z.string().optional() }).optional() })
    .catch({})
    .parse(text.startsWith('{') ? JSON.parse(text) : {});
  throw new Error(
    `Graph refused ${method} ${path.split('?')[0]} (${response.status} ${error?.code ?? ''}): ${error?.message ?? 'no reason'}. A Privileged Role Administrator may grant; az login as one.`,
  );
}
