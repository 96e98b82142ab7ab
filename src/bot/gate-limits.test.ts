import { strict as assert } from 'node:assert';
import { BOT, bodyOf, SERVICE, settingsFor } from '../../test/support/gate.ts';
import { sleep } from '../kernel/time.ts';
import { type Issuer, startIssuer } from '../sandbox/issuer.ts';
import { silentLog } from '../telemetry/log.ts';
import { createGate, type GateOptions } from './gate.ts';

describe('the limits of the gate', () => {
  let issuer: Issuer;
  before(async () => {
    issuer = await startIssuer({ audience: BOT });
  });
  after(() => issuer.close());

  function gateWith(over: Partial<GateOptions['settings']>) {
    const gate = createGate({
      settings: { ...settingsFor(issuer), ...over },
      log: silentLog,
      onNewKeys: () => undefined,
    });
    return async (from: {
      readonly address?: string;
      readonly forwardedFor?: string;
      readonly body?: Buffer;
      readonly token?: string;
    }) => {
      const verdict = await gate.check({
        authorization: from.token,
        body: from.body ?? bodyOf(),
        remoteAddress: from.address ?? '20.0.0.1',
        forwardedFor: from.forwardedFor,
      });
      return verdict.kind === 'pass' ? 'pass' : `${verdict.status} ${verdict.reason}`;
    };
  }

  it('stops reading an address that was refused too often, and no other', async () => {
    const call = gateWith({ refusedLimit: 3 });
    const token = `Bearer ${await issuer.mint(SERVICE)}`;
    for (let n = 0; n < 3; n++) assert.equal(await call({}), '401 no-token');
    assert.equal(await call({}), '429 address-too-often');
    assert.equal(await call({ token }), '429 address-too-often');
    assert.equal(await call({ token, address: '20.0.0.2' }), 'pass');
  });

  it('counts nothing against an address that is let through', async () => {
    const call = gateWith({ refusedLimit: 1 });
    const token = `Bearer ${await issuer.mint(SERVICE)}`;
    for (let n = 0; n < 20; n++) assert.equal(await call({ token }), 'pass');
  });

  it('lets nobody with a signed token from elsewhere shut out the address that Teams itself comes from', async () => {
    const call = gateWith({ refusedLimit: 2 });
    const token = `Bearer ${await issuer.mint(SERVICE)}`;
    const foreign = bodyOf({ conversation: { id: 'a:1', tenantId: 'another-tenant' } });
    for (let n = 0; n < 6; n++) {
      assert.equal(await call({ token, body: foreign }), '403 wrong-tenant');
      assert.equal(await call({ token, body: Buffer.from('[]') }), '400 not-an-activity');
    }
    assert.equal(await call({ token }), 'pass');
  });

  it('lets nobody whose own bot names our address have the channel shut itself out', async () => {
    const call = gateWith({ refusedLimit: 2 });
    const [ours, theirs] = [
      `Bearer ${await issuer.mint(SERVICE)}`,
      `Bearer ${await issuer.mint(SERVICE, 'wrong-audience')}`,
    ];
    const large = Buffer.alloc(256 * 1024 + 1, 0x20);
    for (let n = 0; n < 6; n++) {
      assert.equal(await call({ token: theirs }), '401 wrong-audience');
      assert.equal(await call({ token: theirs, body: large }), '413 too-large');
      assert.equal(await call({ token: ours, body: large }), '413 too-large');
    }
    assert.equal(await call({ token: ours }), 'pass');
    // Whoever only says that a token is another bot's has no signature for it, and is counted.
    const forged = theirs.replace(/\.[^.]+$/, `.${'A'.repeat(342)}`);
    for (let n = 0; n < 2; n++)
      assert.equal(await call({ token: forged, address: '20.0.0.9' }), '401 wrong-audience');
    assert.equal(await call({ token: ours, address: '20.0.0.9' }), '429 address-too-often');
    for (let n = 0; n < 2; n++)
      assert.equal(await call({ token: forged, body: large, address: '20.0.0.8' }), '413 too-large');
    assert.equal(await call({ token: ours, address: '20.0.0.8' }), '429 address-too-often');
  });

  it('counts nothing against an address while there are no keys to look with', async () => {
    let away = true;
    const gate = createGate({
      settings: { ...settingsFor(issuer), refusedLimit: 2 },
      log: silentLog,
      onNewKeys: () => undefined,
      fetchJson: async (url) => {
        if (away) throw new Error('the issuer is away');
        return (await fetch(url)).json();
      },
      keyCooldownMs: 0,
    });
    const authorization = `Bearer ${await issuer.mint(SERVICE)}`;
    const call = async () => {
      const verdict = await gate.check({ authorization, body: bodyOf(), remoteAddress: '20.0.0.1' });
      return verdict.kind === 'pass' ? 'pass' : verdict.reason;
    };
    for (let n = 0; n < 5; n++) assert.equal(await call(), 'keys-unavailable');
    away = false;
    await sleep(2_100);
    assert.equal(await call(), 'pass');
  });

  it('tells callers behind a front end apart by what the front end says, not by what they write', async () => {
    const call = gateWith({ refusedLimit: 1, behindFrontEnd: true });
    assert.equal(await call({ forwardedFor: '203.0.113.1:5000' }), '401 no-token');
    assert.equal(await call({ forwardedFor: '9.9.9.9, 203.0.113.1:5001' }), '429 address-too-often');
    assert.equal(await call({ forwardedFor: '203.0.113.2:5000' }), '401 no-token');
  });

  it('stops one person who sends too much, and nobody else', async () => {
    const call = gateWith({ senderLimit: 4 });
    const token = `Bearer ${await issuer.mint(SERVICE)}`;
    const from = (id: string) => bodyOf({ from: { id, aadObjectId: id } });
    assert.deepEqual(
      [await call({ token, body: from('a') }), await call({ token, body: from('a') })],
      ['pass', 'pass'],
    );
    assert.equal(await call({ token, body: from('a') }), '429 sender-too-often');
    assert.equal(await call({ token, body: from('b') }), 'pass');
  });
});
