/** Nothing is shipped under a licence that the trust would have to think about. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { shippedPackages } from '../../docs/licences.ts';

const lockOf = (license: string) =>
  JSON.stringify({ packages: { '': {}, 'node_modules/one': { version: '1.0.0', license } } });

describe('licences', () => {
  it('of all packages that are shipped are allowed', () => {
    const shipped = shippedPackages(readFileSync('package-lock.json', 'utf8'));
    assert.ok(shipped.length > 100, `only ${shipped.length} packages: is this the lock file?`);
    assert.deepEqual(
      shipped.filter(({ allowed }) => !allowed).map(({ name, licence }) => `${name}: ${licence}`),
      [],
    );
  });

  it('would be found out if one were not', () => {
    const allowed = (license: string) => shippedPackages(lockOf(license))[0]?.allowed;
    assert.equal(allowed('MIT'), true);
    assert.equal(allowed('(GPL-3.0-or-later OR MIT)'), true);
    assert.equal(allowed('(GPL-3.0-or-later AND MIT)'), false);
    assert.equal(allowed('AGPL-3.0-only'), false);
    assert.equal(allowed(''), false);
  });
});
