/**
 * Which path of Graph v1.0 answers what: users, managers, groups, teams, drives. One request in, one reply out; the
 * sockets, the bearer token and the throttling are `graph.ts`. What it does not know it refuses as Graph would, with
 * 400 or 404, so that code which asks for more than the stand-in has learnt fails in the open.
 */
import { type AppsWorld, createAppsWorld } from './graph-apps.ts';
import { answerChannel, type ChannelWorld, createChannelWorld } from './graph-channels.ts';
import { createDeltas, type Deltas } from './graph-deltas.ts';
import { type DriveFile, readDrive } from './graph-drive.ts';
import { answerFiled, createFiledWorld, type FiledWorld } from './graph-filed.ts';
import { answerList } from './graph-lists.ts';
import { createNoticesWorld, type NoticesWorld } from './graph-notices.ts';
import {
  channelResource,
  graphError,
  groupResource,
  type Json,
  memberResource,
  notFound,
  permissionResource,
  type Reply,
  selectUser,
  teamMemberResource,
  teamResource,
} from './graph-resources.ts';
import { peopleIn, type Tenant, type TenantDrive } from './tenant.ts';

/** Everything the routes answer from. `links` is the origin that page and delta links carry. */
export type World = {
  tenant: Tenant;
  documentsDir: string;
  /** Largest page, whatever `$top` says. */
  pageSize: number;
  links: string;
  /** Where downloads are fetched, without a token: the stand-in's own address. */
  downloads: string;
  readonly userDeltas: Deltas;
  readonly driveDeltas: Deltas;
  readonly messageDeltas: Deltas;
  readonly listDeltas: Deltas;
  readonly channels: ChannelWorld;
  readonly notices: NoticesWorld;
  readonly filed: FiledWorld;
  readonly apps: AppsWorld;
  /** Permissions that the tenant has not granted. */
  readonly withheld: Set<string>;
};

const KNOWN_OPTIONS = new Set([
  '$top',
  '$select',
  '$count',
  '$skiptoken',
  '$deltatoken',
  'token',
  '$expand',
  'empty',
]);
/** What Graph returns at most when `$top` is not given. */
const DEFAULT_PAGE = 100;

export function createWorld(tenant: Tenant, documentsDir: string, pageSize: number): World {
  const withheld = new Set<string>();
  return {
    tenant,
    documentsDir,
    pageSize,
    links: 'https://graph.microsoft.com',
    downloads: '',
    userDeltas: createDeltas(),
    driveDeltas: createDeltas(),
    messageDeltas: createDeltas(),
    listDeltas: createDeltas(),
    channels: createChannelWorld(),
    notices: createNoticesWorld(),
    filed: createFiledWorld(),
    apps: createAppsWorld(withheld),
    withheld,
  };
}

/** Answers GET `/v1.0/…`; `url` is path and query. */
export async function answerGet(world: World, url: URL): Promise<Reply> {
  const unknown = [...url.searchParams.keys()].find(
    (key) =>
      (!KNOWN_OPTIONS.has(key) && !(key === '$filter' && url.pathname.endsWith('/messages/delta'))) ||
      (key === '$expand' && !/\/(?:listItem|items)$/.test(url.pathname)),
  );
  if (unknown) return graphError(400, 'BadRequest', `The query option '${unknown}' is not supported here.`);
  const path = url.pathname
    .replace(/^\/v1\.0/, '')
    .split('/')
    .filter(Boolean)
    .map(decodeURIComponent);
  const [collection, id, ...rest] = path;
  if (collection === 'users') return answerUsers(world, url, id, rest);
  if (collection === 'groups' && id) return answerGroup(world, url, id, rest);
  if (collection === 'teams' && id) return answerTeam(world, url, id, rest);
  if (collection === 'sites' && rest[0] === 'lists')
    return answerList(world.tenant, listPages(world), url, path);
  const drive = collection === 'drives' && world.tenant.drives.find((candidate) => candidate.id === id);
  if (drive && drive.folders.length > 0)
    return answerFiled(world.filed, drive, { method: 'GET', path: rest });
  if (drive) return answerDrive(world, url, drive, rest);
  return notFound(path.join('/'));
}

/** Answers PUT `/v1.0/drives/…/content`: a file is put into a folder ("Upload small files"). */
export function answerPut(world: World, url: URL, bytes: Uint8Array): Reply {
  const [collection, id, ...path] = url.pathname
    .replace(/^\/v1\.0/, '')
    .split('/')
    .filter(Boolean)
    .map(decodeURIComponent);
  const drive = collection === 'drives' && world.tenant.drives.find((candidate) => candidate.id === id);
  if (!drive) return notFound(path.join('/'));
  const conflict = url.searchParams.get('@microsoft.graph.conflictBehavior') ?? 'replace';
  return answerFiled(world.filed, drive, { method: 'PUT', path, bytes, conflict });
}

