/**
 * Pupils' names, sealed for storage: AES-256-GCM under the trust's pupil key, bound to the school, week and tutor group that
 * they belong to, so that bytes moved to another place do not open. Pure: the random nonce comes in as an argument.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** A pupil as the private view shows one: no code, no reason, no kind of support. */
export type PupilRow = {
  /** The pseudonym under which the sheets hold the pupil's sessions. */
  readonly pupil: string;
  readonly surname: string;
  readonly forename: string;
  readonly year: string;
  readonly disadvantaged: boolean;
};

export type SealPlace = { readonly schoolUrn: string; readonly week: string; readonly regGroup: string };

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `key`: 64 hexadecimal characters. `nonce`: 12 bytes, used once. */
export function sealRows(key: string, place: SealPlace, rows: readonly PupilRow[], nonce: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'hex'), nonce);
  cipher.setAAD(placeBytes(place));
  const body = Buffer.concat([cipher.update(JSON.stringify(rows)), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** Throws when the key, the place or the bytes are not those of the sealing. */
export function openRows(key: string, place: SealPlace, sealed: Uint8Array): PupilRow[] {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'hex'), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(placeBytes(place));
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const body = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  return JSON.parse(body.toString('utf8')) as PupilRow[];
}

export { NONCE_BYTES };

function placeBytes({ schoolUrn, week, regGroup }: SealPlace): Buffer {
  return Buffer.from(JSON.stringify([schoolUrn, week, regGroup]));
}
