import { strict as assert } from 'node:assert';
import { BOT_TENANT } from '../../test/support/activities.ts';
import { BOT, bodyOf, NO_LIMITS, SERVICE, settingsFor } from '../../test/support/gate.ts';
import { sleep } from '../kernel/time.ts';
import { type Fault, type Issuer, startIssuer } from '../sandbox/issuer.ts';
import { silentLog } from '../telemetry/log.ts';
import type { Reason } from './claims.ts';
import { createGate, type Gate, type GateOptions } from './gate.ts';

const OTHER_TENANT = '11111111-64b5-4c3b-8a51-3d1f0f5a9b77';

describe('the gate in production', () => {
  let issuer: Issuer;
  let gate: Gate;
  before(async () => {
    issuer = await startIssuer({ audience: BOT });
    gate = createGate({ settings: settingsFor(issuer), log: silentLog, onNewKeys: () => undefined });
  });
  after(() => issuer.close());

  async function call(authorization: string | undefined, body = bodyOf()): Promise<string> {
    const verdict = await gate.check({ authorization, body, remoteAddress: '20.0.0.1' });
    return verdict.kind === 'pass' ? 'pass' : `${verdict.status} ${verdict.reason}`;
  }
  const bearer = async (fault?: Fault) => `Bearer ${await issuer.mint(SERVICE, fault)}`;

  it('lets a good token with a good activity through', async () => {
    assert.equal(await call(await bearer()), 'pass');
  });

  it('asks for a Bearer token', async () => {
    const token = await issuer.mint(SERVICE);
    assert.equal(await call(undefined), '401 no-token');
    assert.equal(await call(''), '401 no-token');
    const unreadable = [
      'garbage',
      'Bearer',
      'Bearer ',
      'Bearer a.b.c',
      `Basic ${token}`,
      token,
      `bearer ${token}`,
    ];
    for (const header of [
      ...unreadable,
      `Bearer  ${token}`,
      `Bearer ${token} x`,
      `Bearer ${'a'.repeat(100_000)}`,
    ]) {
      assert.equal(await call(header), '401 bad-token', header.slice(0, 40));
    }
  });

  const tokens: Readonly<Record<Fault, `${number} ${Reason}`>> = {
    expired: '401 expired',
    'expired-four-minutes': '401 expired',
    'no-exp': '401 bad-token',
    'not-yet-valid': '401 not-yet-valid',
    'wrong-audience': '401 wrong-audience',
    'audience-list': '401 bad-token',
    'wrong-issuer': '401 wrong-issuer',
    emulator: '401 wrong-issuer',
    'forged-signature': '401 bad-signature',
    'alg-none': '401 bad-token',
    hs256: '401 wrong-algorithm',
    'unknown-kid': '401 unknown-key',
    'no-kid': '401 bad-token',
    'serviceurl-missing': '401 service-url-differs',
    'serviceurl-other': '401 service-url-differs',
    'serviceurl-slash': '401 service-url-differs',
  };
  for (const [fault, expected] of Object.entries(tokens) as [Fault, string][]) {
    it(`refuses a token that is wrong by ${fault}`, async () => {
      assert.equal(await call(await bearer(fault)), expected);
    });
  }

  const activities: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ['has no serviceUrl', { serviceUrl: undefined }, '403 service-url-missing'],
    ['has an empty serviceUrl', { serviceUrl: '' }, '403 service-url-missing'],
    ['comes from another channel', { channelId: 'directline' }, '403 wrong-channel'],
    [
      'comes from another tenant by its conversation',
      { conversation: { id: 'a:chat', tenantId: OTHER_TENANT } },
      '403 wrong-tenant',
    ],
    [
      'comes from another tenant by its channel data',
      { channelData: { tenant: { id: OTHER_TENANT } } },
      '403 wrong-tenant',
    ],
    ['names no tenant', { conversation: { id: 'a:chat' }, channelData: {} }, '403 wrong-tenant'],
    ['has no type', { type: undefined }, '400 not-an-activity'],
    ['has a text that is no text', { text: { a: 1 } }, '400 not-an-activity'],
    ['has no sender', { from: null }, '400 not-an-activity'],
    ['has no conversation', { conversation: undefined }, '400 not-an-activity'],
  ];
  for (const [what, over, expected] of activities) {
    it(`refuses an activity that ${what}`, async () => {
      assert.equal(await call(await bearer(), bodyOf(over)), expected);
    });
  }

  it('refuses a serviceUrl that is not listed, even when the token names it too', async () => {
    const elsewhere = 'https://elsewhere.example/';
    const token = await issuer.mint(elsewhere);
    const body = bodyOf({ serviceUrl: elsewhere });
    assert.equal(await call(`Bearer ${token}`, body), '403 service-url-not-allowed');
  });

  it('takes the tenant and the audience in either case', async () => {
    const body = bodyOf({ conversation: { id: 'a:chat', tenantId: BOT_TENANT.toUpperCase() } });
    assert.equal(await call(await bearer(), body), 'pass');
  });

  it('refuses bodies that are no JSON object or too large', async () => {
    const token = await bearer();
    assert.equal(await call(token, Buffer.from('{"type":')), '400 not-json');
    assert.equal(await call(token, Buffer.from('')), '400 not-json');
    assert.equal(await call(token, Buffer.from('{}')), '400 not-an-activity');
    assert.equal(await call(token, Buffer.from('[]')), '400 not-an-activity');
    assert.equal(await call(token, bodyOf({ text: 'x'.repeat(256 * 1024) })), '413 too-large');
    assert.equal(await call(token, bodyOf({ text: 'x'.repeat(200 * 1024) })), 'pass');
  });

  it('says nothing about the body to a caller without a token', async () => {
    assert.equal(await call(undefined, Buffer.from('{"type":')), '401 no-token');
  });

  it('counts each refusal under one of a fixed set of reasons', async () => {
    const before = gate.counts();
    await call(undefined);
    await call(await bearer());
    const after = gate.counts();
    assert.equal(after['no-token'], before['no-token'] + 1);
    assert.equal(after.pass, before.pass + 1);
    assert.deepEqual(Object.keys(after), Object.keys(before));
  });
});

