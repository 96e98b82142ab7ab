/**
 * The keys: of pseudonyms, by which people are told apart without keeping who, and those that lock pupil data. From the
 * settings, or made once in the data folder of a local run.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { Trust } from '../config/trust.ts';
import { AppError } from '../kernel/errors.ts';
import { keyedHash, newSecret } from '../kernel/ids.ts';
import { type Keyring, keyringOf } from '../kernel/keyring.ts';

/** 64 hexadecimal characters. In production the setting is required, so nothing is ever made there. */
export async function pseudonymKey(settings: Settings): Promise<string> {
  return settings.pseudonymKey ?? keptKey(settings, 'pseudonym.key');
}

/**
 * What locks pupil data: PUPIL_KEY, or in a local run whose schools show pupils a key made once, and last one that is made of the
 * pseudonyms' key, which locks where no school shows its pupils. Throws AppError `pupil-key` in production when a school shows
 * its pupils and the setting is missing.
 */
export async function pupilKeys(settings: Settings, trust: Trust, pseudonyms: string): Promise<Keyring> {
  const derived = keyedHash(pseudonyms, 'pupil data');
  const [first, ...older] = settings.pupilKeys;
  if (first) return keyringOf(first, ...older, derived);
  if (!trust.schools.some((school) => school.pupils === 'on')) return keyringOf(derived);
  if (settings.appEnv === 'production')
    throw new AppError('pupil-key', 'A school has `pupils: on`, and PUPIL_KEY is not set.', {
      remedy:
        'Set PUPIL_KEY to 64 hexadecimal characters from the key vault, or turn pupils off in trust.yaml.',
    });
  return keyringOf(await keptKey(settings, 'pupil.key'), derived);
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
