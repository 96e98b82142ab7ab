/** The key of pseudonyms, by which people are told apart without keeping who: from the settings, or made once in the data folder of a local run. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { newSecret } from '../kernel/ids.ts';

const KEY_FILE = 'pseudonym.key';

/** 64 hexadecimal characters. In production the setting is required, so nothing is ever made there. */
export async function pseudonymKey(settings: Settings): Promise<string> {
  if (settings.pseudonymKey) return settings.pseudonymKey;
  const file = join(settings.dataDir, KEY_FILE);
  await mkdir(settings.dataDir, { recursive: true });
  try {
    await writeFile(file, newSecret(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}
