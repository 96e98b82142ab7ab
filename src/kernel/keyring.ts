/**
 * Bytes locked for storage: AES-256-GCM under the newest of several keys, bound to the place that they belong to, so that bytes
 * moved elsewhere do not open. Older keys still open what they locked, until all of it is locked anew; so keys can change while
 * the service runs. Knows nothing of what is locked.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { AppError } from './errors.ts';
import { contentId, newSecret } from './ids.ts';

type Key = { readonly mark: string; readonly bytes: Buffer };

/** The newest first. */
export type Keyring = readonly [Key, ...Key[]];

/** `mark` tells under which key; it cannot be turned back into the key. */
export type Sealed = { readonly mark: string; readonly body: Buffer };

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `first` locks; it and the others open. 64 hexadecimal characters each. */
export function keyringOf(first: string, ...older: readonly string[]): Keyring {
  return [keyOf(first), ...older.map(keyOf)];
}

function keyOf(hex: string): Key {
  return { mark: contentId(['key', hex.toLowerCase()], 12), bytes: Buffer.from(hex, 'hex') };
}

/** `place`: what it belongs to, in the same words when it is opened. */
export function seal([key]: Keyring, place: readonly string[], plain: Uint8Array): Sealed {
  const nonce = newSecret(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce);
  cipher.setAAD(Buffer.from(JSON.stringify(place)));
  const locked = [cipher.update(plain), cipher.final()];
  return { mark: key.mark, body: Buffer.concat([nonce, cipher.getAuthTag(), ...locked]) };
}

/**
 * Throws AppError `key-missing` when the key is none of the ring's, and Node's own error when the bytes or the place are not
 * those that were sealed.
 */
export function open(
  keys: Keyring,
  place: readonly string[],
  sealed: { readonly mark: string; readonly body: Uint8Array },
): Buffer {
  const key = keys.find(({ mark }) => mark === sealed.mark);
  if (!key)
    throw new AppError('key-missing', 'Pupil data is locked with a key that PUPIL_KEY no longer names.', {
      remedy:
        'Put the older key back behind the newest, with a comma between, and leave it until doctor says that nothing needs it.',
    });
  const bytes = Buffer.from(sealed.body);
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(JSON.stringify(place)));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
