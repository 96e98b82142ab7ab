/** A folder on disk as a document library: its files as drive items, with an `eTag` that changes with the content. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { contentId } from '../kernel/ids.ts';
import type { Json } from './graph-resources.ts';
import type { TenantDrive } from './tenant.ts';

/** `path`: below the library's root, with `/`. */
export type DriveFile = { readonly path: string; readonly item: Json; readonly content: Uint8Array };

/** Every file by item id; empty when the folder does not exist. Hidden files are left out. */
export async function readDrive(drive: TenantDrive, folder: string): Promise<Map<string, DriveFile>> {
  const files = new Map<string, DriveFile>();
  if (drive.folders.length > 0 || !existsSync(folder)) return files;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  for (const path of paths.sort()) {
    const content = await readFile(join(folder, path));
    const parts = path.split(sep);
    const name = parts.at(-1) ?? path;
    const parent = parts.slice(0, -1);
    const id = contentId([drive.id, path], 34).toUpperCase();
    // Graph's eTag changes with the columns too, its cTag with the content alone.
    const columns = drive.columns[parts.join('/')];
    const whole = contentId([content.toString('base64'), JSON.stringify(columns ?? {})], 32);
    const version = contentId([content.toString('base64')], 32);
    files.set(id, {
      path: parts.join('/'),
      content,
      item: {
        id,
        name,
        eTag: `"{${columns ? whole : version}},1"`,
        cTag: `"c:{${version}},1"`,
        size: content.byteLength,
        webUrl: `${drive.web}/${parts.map(encodeURIComponent).join('/')}`,
        file: { mimeType: mimeOf(name) },
        parentReference: {
          driveId: drive.id,
          path: `/drives/${drive.id}/root:${parent.map((part) => `/${encodeURIComponent(part)}`).join('')}`,
        },
      },
    });
  }
  return files;
}

const MIME: Readonly<Record<string, string>> = {
  md: 'text/markdown',
  txt: 'text/plain',
  pdf: 'application/pdf',
  html: 'text/html',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

function mimeOf(name: string): string {
  return MIME[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}
