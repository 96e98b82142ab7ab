/** The only home of randomness and of hashes that name things. Identifiers are opaque to everybody else. */
import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';

/** A new random identifier, such as `run_0f8c…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 20)}`;
}

/** Six characters that a person can read out over the phone; finds the log line of an error. No 0/O, 1/I. */
export function newReference(): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  return [...randomBytes(6)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** Secret bytes, for keys made on first start. */
export function newSecret(bytes: number): Buffer {
  return randomBytes(bytes);
}

/** A stable identifier from content: the same parts always give the same id. Hex, `length` characters. */
export function contentId(parts: readonly string[], length = 20): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);
}

/** As `contentId`, of bytes. */
export function bytesId(bytes: Uint8Array, length = 20): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, length);
}

/** A keyed hash that only the holder of the key can reproduce; for pseudonyms. Hex, 64 characters. */
export function keyedHash(key: Buffer | string, value: string): string {
  return createHmac('sha256', key).update(value).digest('hex');
}
