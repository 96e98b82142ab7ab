import { strict as assert } from 'node:assert';
import { must } from '../kernel/guards.ts';
import { selfSigned } from '../sandbox/certificate.ts';
import { encrypted } from '../sandbox/graph-notices.ts';
import { readCertificates } from './certificate.ts';
import { openSealed, SealedShape } from './sealed.ts';

describe('what Graph encrypts', () => {
  const [ours, before] = [selfSigned('new'), selfSigned('old')];
  const certificates = readCertificates(`${ours}${before}`);
  const [newest, older] = certificates.map((one) => must(one, 'a certificate'));
  const message = { id: '1', body: { content: 'amber – 60 %' } };
  const seal = (certificate = newest, spoilt?: 'signature' | 'key') =>
    SealedShape.parse({
      ...encrypted(message, must(certificate, 'one').der, spoilt),
      encryptionCertificateId: must(certificate, 'one').id,
    });

  it('is opened with the key of the certificate that it names, new or old', () => {
    assert.equal(certificates.length, 2);
    for (const certificate of [newest, older])
      assert.deepEqual(openSealed(seal(certificate), certificates), { kind: 'opened', value: message });
  });

  it('is not opened when anything about it is wrong, and never decrypted before its signature holds', () => {
    const reasonOf = (sealed: Parameters<typeof openSealed>[0]) => {
      const opened = openSealed(sealed, certificates);
      return opened.kind === 'unopened' ? opened.reason : opened.kind;
    };
    assert.equal(reasonOf({ ...seal(), encryptionCertificateId: 'another' }), 'unknown-certificate');
    assert.equal(reasonOf(seal(newest, 'key')), 'bad-key');
    assert.equal(reasonOf(seal(newest, 'signature')), 'bad-signature');
    assert.equal(reasonOf({ ...seal(), dataKey: seal(older).dataKey }), 'bad-key');
    const [one, other] = [seal(), seal()];
    assert.equal(reasonOf({ ...one, data: other.data }), 'bad-signature');
    assert.equal(reasonOf({ ...one, dataSignature: other.dataSignature }), 'bad-signature');
    const bytes = Buffer.from(one.data, 'base64');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    assert.equal(reasonOf({ ...one, data: bytes.toString('base64') }), 'bad-signature');
  });

  it('needs a certificate with its own RSA key', () => {
    const [key = '', certificate = ''] = ours.split(/(?=-----BEGIN CERTIFICATE-----)/);
    const [foreign = ''] = before.split(/(?=-----BEGIN CERTIFICATE-----)/);
    for (const pem of [
      key,
      certificate,
      `${foreign}${certificate}`,
      'nothing',
      `${key}-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----`,
    ])
      assert.throws(() => readCertificates(pem), { code: 'notification-certificate' });
    assert.equal(readCertificates(ours.replaceAll('\n', '\\n')).length, 1, 'lines may come escaped');
  });
});
