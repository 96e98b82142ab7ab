/**
 * A SharePoint document library through Graph: what changed since the last look, a file's content, and who may open it. A
 * group that `trust.yaml` names for a file is asked of a port. It knows nothing of what is in a document.
 */
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';
import type { Graph } from './graph.ts';
import {
  type ItemReaders,
  NO_READERS,
  PermissionReply,
  readersFrom,
  type StaffGroups,
} from './permissions.ts';
import { badReply, DriveItemReply, ListItemReply, PageReply, readReply } from './replies.ts';

export type LibraryItem = {
  readonly id: string;
  /** Path below the library's root, with `/`: `policies/attendance.docx`. Empty for a removed item. */
  readonly name: string;
  /** Changes with every version of the content. */
  readonly etag: string;
  readonly webUrl: string;
  /** Bytes of the content, as the library says. */
  readonly size?: number;
  readonly removed?: true;
  /** A Graph group whose members alone may see it; absent: all staff. */
  readonly group?: string;
};

export type LibraryChanges = {
  readonly items: readonly LibraryItem[];
  /** A folder is among what changed: the files below a renamed one are not told of one by one. */
  readonly folders: boolean;
  readonly deltaLink: string;
};

/** Whose an item is to read. */
export interface LibraryReaders {
  /** The group whose members alone may see the item; undefined: all staff. */
  groupOf(name: string): Promise<string | undefined>;
}

export interface Library {
  /**
   * All files, or those changed since `deltaLink`, each once. Throws AppError `graph-state-lost` when the link has
   * expired: ask again without it and drop what does not come back. GET /drives/{id}/root/delta.
   */
  listChanges(deltaLink?: string): Promise<LibraryChanges>;
  /**
   * Who may open each of these items, asked now. One that is gone, or that we may not ask about, has no readers.
   * GET /drives/{id}/items/{id}/permissions, in batches.
   */
  readersOf(itemIds: readonly string[], now: Date): Promise<ReadonlyMap<string, ItemReaders>>;
  /** Values of these columns, by internal name, of each of these files. GET /drives/{id}/items/{id}/listItem, in batches. */
  columnsOf(
    itemIds: readonly string[],
    names: readonly string[],
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
  /** GET /drives/{id}/items/{id}/content; Graph redirects to a short-lived address that needs no token. */
  download(itemId: string): Promise<Uint8Array>;
  /** The same, in pieces as they come; asked for when the first is wanted. */
  stream(itemId: string): AsyncIterable<Uint8Array>;
}

export type LibraryResources = {
  readonly graph: Graph;
  /** `trust.library.drive`. */
  readonly drive: string;
  readonly readers: LibraryReaders;
  readonly staff: StaffGroups;
};

export function createLibrary({ graph, drive, readers, staff }: LibraryResources): Library {
  const base = `/drives/${encodeURIComponent(drive)}`;
  const contentOf = (itemId: string) => `${base}/items/${encodeURIComponent(itemId)}/content`;
  return {
    listChanges: async (deltaLink) => {
      const path = deltaLink ?? `${base}/root/delta`;
      const listing = await graph.list(path, DriveItemReply);
      if (listing.deltaLink === undefined) throw badReply(path, 'it ended without a delta link');
      const latest = new Map(listing.items.map((item) => [item.id, item]));
      const items: LibraryItem[] = [];
      for (const item of latest.values()) {
        if (item.deleted) items.push({ id: item.id, name: '', etag: '', webUrl: '', removed: true });
        else if (item.file) items.push(await withReaders(itemFrom(item), readers));
      }
      const folders = [...latest.values()].some(
        (item) => !item.file && !item.deleted && item.root === undefined,
      );
      return { items, folders, deltaLink: listing.deltaLink };
    },
    readersOf: async (itemIds, now) => {
      const paths = itemIds.map((id) => `${base}/items/${encodeURIComponent(id)}/permissions`);
      const replies = await graph.batch(paths);
      const found = new Map<string, ItemReaders>();
      for (const [index, itemId] of itemIds.entries()) {
        const { status, body } = must(replies[index], 'a reply');
        const path = must(paths[index], 'a path');
        if (status >= 500) throw badReply(path, `status ${status}`);
        if (status !== 200) found.set(itemId, NO_READERS);
        else found.set(itemId, readersFrom(await permissionsIn(graph, body, path), staff, now));
      }
      return found;
    },
    columnsOf: async (itemIds, names) => {
      const paths = itemIds.map((id) => `${base}/items/${encodeURIComponent(id)}/listItem?$expand=fields`);
      const replies = await graph.batch(paths);
      const found = new Map<string, Readonly<Record<string, string>>>();
      for (const [index, itemId] of itemIds.entries()) {
        const { status, body } = must(replies[index], 'a reply');
        const path = must(paths[index], 'a path');
        // A file that went meanwhile says nothing; a library that cannot be asked is no library without columns.
        if (status === 404) continue;
        if (status !== 200) throw badReply(path, `status ${status}`);
        const { fields } = readReply(ListItemReply, body, path);
        const values = names.flatMap((name) =>
          typeof fields[name] === 'string' ? [[name, fields[name]]] : [],
        );
        found.set(itemId, Object.fromEntries(values) as Record<string, string>);
      }
      return found;
    },
    download: (itemId) => graph.download(contentOf(itemId)),
    stream: (itemId) => graph.stream(contentOf(itemId)),
  };
}

/** The first page came in a batch; further ones are followed. */
async function permissionsIn(graph: Graph, body: unknown, path: string): Promise<readonly PermissionReply[]> {
  const page = readReply(PageReply, body, path);
  const first = page.value.map((one) => readReply(PermissionReply, one, path));
  const next = page['@odata.nextLink'];
  return next === undefined ? first : [...first, ...(await graph.list(next, PermissionReply)).items];
}

/** The readers that `trust.yaml` names for a file, by its path. */
export function readersFromTrust(trust: Trust): LibraryReaders {
  const groups = new Map(trust.documents.map((document) => [document.file, document.group]));
  return { groupOf: async (name) => groups.get(name) };
}

async function withReaders(item: LibraryItem, readers: LibraryReaders): Promise<LibraryItem> {
  const group = await readers.groupOf(item.name);
  return group === undefined ? item : { ...item, group };
}

function itemFrom(item: DriveItemReply): LibraryItem {
  const folder = decoded((item.parentReference?.path ?? '').replace(/^.*?root:/, ''))
    .split('/')
    .filter(Boolean);
  return {
    id: item.id,
    name: [...folder, item.name ?? item.id].join('/'),
    etag: item.eTag ?? '',
    webUrl: item.webUrl ?? '',
    ...(typeof item.size === 'number' ? { size: item.size } : {}),
  };
}

/** Graph percent-encodes folder names; one that does not decode is taken as it stands. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
