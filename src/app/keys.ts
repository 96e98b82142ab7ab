/**
 * The keys: of pseudonyms, by which people are told apart without keeping who, and of pupils' names where a school shows
 * them. From the settings, or made once in the data folder of a local run.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { Trust } from '../config/trust.ts';
import { AppError } from '../kernel/errors.ts';
import { newSecret } from '../kernel/ids.ts';

/** 64 hexadecimal characters. In production the setting is required, so nothing is ever made there. */
export async function pseudonymKey(settings: Settings): Promise<string> {
  return settings.pseudonymKey ?? keptKey(settings, 'pseudonym.key');
}

/** 64 hexadecimal characters; undefined when no school shows its pupils. Throws AppError `pupil-key` in production without the setting. */
export async function pupilKey(settings: Settings, trust: Trust): Promise<string | undefined> {
  if (!trust.schools.some((school) => school.pupils === 'on')) return undefined;
  if (settings.pupilKey) return settings.pupilKey;
  if (settings.appEnv === 'production')
    throw new AppError('pupil-key', 'A school has `pupils: on`, and PUPIL_KEY is not set.', {
      remedy:
        'Set PUPIL_KEY to 64 hexadecimal characters from the key vault, or turn pupils off in trust.yaml.',
    });
  return keptKey(settings, 'pupil.key');
}

async function keptKey(settings: Settings, name: string): Promise<string> {
  const file = join(settings.dataDir, name);
  await mkdir(settings.dataDir, { recursive: true });
  try {
    await writeFile(file, newSecret(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}
