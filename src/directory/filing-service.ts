/**
 * Puts files into one folder of a SharePoint library. A file keeps its name, so that putting it there again makes a new version
 * of it and never a second file; one that a person has changed since is left. The folder is never made: a slip in its name
 * would make another.
 */
import { AppError } from '../kernel/errors.ts';
import type { Graph, GraphWriter } from './graph.ts';
import { DriveItemReply, FiledReply } from './replies.ts';

export type FileToFile = { readonly name: string; readonly type: string; readonly bytes: Uint8Array };

/** `edited`: a person has changed what stands there. `busy`: SharePoint is, or does not answer. */
export type NotFiledWhy = 'no-folder' | 'denied' | 'edited' | 'locked' | 'busy';
export type Filing =
  /** `again`: it took the place of an earlier one. `url`: opens it for whoever may. */
  | { readonly kind: 'filed'; readonly id: string; readonly url: string; readonly again: boolean }
  | { readonly kind: 'not-filed'; readonly why: NotFiledWhy };

export interface FilingFolder {
  /** Whether the folder is there for us. Throws as `Graph` does. GET /drives/{id}/root:/{folder}. */
  look(): Promise<void>;
  /** PUT /drives/{id}/items/{parent}:/{name}:/content ("Upload small files"). Throws only what is nobody's to mend. */
  put(file: FileToFile): Promise<Filing>;
}

/** What Graph takes in one piece by the narrowest of its pages; a term report is a hundredth of that. Bytes. */
const MOST_BYTES = 4_000_000;
const WHY: Readonly<Record<string, NotFiledWhy>> = {
  'graph-denied': 'denied',
  'graph-not-found': 'no-folder',
  'graph-locked': 'locked',
  'graph-conflict': 'locked',
  'graph-throttled': 'busy',
  'graph-failing': 'busy',
  'graph-unreachable': 'busy',
};

export function createFilingFolder(
  graph: Pick<Graph & GraphWriter, 'get' | 'upload'>,
  { drive, folder }: { readonly drive: string; readonly folder: string },
): FilingFolder {
  const base = `/drives/${encodeURIComponent(drive)}`;
  const path = folder.split('/').filter(Boolean).map(encodeURIComponent).join('/');
  const look = () => graph.get(path ? `${base}/root:/${path}` : `${base}/root`, DriveItemReply);
  return {
    look: async () => {
      await look();
    },
    put: async ({ name, type, bytes }) => {
      if (bytes.byteLength > MOST_BYTES)
        throw new AppError('file-too-large', `${name} has ${bytes.byteLength} bytes, more than fit.`, {
          remedy: 'No report comes near that; look at what its milestones say.',
        });
      try {
        const parent = await look();
        const at = `${base}/items/${encodeURIComponent(parent.id)}:/${encodeURIComponent(name)}`;
        const there = await existing(graph, at);
        if (there?.lastModifiedBy?.user?.id) return { kind: 'not-filed', why: 'edited' };
        // The default for a file, said all the same: two presses of one moment must not make two files.
        const put = `${at}:/content?@microsoft.graph.conflictBehavior=replace`;
        const filed = await graph.upload(put, bytes, type, FiledReply);
        return { kind: 'filed', id: filed.id, url: filed.webUrl ?? '', again: there !== undefined };
      } catch (error) {
        const why = error instanceof AppError ? WHY[error.code] : undefined;
        if (why) return { kind: 'not-filed', why };
        throw error;
      }
    },
  };
}

async function existing(graph: Pick<Graph, 'get'>, path: string) {
  try {
    return await graph.get(path, FiledReply);
  } catch (error) {
    if (error instanceof AppError && error.code === 'graph-not-found') return undefined;
    throw error;
  }
}
