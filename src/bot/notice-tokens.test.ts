import { strict as assert } from 'node:assert';
import { type Issuer, NOTICE_FAULTS, startIssuer } from '../sandbox/issuer.ts';
import { silentLog } from '../telemetry/log.ts';
import { createTokenJudge, type TokenJudge } from './notice-tokens.ts';

const AUDIENCE = '2d9a3c10-5b7e-4f0e-8e57-0a6f5d4a8f01';
const TENANT = '00000000-0000-4000-8009-000000000001';

describe('the tokens of what Graph tells', () => {
  let issuer: Issuer;
  let judge: TokenJudge;
  beforeEach(async () => {
    issuer = await startIssuer({ audience: AUDIENCE, issuer: `https://sts.windows.net/${TENANT}/` });
    judge = createTokenJudge({
      audience: AUDIENCE,
      tenantId: TENANT,
      authority: { issuer: issuer.issuer, openIdMetadata: `${issuer.origin}/openid` },
      fetchJson: async (url) => {
        const response = await fetch(url);
        if (!response.ok) throw new Error(String(response.status));
        return response.json();
      },
      log: silentLog,
      keyCooldownMs: 0,
    });
  });
  afterEach(() => issuer.close());

  it('are good when Graph’s publisher made them for this bot and tenant', async () => {
    assert.equal(await judge([await issuer.mintNotice(TENANT)]), 'good');
    assert.equal(
      await judge([await issuer.mintNotice(TENANT), await issuer.mintNotice(TENANT, 'second-kind')]),
      'good',
    );
  });

  for (const fault of NOTICE_FAULTS.filter((one) => one !== 'second-kind'))
    it(`are bad when ${fault}`, async () => {
      assert.equal(await judge([await issuer.mintNotice(TENANT, fault)]), 'bad');
      assert.equal(
        await judge([await issuer.mintNotice(TENANT), await issuer.mintNotice(TENANT, fault)]),
        'bad',
        'beside a good one',
      );
    });

  it('are bad when there are none, or they are junk', async () => {
    for (const tokens of [[], [''], ['a.b.c'], ['x'.repeat(5_000)]]) assert.equal(await judge(tokens), 'bad');
  });

  it('cannot be judged while the keys cannot be had, and can after', async () => {
    const token = await issuer.mintNotice(TENANT);
    issuer.setDown(true);
    assert.equal(await judge([token]), 'unavailable');
    issuer.setDown(false);
  });
});