/** The content behind a download address; undefined when there is none. */
export async function findContent(world: World, itemId: string): Promise<Uint8Array | undefined> {
  for (const drive of world.tenant.drives) {
    const found = (await readDrive(drive, world.documentsDir)).get(itemId);
    if (found) return found.content;
  }
  return undefined;
}

function answerUsers(world: World, url: URL, id: string | undefined, rest: readonly string[]): Reply {
  const select = url.searchParams.get('$select');
  const { people } = world.tenant;
  if (!id)
    return pageOf(
      world,
      url,
      people.map((person) => selectUser(person, select)),
    );
  if (id === 'delta') {
    const current = new Map(people.map((person) => [person.id, selectUser(person, select)]));
    const removed = (gone: string) => ({ id: gone, '@removed': { reason: 'changed' } });
    return deltaPage(world, url, world.userDeltas, current, removed, graphStateLost());
  }
  const person = people.find((candidate) => candidate.id === id || candidate.mail === id);
  if (!person) return notFound(id);
  if (rest.length === 0) return { status: 200, body: selectUser(person, select) };
  if (rest[0] !== 'manager') return notFound(rest.join('/'));
  const manager = people.find((candidate) => candidate.id === person.manager);
  if (!manager) return notFound('manager');
  return {
    status: 200,
    body: { '@odata.type': '#microsoft.graph.user', ...selectUser(manager, select) },
  };
}

function answerGroup(world: World, url: URL, id: string, rest: readonly string[]): Reply {
  const select = url.searchParams.get('$select');
  const { tenant } = world;
  const group = [...tenant.groups, ...tenant.teams].find((candidate) => candidate.id === id);
  if (!group) return notFound(id);
  const [what] = rest;
  if (!what) return { status: 200, body: groupResource(group) };
  if (what === 'members') {
    return pageOf(
      world,
      url,
      group.members.flatMap((member) => memberResource(tenant, member, select)),
    );
  }
  if (what !== 'transitiveMembers') return notFound(rest.join('/'));
  const nested = tenant.groups
    .filter((candidate) => candidate.id !== id && group.members.includes(candidate.id))
    .map((candidate) => candidate.id);
  const all = [...nested, ...(peopleIn(tenant, id) ?? [])];
  return pageOf(
    world,
    url,
    all.flatMap((member) => memberResource(tenant, member, select)),
  );
}

function answerTeam(world: World, url: URL, id: string, rest: readonly string[]): Reply {
  const { tenant } = world;
  const team = tenant.teams.find((candidate) => candidate.id === id);
  if (!team) return graphError(404, 'NotFound', `No team found with Group Id ${id}`);
  const [what] = rest;
  if (!what) return { status: 200, body: teamResource(team) };
  const [, channelId, ...below] = rest;
  if (what === 'channels' && channelId)
    return answerChannel({ tenant, world: world.channels }, messagePages(world), url, team, channelId, below);
  if (what === 'channels') return pageOf(world, url, team.channels.map(channelResource));
  if (what !== 'members') return notFound(rest.join('/'));
  const members = new Set(peopleIn(tenant, id));
  const people = tenant.people.filter((person) => members.has(person.id));
  return pageOf(
    world,
    url,
    people.map((person) => teamMemberResource(tenant, team, person)),
  );
}

/** Messages come at most fifty a page; one that no longer stands comes without its words, never as removed. */
function messagePages(world: World): Parameters<typeof answerChannel>[1] {
  const removed = (gone: string) => ({ id: gone, '@removed': { reason: 'deleted' } });
  const lost = graphError(410, 'resyncRequired', 'The delta token has expired.');
  return {
    page: (url, items) => pageOf(world, url, items),
    delta: (url, current) => deltaPage(world, url, world.messageDeltas, current, removed, lost),
    empty: (url) => {
      const link = new URL(`${url.pathname}${url.search}`, world.links);
      link.searchParams.set('empty', String(world.channels.emptyPages));
      return { status: 200, body: { '@odata.nextLink': link.href, value: [] } };
    },
  };
}

