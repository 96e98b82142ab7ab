/**
 * One process per data folder. PGlite itself has no lock: two processes would both write without complaint. The lock is a
 * file that names its holder; it is stale when no such process runs, so a kill leaves nothing to clean up by hand.
 */
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';

const LOCK_FILE = 'waymark.lock';
type Holder = { readonly pid: number; readonly started: string };

/** Takes the lock and returns its release. Throws AppError `store-busy`, whose message says what to do. */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const file = join(dataDir, LOCK_FILE);
  const mine: Holder = { pid: process.pid, started: await startOf(process.pid) };
  // Written aside and linked into place: the lock appears whole or not at all, and only for one of two rivals.
  const draft = join(dataDir, newId('lock'));
  await writeFile(draft, JSON.stringify(mine));
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (await linkOnce(draft, file)) return () => release(file, mine);
      const holder = await readHolder(file);
      if (holder && (await isRunning(holder))) throw folderBusy(dataDir, holder.pid);
      await unlink(file).catch(ignoreMissing);
    }
  } finally {
    await unlink(draft).catch(ignoreMissing);
  }
  throw folderBusy(dataDir, ((await readHolder(file)) ?? mine).pid);
}

/** The process that holds the folder, if one runs. */
export async function folderHolder(dataDir: string): Promise<number | undefined> {
  const holder = await readHolder(join(dataDir, LOCK_FILE));
  return holder && (await isRunning(holder)) ? holder.pid : undefined;
}

/** The fault of a folder that another process holds. */
export function folderBusy(dataDir: string, pid: number): AppError {
  return new AppError(
    'store-busy',
    `Another Waymark (process ${pid}) is using the folder ${resolve(dataDir)}.`,
    {
      remedy: 'Stop it first, or give this one its own folder: DATA_DIR=.data-2. Nothing was changed.',
    },
  );
}

async function linkOnce(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(file, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number' ? { pid: holder.pid, started: holder.started ?? '' } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The same process, not another one that was given its number later. */
async function isRunning(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return (await startOf(holder.pid)) === holder.started;
}

/** When a process began, in clock ticks since boot (Linux, proc(5) field 22); empty where that cannot be read. */
async function startOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

async function release(file: string, mine: Holder): Promise<void> {
  const holder = await readHolder(file);
  if (holder?.pid === mine.pid) await unlink(file).catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
