/**
 * A folder that schools' systems put marks files into. A file that has stopped growing is taken, once among all instances,
 * and ends in `done` or, with a list of what is wrong beside it, in `problems`. In a folder named by a URN a file is of that
 * school; in a folder `check` it is only looked at. What a file means is decided elsewhere.
 */
import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { sleep } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';
import type { MarksSource } from './import-service.ts';
import type { ImportReceipt, ImportRefusal } from './imports.ts';
import { problemList } from './problem-list.ts';

export type Dropped = {
  readonly name: string;
  readonly schoolUrn: string | undefined;
  readonly check: boolean;
};

export type FolderParts = {
  readonly dir: string;
  readonly take: (source: MarksSource, file: Dropped) => Promise<ImportReceipt | ImportRefusal>;
  readonly log: Log;
  /** Milliseconds for which a file must not have changed. */
  readonly steadyFor?: number;
};

export type FolderLook = { readonly imported: number; readonly refused: number; readonly checked: number };

export interface MarksFolder {
  /** Takes what is ready. A file seen for the first time is left until the next look. */
  look(): Promise<FolderLook>;
  /** Two looks, for a command that runs once. */
  lookTwice(): Promise<FolderLook>;
}

const STEADY = 10_000;
const BETWEEN_LOOKS = 1_500;
/** What stays in `done` and `problems` holds pupils' names, so it does not stay long. */
const KEPT_DAYS = 14;
const DAY = 24 * 3_600_000;
/** A file whose taker ended in the middle is taken again; importing twice changes nothing. */
const ABANDONED = 3_600_000;
const UNFINISHED = /^[.~]|\.(tmp|part|partial|filepart|crdownload|swp)$/i;
const URN = /^\d{6}$/;

type Found = Dropped & { readonly path: string; readonly size: number; readonly changed: number };

export function createMarksFolder({ dir, take, log, steadyFor = STEADY }: FolderParts): MarksFolder {
  const seen = new Map<string, string>();
  const place = (name: 'taken' | 'done' | 'problems') => join(dir, name);

  async function look(): Promise<FolderLook> {
    for (const name of ['taken', 'done', 'problems'] as const) await mkdir(place(name), { recursive: true });
    const now = await folderTime(dir);
    await putBack(now);
    await tidy(now);
    const counts = { imported: 0, refused: 0, checked: 0 };
    const found = await listFiles(dir);
    for (const file of found) {
      const state = `${file.size} ${file.changed}`;
      const same = seen.get(file.path) === state;
      seen.set(file.path, state);
      if (!same || now - file.changed < steadyFor) continue;
      seen.delete(file.path);
      const outcome = await takeOne(file);
      if (outcome) counts[outcome] += 1;
    }
    for (const path of seen.keys()) if (!found.some((file) => file.path === path)) seen.delete(path);
    return counts;
  }

  /** Undefined when another instance has it, or when it must be tried again. */
  async function takeOne(file: Found): Promise<keyof FolderLook | undefined> {
    const held = join(place('taken'), `${newId('f')}-${file.name}`);
    if (!(await moved(file.path, held))) return undefined;
    await touch(held, await folderTime(dir));
    try {
      const result = await takeOpen(held, file);
      const refused = result.kind === 'refusal';
      const end = join(place(refused ? 'problems' : 'done'), await freeName(file, refused));
      if (refused) await writeFile(`${end}.problems.csv`, problemList(result.problems, result.more));
      await moved(held, end);
      return refused ? 'refused' : file.check ? 'checked' : 'imported';
    } catch (error) {
      log.error('a marks file could not be taken; it is tried again', { reason: messageOf(error) });
      await moved(held, file.path);
      return undefined;
    }
  }

  /** Opened before it is handed on: a stream that nobody reads opens its file late, and fails where nobody hears it. */
  async function takeOpen(held: string, file: Dropped): Promise<ImportReceipt | ImportRefusal> {
    const handle = await open(held);
    const stream = handle.createReadStream({ highWaterMark: 1 << 16 });
    try {
      return await take(stream, file);
    } finally {
      stream.destroy();
      await handle.close();
    }
  }

  /** The school in front, and a number behind where the name is taken already. */
  async function freeName(file: Dropped, refused: boolean): Promise<string> {
    const taken = new Set(await readdir(place(refused ? 'problems' : 'done')));
    const name = `${file.schoolUrn ? `${file.schoolUrn}-` : ''}${file.check ? 'check-' : ''}${file.name}`;
    for (let number = 1; ; number += 1) {
      const tried = number === 1 ? name : name.replace(/(\.[^.]*)?$/, `-${number}$1`);
      if (!taken.has(tried)) return tried;
    }
  }

  async function putBack(now: number): Promise<void> {
    for (const name of await readdir(place('taken'))) {
      const held = join(place('taken'), name);
      const { mtimeMs } = await stat(held);
      if (now - mtimeMs > ABANDONED) await moved(held, join(dir, name.replace(/^f_[0-9a-f]+-/, '')));
    }
  }

  async function tidy(now: number): Promise<void> {
    for (const folder of [place('done'), place('problems')])
      for (const name of await readdir(folder)) {
        const path = join(folder, name);
        if (now - (await stat(path)).mtimeMs > KEPT_DAYS * DAY) await rm(path, { force: true });
      }
  }

  return {
    look,
    lookTwice: async () => {
      const first = await look();
      await sleep(BETWEEN_LOOKS);
      const second = await look();
      return {
        imported: first.imported + second.imported,
        refused: first.refused + second.refused,
        checked: first.checked + second.checked,
      };
    },
  };
}

/** The clock of the folder's own file system, which may be another machine's. Milliseconds. */
async function folderTime(dir: string): Promise<number> {
  const probe = join(dir, `.${newId('clock')}`);
  await writeFile(probe, '');
  const { mtimeMs } = await stat(probe);
  await rm(probe, { force: true });
  return mtimeMs;
}

async function touch(path: string, at: number): Promise<void> {
  await utimes(path, at / 1000, at / 1000);
}

/** False when the file is gone: somebody else was quicker. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function listFiles(dir: string): Promise<Found[]> {
  const folders: { path: string; schoolUrn: string | undefined; check: boolean }[] = [
    { path: dir, schoolUrn: undefined, check: false },
  ];
  const found: Found[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder.path, { withFileTypes: true })) {
      const path = join(folder.path, entry.name);
      if (entry.isDirectory()) {
        if (entry.name === 'check' && !folder.check) folders.push({ ...folder, path, check: true });
        else if (URN.test(entry.name) && folder.path === dir)
          folders.push({ path, schoolUrn: entry.name, check: false });
      } else if (entry.isFile() && !UNFINISHED.test(entry.name)) {
        const { size, mtimeMs } = await stat(path);
        const { schoolUrn, check } = folder;
        found.push({ path, name: entry.name, schoolUrn, check, size, changed: mtimeMs });
      }
    }
  }
  return found.toSorted((left, right) => left.changed - right.changed);
}
