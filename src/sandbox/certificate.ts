/**
 * A self-signed certificate with its key, made at the time: for encrypted notices in rehearsals, so that no key is kept in
 * the project. The few lines of DER that X.509 needs (RFC 5280, section 4.1); Graph looks at nothing but the public key.
 */
import { generateKeyPairSync, sign } from 'node:crypto';

/** PEM of both, the key first, as a key vault gives them. */
export function selfSigned(name = 'waymark-rehearsal'): string {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // sha256WithRSAEncryption, 1.2.840.113549.1.1.11
  const algorithm = sequence(tagged(0x06, Buffer.from('2a864886f70d01010b', 'hex')), tagged(0x05));
  const commonName = sequence(tagged(0x06, Buffer.from('550403', 'hex')), tagged(0x0c, Buffer.from(name)));
  const issuer = sequence(tagged(0x31, commonName));
  const validity = sequence(
    tagged(0x17, Buffer.from('260101000000Z')),
    tagged(0x17, Buffer.from('360101000000Z')),
  );
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(tagged(0x02, Buffer.from([1])), algorithm, issuer, validity, issuer, spki);
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = certificate.toString('base64').replace(/(.{64})/g, '$1\n');
  const pem = `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`;
  return `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${pem}`;
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** A DER value: tag, length, content. */
function tagged(tag: number, content: Buffer = Buffer.alloc(0)): Buffer {
  const { length } = content;
  const size =
    length < 128
      ? Buffer.from([length])
      : length < 256
        ? Buffer.from([0x81, length])
        : Buffer.from([0x82, length >> 8, length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), size, content]);
}
