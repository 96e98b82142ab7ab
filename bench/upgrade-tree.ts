/** An older version of this repository in a folder of its own, to be run beside this one. The installed packages are shared. */
import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

async function git(...argv: string[]): Promise<string> {
  const { stdout } = await execute('git', argv);
  return stdout.trim();
}

export type OlderVersion = { readonly commit: string; readonly subject: string };

/**
 * The version that is upgraded from: what was asked for (a commit or a tag), else the commit before the last one that added a
 * migration. Throws git's own words where there is no such commit, as in a shallow clone.
 */
export async function olderVersion(asked?: string): Promise<OlderVersion> {
  const last =
    asked ?? `${await git('log', '-1', '--format=%H', '--diff-filter=A', '--', 'src/storage/migrations')}^`;
  const [commit = '', subject = ''] = (await git('log', '-1', '--format=%h%n%s', last)).split('\n');
  return { commit, subject };
}

/** Lays a version's files into `folder`. Its packages are this checkout's: one that it needs and this one has not is told at its start. */
export async function layOut({ commit }: OlderVersion, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const archive = `${folder}.tar`;
  await git('archive', '--output', archive, commit);
  await execute('tar', ['-xf', archive, '-C', folder]);
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
}
