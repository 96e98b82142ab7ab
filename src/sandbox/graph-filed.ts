/**
 * Libraries that files are put into, in memory: looked up by path, put under a folder, replaced under the same name. Words as
 * driveItem's pages of Graph v1.0 have them; whatever else is asked of such a library is refused.
 */
import { contentId } from '../kernel/ids.ts';
import { graphError, type Json, type Reply } from './graph-resources.ts';
import type { TenantDrive } from './tenant.ts';

/** `path`: the library's name for it, below its root. `by`: the person who changed it last; absent: an application. */
export type FiledFile = {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly versions: number;
  readonly by?: string | undefined;
};

export type FiledWorld = {
  files: FiledFile[];
  refusal: { readonly status: number; after: number } | undefined;
};

export type FiledAsk = {
  readonly method: 'GET' | 'PUT';
  /** Below the drive, decoded: `root:`, `items`, … */
  readonly path: readonly string[];
  readonly bytes?: Uint8Array;
  readonly conflict?: string;
};

const CODES: Readonly<Record<number, string>> = {
  403: 'accessDenied',
  404: 'itemNotFound',
  423: 'resourceLocked',
  429: 'activityLimitReached',
  503: 'serviceNotAvailable',
  507: 'quotaLimitReached',
};

export function createFiledWorld(): FiledWorld {
  return { files: [], refusal: undefined };
}

export function editFiled(world: FiledWorld, path: string, personId: string): void {
  world.files = world.files.map((file) => (file.path === path ? { ...file, by: personId } : file));
}

export function answerFiled(world: FiledWorld, drive: TenantDrive, ask: FiledAsk): Reply {
  const [first = '', second = '', third = '', fourth] = ask.path;
  const none = graphError(404, 'itemNotFound', 'The resource could not be found.');
  if (ask.method === 'GET' && first === 'root:') {
    const folder = ask.path.slice(1).join('/');
    return drive.folders.includes(folder) ? { status: 200, body: folderItem(drive, folder) } : none;
  }
  const folder = drive.folders.find((one) => `${folderId(drive, one)}:` === second);
  if (first !== 'items' || folder === undefined) return none;
  const name = ask.method === 'PUT' ? third.replace(/:$/, '') : third;
  const path = `${folder}/${name}`;
  const there = world.files.find((file) => file.path === path);
  if (ask.method === 'GET') return there ? { status: 200, body: fileItem(drive, there) } : none;
  if (fourth !== 'content' || !third.endsWith(':') || !ask.bytes) return none;
  const refused = refusalOf(world);
  if (refused) return refused;
  if (there && ask.conflict === 'fail')
    return graphError(409, 'nameAlreadyExists', 'An item with the same name already exists.');
  const file = { path, bytes: ask.bytes, versions: (there?.versions ?? 0) + 1 };
  world.files = [...world.files.filter((one) => one !== there), file];
  return { status: there ? 200 : 201, body: fileItem(drive, file) };
}

function refusalOf(world: FiledWorld): Reply | undefined {
  const { refusal } = world;
  if (!refusal) return undefined;
  if (refusal.after > 0) {
    refusal.after -= 1;
    return undefined;
  }
  const { status } = refusal;
  const slow = status === 429 || status === 503 ? { 'Retry-After': '60' } : undefined;
  return graphError(status, CODES[status] ?? 'generalException', 'It was not put there.', slow);
}

function folderId(drive: TenantDrive, folder: string): string {
  return contentId([drive.id, folder], 34).toUpperCase();
}

function folderItem(drive: TenantDrive, folder: string): Json {
  const webUrl = `${drive.web}/${folder.split('/').map(encodeURIComponent).join('/')}`;
  return {
    id: folderId(drive, folder),
    name: folder.split('/').at(-1) ?? folder,
    folder: { childCount: 0 },
    webUrl,
  };
}

function fileItem(drive: TenantDrive, { path, bytes, versions, by }: FiledFile): Json {
  return {
    id: contentId([drive.id, path], 34).toUpperCase(),
    name: path.split('/').at(-1) ?? path,
    eTag: `"{${contentId([path], 32)}},${versions}"`,
    size: bytes.byteLength,
    webUrl: `${drive.web}/${path.split('/').map(encodeURIComponent).join('/')}`,
    file: { mimeType: 'application/octet-stream' },
    lastModifiedBy: by
      ? { user: { id: by, displayName: 'A colleague' } }
      : { application: { id: '2d9a3c10-5b7e-4f0e-8e57-0a6f5d4a8f01', displayName: 'Waymark' } },
  };
}
