/** A disk that is small enough to be filled: a tmpfs of its own, where this machine lets one be mounted. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError, messageOf } from '../../src/kernel/errors.ts';

const run = promisify(execFile);
const PIECE = Buffer.alloc(64 * 1024);

export type SmallDisk = {
  readonly folder: string;
  /** Takes up what is left of it. */
  fill(): Promise<void>;
  free(): Promise<void>;
  close(): Promise<void>;
};

/** Throws AppError `no-small-disk` where mounting is not allowed. */
export async function openSmallDisk(megabytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder]);
  } catch (cause) {
    await rm(folder, { recursive: true });
    throw new AppError('no-small-disk', `A small disk cannot be mounted here: ${messageOf(cause)}`, {
      remedy: 'Run as root, in a container with the right to mount.',
      cause,
    });
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: async () => {
      const file = await open(ballast, 'w');
      try {
        for (;;) await file.write(PIECE);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        await file.close();
      }
    },
    free: () => rm(ballast, { force: true }),
    close: async () => {
      await run('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}
