/**
 * Opens what Graph encrypted for us: the key by RSA-OAEP with SHA-1, the signature by HMAC-SHA256 before anything is decrypted,
 * then AES-256-CBC with the key's first 16 bytes as vector. Pure. (Microsoft Graph, "Set up change notifications that
 * include resource data"; changeNotificationEncryptedContent.) What cannot be opened is a value: nobody's fault here.
 */
import {
  createDecipheriv,
  createHmac,
  constants as padding,
  privateDecrypt,
  timingSafeEqual,
} from 'node:crypto';
import { z } from 'zod/v4';
import type { Certificate } from './certificate.ts';

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);
export const SealedShape = z.object({
  data: base64,
  dataSignature: base64,
  dataKey: base64,
  encryptionCertificateId: z.string().max(128),
});
export type Sealed = z.infer<typeof SealedShape>;

export type Opened =
  | { readonly kind: 'opened'; readonly value: unknown }
  | {
      readonly kind: 'unopened';
      readonly reason: 'unknown-certificate' | 'bad-key' | 'bad-signature' | 'bad-content';
    };

const KEY_BYTES = 32;

export function openSealed(sealed: Sealed, certificates: readonly Certificate[]): Opened {
  const certificate = certificates.find(({ id }) => id === sealed.encryptionCertificateId);
  if (!certificate) return { kind: 'unopened', reason: 'unknown-certificate' };
  const key = attempt(() =>
    privateDecrypt(
      { key: certificate.key, padding: padding.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      Buffer.from(sealed.dataKey, 'base64'),
    ),
  );
  if (key?.length !== KEY_BYTES) return { kind: 'unopened', reason: 'bad-key' };
  const data = Buffer.from(sealed.data, 'base64');
  const expected = createHmac('sha256', key).update(data).digest();
  const signature = Buffer.from(sealed.dataSignature, 'base64');
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
    return { kind: 'unopened', reason: 'bad-signature' };
  const content = attempt(() => {
    const cipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
    const text = Buffer.concat([cipher.update(data), cipher.final()]).toString('utf8');
    return { value: JSON.parse(text) as unknown };
  });
  return content ? { kind: 'opened', ...content } : { kind: 'unopened', reason: 'bad-content' };
}

/** Anything that cannot be decrypted throws, each library version in its own words: all of it means the same. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
