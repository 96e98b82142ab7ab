/**
 * The certificates for which Graph encrypts what it tells: read from PEM, newest first, named by their fingerprint. The first
 * is given to Graph; the others open what was encrypted before it was changed. Pure but for the parsing.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { AppError } from '../kernel/errors.ts';

export type Certificate = {
  /** Our name for it: its SHA-256 fingerprint, in hexadecimal. */
  readonly id: string;
  /** The public half, DER in base64, as Graph wants it. */
  readonly der: string;
  readonly key: KeyObject;
};

/** Graph takes RSA of 2,048 to 4,096 bits ("Set up change notifications that include resource data"). */
const LEAST_BITS = 2_048;
const MOST_BITS = 4_096;

/** Each certificate of `pem` with the key that fits it. Throws AppError `notification-certificate`. */
export function readCertificates(pem: string): readonly Certificate[] {
  const text = pem.replaceAll('\\n', '\n');
  const keys = blocksOf(text, '[A-Z ]*PRIVATE KEY').map((block) => parse(() => createPrivateKey(block)));
  const certificates = blocksOf(text, 'CERTIFICATE').map((block) => parse(() => new X509Certificate(block)));
  const found = certificates.flatMap((certificate) => {
    const key = keys.find((candidate) => certificate.checkPrivateKey(candidate));
    return key
      ? [
          {
            id: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
            der: certificate.raw.toString('base64'),
            key,
          },
        ]
      : [];
  });
  if (found.length === 0) throw unusable('it holds no certificate with its private key');
  for (const { key } of found) {
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType !== 'rsa' || bits < LEAST_BITS || bits > MOST_BITS)
      throw unusable(`Graph takes RSA keys of ${LEAST_BITS} to ${MOST_BITS} bits`);
  }
  return found;
}

function blocksOf(text: string, label: string): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g')) ?? [];
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unusable('a part of it cannot be read', cause);
  }
}

function unusable(why: string, cause?: unknown): AppError {
  return new AppError('notification-certificate', `NOTIFICATION_CERTIFICATE cannot be used: ${why}.`, {
    remedy: 'Give the PEM of the private key and of its certificate, as Key Vault keeps them, newest first.',
    cause,
  });
}
