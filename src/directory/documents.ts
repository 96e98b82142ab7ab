/**
 * A SharePoint document library through Graph: what changed since the last look, and a file's content. Who may read an
 * item is asked of a port, so that a library's own permissions can take its place without a change here. It knows
 * nothing of what is in a document.
 */
import type { Trust } from '../config/trust.ts';
import type { Graph } from './graph.ts';
import { badReply, DriveItemReply } from './replies.ts';

export type LibraryItem = {
  readonly id: string;
  /** Path below the library's root, with `/`: `policies/attendance.docx`. Empty for a removed item. */
  readonly name: string;
  /** Changes with every version of the content. */
  readonly etag: string;
  readonly webUrl: string;
  readonly removed?: true;
  /** A Graph group whose members alone may see it; absent: all staff. */
  readonly group?: string;
};

export type LibraryChanges = { readonly items: readonly LibraryItem[]; readonly deltaLink: string };

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
  /** GET /drives/{id}/items/{id}/content; Graph redirects to a short-lived address that needs no token. */
  download(itemId: string): Promise<Uint8Array>;
}

export type LibraryResources = {
  readonly graph: Graph;
  /** `trust.library.drive`. */
  readonly drive: string;
  readonly readers: LibraryReaders;
};

export function createLibrary({ graph, drive, readers }: LibraryResources): Library {
  const base = `/drives/${encodeURIComponent(drive)}`;
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
      return { items, deltaLink: listing.deltaLink };
    },
    download: (itemId) => graph.download(`${base}/items/${encodeURIComponent(itemId)}/content`),
  };
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