describe('the keys behind the gate', () => {
  let issuer: Issuer;
  beforeEach(async () => {
    issuer = await startIssuer({ audience: BOT });
  });
  afterEach(() => issuer.close());

  function gateWith(options: Partial<GateOptions> = {}): (fault?: Fault) => Promise<string> {
    const gate = createGate({
      settings: settingsFor(issuer),
      log: silentLog,
      onNewKeys: () => undefined,
      ...options,
    });
    return async (fault) => {
      const authorization = `Bearer ${await issuer.mint(SERVICE, fault)}`;
      const verdict = await gate.check({ authorization, body: bodyOf(), remoteAddress: undefined });
      return verdict.kind === 'pass' ? 'pass' : `${verdict.status} ${verdict.reason}`;
    };
  }

  it('are fetched once for many tokens, and not at all for junk', async () => {
    const call = gateWith();
    await call('wrong-issuer');
    await call('hs256');
    assert.equal(issuer.seen.keys, 0);
    await Promise.all(Array.from({ length: 20 }, () => call()));
    assert.equal(issuer.seen.keys, 1);
  });

  it('are asked for again when the issuer rolls over, and the SDK is told', async () => {
    let told = 0;
    const call = gateWith({ keyCooldownMs: 50, onNewKeys: () => (told += 1) });
    assert.equal(await call(), 'pass');
    assert.equal(told, 0);
    await issuer.rollOver(true);
    await sleep(60);
    assert.equal(await call(), 'pass');
    assert.equal(told, 1);
    await issuer.rollOver();
    await sleep(60);
    assert.equal(await call(), 'pass');
    assert.equal(told, 2);
  });

  it('are not asked for more often than the cooldown allows, however many unknown ids come', async () => {
    const call = gateWith({ keyCooldownMs: 60_000 });
    assert.equal(await call(), 'pass');
    for (let turn = 0; turn < 50; turn += 1) assert.equal(await call('unknown-kid'), '401 unknown-key');
    assert.equal(issuer.seen.keys, 1);
  });

  it('must be endorsed for Teams where they carry endorsements', async () => {
    issuer.endorse(['skype', 'webchat']);
    assert.equal(await gateWith()(), '403 key-not-endorsed');
    issuer.endorse([]);
    assert.equal(await gateWith()(), '403 key-not-endorsed');
    issuer.endorse(undefined);
    assert.equal(await gateWith()(), 'pass');
  });

  it('go on serving while the issuer is down, and a gate without keys says 503', async () => {
    const call = gateWith({ keyCooldownMs: 0 });
    assert.equal(await call(), 'pass');
    issuer.setDown(true);
    assert.equal(await call('unknown-kid'), '401 unknown-key');
    assert.equal(await call(), 'pass');
    assert.equal(await gateWith()(), '503 keys-unavailable');
  });
});

describe('the gate on a local run', () => {
  const settings: GateOptions['settings'] = { appEnv: 'local', serviceHosts: [], ...NO_LIMITS };
  const gate = createGate({ settings, log: silentLog, onNewKeys: () => undefined });
  async function call(body: Buffer, remoteAddress: string | undefined): Promise<string> {
    const verdict = await gate.check({ authorization: undefined, body, remoteAddress });
    return verdict.kind === 'pass' ? 'pass' : `${verdict.status} ${verdict.reason}`;
  }
  const local = bodyOf({ serviceUrl: 'http://localhost:56150/_connector' });

  it('needs no token from this machine', async () => {
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      assert.equal(await call(local, address), 'pass');
  });

  it('refuses every other machine', async () => {
    for (const address of ['192.168.1.10', '::ffff:10.0.0.1', 'fe80::1', undefined]) {
      assert.equal(await call(local, address), '403 not-loopback');
    }
  });

  it('answers nowhere but on this machine', async () => {
    assert.equal(await call(bodyOf(), '127.0.0.1'), '403 service-url-not-allowed');
    assert.equal(await call(bodyOf({ serviceUrl: undefined }), '127.0.0.1'), '403 service-url-missing');
  });

  it('takes JSON alone, since a web page may post plain text to this machine without being asked', async () => {
    for (const [contentType, expected] of [
      ['application/json', 'pass'],
      ['application/json; charset=utf-8', 'pass'],
      ['text/plain', 'stop'],
      ['application/jsonx', 'stop'],
    ] as const) {
      const inbound = { authorization: undefined, body: local, remoteAddress: '::1', contentType };
      assert.equal((await gate.check(inbound)).kind, expected, contentType);
    }
  });

  it('holds the same limits on size and shape', async () => {
    assert.equal(await call(Buffer.alloc(256 * 1024 + 1, 32), '127.0.0.1'), '413 too-large');
    assert.equal(await call(Buffer.from('{}'), '127.0.0.1'), '400 not-an-activity');
  });
});

describe('a gate without an identity', () => {
  it('is not built in production', () => {
    const settings = { appEnv: 'production', serviceHosts: [], ...NO_LIMITS } as const;
    assert.throws(
      () => createGate({ settings, log: silentLog, onNewKeys: () => undefined }),
      /no bot identity/,
    );
  });
});
