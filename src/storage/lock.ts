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
/** No process began then. */
const NOBODY: Holder = { pid: 0, started: 'never' };

/** Takes the lock and returns its release. Throws AppError `store-busy`, whose message says what to do. */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const file = join(dataDir, LOCK_FILE);
  const mine: Holder = { pid: process.pid, started: await startOf(process.pid) };
  // Written aside and linked into place: the lock appears whole or not at all, and only for one of two rivals.
  const draft = join(dataDir, newId('lock'));
  await writeFile(draft, JSON.stringify(mine));
  try {
    const rival = await take(file, draft);
    if (rival) throw folderBusy(dataDir, rival.pid);
    return () => release(file, mine);
  } finally {
    await unlink(draft).catch(ignoreMissing);
  }
}

/** How many takeovers cut short by a kill can lie on top of each other. */
const DEEPEST = 4;

/**
 * Puts the draft at `file`, or says who was first. A stale lock is removed only by whoever holds the lock on removing it:
 * of two that both found it stale, the slower one would otherwise remove the faster one's new lock.
 */
async function take(file: string, draft: string, depth = 0): Promise<Holder | undefined> {
  if (await linkOnce(draft, file)) return undefined;
  const holder = await readHolder(file);
  if (!holder) return take(file, draft, depth);
  if (depth === DEEPEST || (await isRunning(holder))) return holder;
  const guard = `${file}.takeover`;
  const rival = await take(guard, draft, depth + 1);
  if (rival) return rival;
  try {
    while (!(await linkOnce(draft, file))) {
      const present = await readHolder(file);
      if (present && (await isRunning(present))) return present;
      if (present) await unlink(file).catch(ignoreMissing);
    }
    return undefined;
  } finally {
    await unlink(guard).catch(ignoreMissing);
  }
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

/** Who holds it: undefined when there is no lock, nobody alive when it cannot be read. */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(file, 'utf8')) as Partial<Holder> | null;
    return typeof holder?.pid === 'number' ? { pid: holder.pid, started: holder.started ?? '' } : NOBODY;
  } catch (error) {
    if (error instanceof SyntaxError) return NOBODY;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
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
