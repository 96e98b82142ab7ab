/**
 * The Teams apps of the stand-in Graph: the organisation's catalogue, for whom the app is installed, and the chats that come of it.
 * Refusals are worded as Graph words them, where its words are known: "App is blocked by app permission policy" and "Failed to get
 * license information for the user" (as its users reported them).
 */
import { graphError, type Json, notFound, type Reply } from './graph-resources.ts';
import type { Tenant } from './tenant.ts';

export type AppsWorld = {
  /** The catalogue: manifest's id → the id that the catalogue gave it. */
  readonly catalogue: Map<string, string>;
  /** Person → manifest's ids of what is installed for them. */
  readonly installed: Map<string, Set<string>>;
  readonly refused: Map<string, 'policy' | 'licence'>;
  /** Permissions that were not granted. */
  readonly missing: Set<string>;
  /** So many installations are carried out and then answered with 500. */
  lostAnswers: number;
  /** Told of each installation, as Teams tells the bot. */
  told: (personId: string) => void;
};

/** `missing`: shared with whoever answers the other requests. */
export function createAppsWorld(missing: Set<string>): AppsWorld {
  return {
    catalogue: new Map(),
    installed: new Map(),
    refused: new Map(),
    missing,
    lostAnswers: 0,
    told: () => undefined,
  };
}

type Asked = {
  readonly method: string;
  readonly url: URL;
  readonly path: readonly string[];
  readonly body: string;
};

/** Answers `/appCatalogs/teamsApps` and `/users/{id}/teamwork/…`; undefined for any other path. */
export function answerApps(tenant: Tenant, world: AppsWorld, asked: Asked): Reply | undefined {
  const { method, url, path } = asked;
  const [first, second, third, fourth, installation, chat] = path;
  if (first === 'appCatalogs' && second === 'teamsApps' && method === 'GET') return catalogue(world, url);
  if (first !== 'users' || third !== 'teamwork' || fourth !== 'installedApps' || !second) return undefined;
  const person = tenant.people.find(({ id }) => id === second);
  if (!person) return graphError(404, 'NotFound', `No user found with id ${second}`);
  if (world.refused.get(person.id) === 'licence')
    return graphError(
      403,
      'Forbidden',
      'Failed to get license information for the user. Ensure user has a valid Office365 license assigned to them.',
    );
  const own = world.installed.get(person.id) ?? new Set<string>();
  if (method === 'POST') return install(world, person.id, own, asked.body);
  if (installation && chat === 'chat') return chatOf(world, person.id, own, installation);
  if (installation) return notFound(path.join('/'));
  const wanted = filtered(url, 'teamsApp/externalId');
  const shown = [...own].filter((externalId) => wanted === undefined || wanted === externalId);
  return { status: 200, body: { value: shown.map((externalId) => resource(world, person.id, externalId)) } };
}

function catalogue(world: AppsWorld, url: URL): Reply {
  const wanted = filtered(url, 'externalId');
  const value = [...world.catalogue]
    .filter(([externalId]) => wanted === undefined || wanted === externalId)
    .map(([externalId, id]) => ({
      id,
      externalId,
      displayName: 'Waymark',
      distributionMethod: 'organization',
    }));
  return { status: 200, body: { value } };
}

function install(world: AppsWorld, personId: string, own: Set<string>, body: string): Reply {
  const bound = (JSON.parse(body) as Record<string, unknown>)['teamsApp@odata.bind'];
  const id = /\/teamsApps\/([^/]+)$/.exec(String(bound))?.[1];
  const [externalId] = [...world.catalogue].find(([, candidate]) => candidate === id) ?? [];
  if (!externalId) return graphError(404, 'NotFound', `App with id '${id}' was not found.`);
  if (world.refused.get(personId) === 'policy')
    return graphError(
      403,
      'Forbidden',
      `App is blocked by app permission policy. UserObjectId: ${personId}, AppId: ${id}, AppType: Private`,
    );
  if (own.has(externalId))
    return graphError(409, 'Conflict', 'The specified app is already installed for the user.');
  world.installed.set(personId, own.add(externalId));
  world.told(personId);
  if (world.lostAnswers === 0) return { status: 201 };
  world.lostAnswers -= 1;
  return graphError(500, 'InternalServerError', 'The stand-in was told to.');
}

function chatOf(world: AppsWorld, personId: string, own: ReadonlySet<string>, installation: string): Reply {
  const found = [...own].some((externalId) => resource(world, personId, externalId).id === installation);
  return found
    ? { status: 200, body: { id: chatId(personId), chatType: 'oneOnOne' } }
    : notFound(installation);
}

/** Graph's name of a person's chat with an app. */
export function chatId(personId: string): string {
  return `19:${personId}_00000000-0000-4000-8000-00000000b07b@unq.gbl.spaces`;
}

function resource(world: AppsWorld, personId: string, externalId: string): Json {
  const id = world.catalogue.get(externalId) ?? externalId;
  return {
    id: Buffer.from(`${personId}##${id}`).toString('base64'),
    teamsApp: { id, externalId, displayName: 'Waymark', distributionMethod: 'organization' },
  };
}

/** What `$filter=<property> eq '…'` asks for. */
function filtered(url: URL, property: string): string | undefined {
  const filter = url.searchParams.get('$filter');
  return filter === null ? undefined : new RegExp(`^${property} eq '([^']+)'$`).exec(filter)?.[1];
}