function listPages(world: World): Parameters<typeof answerList>[1] {
  const removed = (gone: string) => ({ id: gone, deleted: { state: 'deleted' } });
  const lost = graphError(410, 'resyncRequired', 'Resync required.');
  return {
    page: (url, items) => pageOf(world, url, items),
    delta: (url, current) => deltaPage(world, url, world.listDeltas, current, removed, lost),
  };
}

async function answerDrive(
  world: World,
  url: URL,
  drive: TenantDrive,
  rest: readonly string[],
): Promise<Reply> {
  const files = await readDrive(drive, world.documentsDir);
  if (rest.join('/') === 'root/delta') {
    const current = new Map<string, Json>([
      ['ROOT', { id: 'ROOT', name: 'root', root: {}, folder: { childCount: files.size }, webUrl: drive.web }],
      ...[...files].map(([id, file]): [string, Json] => [id, file.item]),
    ]);
    const removed = (gone: string) => ({ id: gone, deleted: { state: 'deleted' } });
    const lost = graphError(410, 'resyncRequired', 'Resync required.');
    return deltaPage(world, url, world.driveDeltas, current, removed, lost);
  }
  const [items, itemId, content] = rest;
  const file: DriveFile | undefined = items === 'items' && itemId ? files.get(itemId) : undefined;
  if (!file || !itemId) return graphError(404, 'itemNotFound', 'The resource could not be found.');
  if (!content) return { status: 200, body: file.item };
  if (content === 'listItem') return listItem(drive, file, url.searchParams.get('$expand'));
  if (content === 'permissions') return pageOf(world, url, permissionsOf(world, drive, file));
  if (content !== 'content') return notFound(rest.join('/'));
  return { status: 302, headers: { location: `${world.downloads}/download/${itemId}` } };
}

/** The list item behind a file (listItem resource): its columns only when `fields` is expanded. */
function listItem(drive: TenantDrive, file: DriveFile, expand: string | null): Reply {
  const fields = { FileLeafRef: file.path, ...drive.columns[file.path] };
  return { status: 200, body: { id: '1', ...(expand === 'fields' ? { fields } : {}) } };
}

function permissionsOf({ tenant }: World, drive: TenantDrive, file: DriveFile): Json[] {
  const grants = drive.own[file.path] ?? drive.grants;
  return grants.map((grant, index) => permissionResource(tenant, grant, index));
}

/** One page of a list, with `@odata.nextLink` while there is more. */
function pageOf(world: World, url: URL, items: readonly Json[]): Reply {
  const asked = Number(url.searchParams.get('$top') ?? DEFAULT_PAGE);
  if (!Number.isInteger(asked) || asked < 1 || asked > 999)
    return graphError(400, 'Request_BadRequest', `Invalid page size specified: '${asked}'.`);
  const start = Number(url.searchParams.get('$skiptoken') ?? 0);
  const end = start + Math.min(asked, world.pageSize);
  const value = items.slice(start, end);
  if (end >= items.length) return { status: 200, body: { value } };
  return {
    status: 200,
    body: { '@odata.nextLink': linkTo(world, url, { $skiptoken: String(end) }), value },
  };
}

function deltaPage(
  world: World,
  url: URL,
  deltas: Deltas,
  current: ReadonlyMap<string, Json>,
  removed: (id: string) => Json,
  lost: Reply,
): Reply {
  const page = deltas.answer({
    current,
    removed,
    deltaToken: url.searchParams.get('$deltatoken') ?? url.searchParams.get('token'),
    skipToken: url.searchParams.get('$skiptoken'),
    pageSize: Math.min(world.pageSize, DEFAULT_PAGE),
  });
  if (!page) return lost;
  const { kind, token } = page.next;
  const link = linkTo(world, url, { [kind === 'skip' ? '$skiptoken' : '$deltatoken']: token });
  return {
    status: 200,
    body: { [kind === 'skip' ? '@odata.nextLink' : '@odata.deltaLink']: link, value: page.value },
  };
}

/** Users' delta tokens live seven days; then Graph answers this (Microsoft 365 developer blog, change tracking tokens). */
function graphStateLost(): Reply {
  return graphError(
    400,
    'syncStateNotFound',
    'The sync state generation is not found. The delta token is expired and data must be synchronized again.',
  );
}

function linkTo(world: World, url: URL, changes: Readonly<Record<string, string>>): string {
  const link = new URL(url.pathname, world.links);
  for (const [key, value] of url.searchParams) link.searchParams.set(key, value);
  link.searchParams.delete('$skiptoken');
  link.searchParams.delete('$deltatoken');
  for (const [key, value] of Object.entries(changes)) link.searchParams.set(key, value);
  return link.href;
}
