import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudAdapter, TurnContext } from 'botbuilder';
import { createServer as createRestify } from 'restify';
import { BOT_TENANT, messageActivity } from '../../test/support/activities.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { readBody } from '../http/body.ts';
import { sleep } from '../kernel/time.ts';
import { FAULTS, type Issuer, startIssuer } from '../sandbox/issuer.ts';
import { silentLog } from '../telemetry/log.ts';
import { createAdapter, forgetSdkKeys } from './adapter.ts';
import { createGate, type Gate } from './gate.ts';
import { BODY_LIMIT_BYTES } from './shape.ts';

/** The SDK keeps outbound tokens by app id for the whole process, so this suite has an app id of its own. */
const BOT = '7a9d3c10-5b7e-4f0e-8e57-0a6f5d4a8f2f';

type Sent = { readonly path: string; readonly authorization: string | undefined; readonly body: unknown };

/** The channel's side: takes what the bot sends and remembers it as it was on the wire. */
async function startConnector(): Promise<{ url: string; sent: Sent[]; server: Server }> {
  const sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request, 1_000_000);
    const { authorization } = request.headers;
    sent.push({ path: request.url ?? '', authorization, body: JSON.parse(body.toString('utf8')) });
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end('{"id":"activity-1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sent, server };
}

function closeServer(server: Server): void {
  server.closeAllConnections();
  server.close();
}

/** Gate and adapter behind restify, as the product has them. */
async function startBot(gate: Gate, adapter: CloudAdapter, turn: (context: TurnContext) => Promise<void>) {
  const restify = createRestify();
  restify.post('/api/messages', async (request, response) => {
    const { authorization } = request.headers;
    const body = await readBody(request, BODY_LIMIT_BYTES);
    const verdict = await gate.check({ authorization, body, remoteAddress: request.socket.remoteAddress });
    if (verdict.kind === 'stop') {
      response.status(verdict.status);
      response.end();
      return;
    }
    const { headers, method = 'POST' } = request;
    const answer = Object.assign(response, {
      header: (name: string, value: unknown) => response.header(name, value),
    });
    await adapter.process({ headers, method, body: verdict.activity }, answer as never, turn);
  });
  await new Promise<void>((resolve) => restify.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${restify.address().port}/api/messages`,
    close: () => closeServer(restify.server),
  };
}

function productionSettings(issuer: Issuer, serviceHost: string): Settings {
  const read = readSettings({
    APP_ENV: 'production',
    BOT_ID: BOT,
    BOT_TENANT_ID: BOT_TENANT,
    BOT_TYPE: 'UserAssignedMsi',
    BOT_SERVICE_HOSTS: serviceHost,
    DATABASE_URL: 'postgres://waymark@127.0.0.1:5432/waymark',
    PSEUDONYM_KEY: '0'.repeat(64),
    ...issuer.environment,
  });
  assert.ok(read.kind === 'ok', JSON.stringify(read));
  return read.settings;
}

describe('the real adapter behind the gate, over HTTP', () => {
  let issuer: Issuer;
  let connector: Awaited<ReturnType<typeof startConnector>>;
  let bot: Awaited<ReturnType<typeof startBot>>;
  let turns: string[] = [];
  const saved = { endpoint: process.env.IDENTITY_ENDPOINT, header: process.env.IDENTITY_HEADER };

  before(async () => {
    issuer = await startIssuer({ audience: BOT });
    connector = await startConnector();
    process.env.IDENTITY_ENDPOINT = issuer.environment.IDENTITY_ENDPOINT;
    process.env.IDENTITY_HEADER = issuer.environment.IDENTITY_HEADER;
    const settings = productionSettings(issuer, new URL(connector.url).origin);
    const gate = createGate({ settings, log: silentLog, onNewKeys: forgetSdkKeys, keyCooldownMs: 50 });
    bot = await startBot(gate, createAdapter(settings), async (context) => {
      turns.push(context.activity.text);
      if (context.activity.text === 'label') {
        await context.sendActivity({ type: 'message', text: 'Answer [1].', entities: [LABEL] });
      }
    });
  });
  beforeEach(() => {
    turns = [];
    connector.sent.length = 0;
  });
  after(async () => {
    for (const [name, value] of [
      ['IDENTITY_ENDPOINT', saved.endpoint],
      ['IDENTITY_HEADER', saved.header],
    ] as const) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    bot.close();
    closeServer(connector.server);
    await issuer.close();
  });

  const LABEL = {
    type: 'https://schema.org/Message',
    '@type': 'Message',
    '@context': 'https://schema.org',
    additionalType: ['AIGeneratedContent'],
    citation: [
      { '@type': 'Claim', position: 1, appearance: { '@type': 'DigitalDocument', name: 'Strategy' } },
    ],
  };

  async function post(token: string | undefined, over: Readonly<Record<string, unknown>> = {}) {
    const response = await fetch(bot.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(messageActivity(connector.url, over)),
    });
    return { status: response.status, body: await response.text() };
  }

  it('runs a turn for a good token', async () => {
    assert.equal((await post(await issuer.mint(connector.url))).status, 200);
    assert.deepEqual(turns, ['What are our priorities?']);
  });

  for (const fault of FAULTS) {
    it(`runs nothing for a token that is wrong by ${fault}, and says nothing`, async () => {
      const refused = await post(await issuer.mint(connector.url, fault));
      assert.deepEqual(refused, { status: 401, body: '' });
      assert.deepEqual(turns, []);
    });
  }

  it('runs nothing without a token', async () => {
    assert.deepEqual(await post(undefined), { status: 401, body: '' });
    assert.deepEqual(turns, []);
  });

  const holes: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['an activity without serviceUrl', { serviceUrl: undefined }],
    ['an activity of another tenant', { conversation: { id: 'c', tenantId: BOT }, channelData: {} }],
    ['an activity of another channel', { channelId: 'webchat' }],
  ];
  for (const [what, over] of holes) {
    it(`runs nothing for ${what}`, async () => {
      assert.deepEqual(await post(await issuer.mint(connector.url), over), { status: 403, body: '' });
      assert.deepEqual(turns, []);
    });
  }

  it('answers 413 to a body over the limit and goes on serving', async () => {
    const token = await issuer.mint(connector.url);
    assert.equal((await post(token, { text: 'x'.repeat(2_000_000) })).status, 413);
    assert.equal((await post(token)).status, 200);
    assert.equal(turns.length, 1);
  });

  it('survives a roll-over of the keys, in the SDK as well', async () => {
    assert.equal((await post(await issuer.mint(connector.url))).status, 200);
    await issuer.rollOver();
    await sleep(60);
    assert.equal((await post(await issuer.mint(connector.url))).status, 200);
    assert.equal(turns.length, 2);
  });

  it('answers with a token of the managed identity, and with every field of its entities', async () => {
    assert.equal((await post(await issuer.mint(connector.url), { text: 'label' })).status, 200);
    const [reply] = connector.sent;
    assert.ok(reply);
    assert.match(reply.authorization ?? '', /^Bearer sandbox\./);
    assert.deepEqual((reply.body as { entities: unknown }).entities, [LABEL]);
    assert.ok(issuer.seen.tokens > 0);
  });
});

describe('an adapter without an identity', () => {
  it('is not built in production', () => {
    assert.throws(() => createAdapter({ appEnv: 'production' }), /no identity/);
  });

  it('sends every field of its entities too', async () => {
    const connector = await startConnector();
    const gate = createGate({
      settings: {
        appEnv: 'local',
        serviceHosts: [],
        senderLimit: 1,
        refusedLimit: 1,
        behindFrontEnd: false,
      },
      log: silentLog,
      onNewKeys: forgetSdkKeys,
    });
    const entity = { type: 'streaminfo', streamId: 's', streamType: 'final' };
    const bot = await startBot(gate, createAdapter({ appEnv: 'local' }), async (context) => {
      await context.sendActivity({ type: 'message', text: 'Hello', entities: [entity] });
    });
    const body = JSON.stringify(messageActivity(connector.url));
    const answer = await fetch(bot.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    bot.close();
    closeServer(connector.server);
    assert.equal(answer.status, 200);
    const [reply] = connector.sent;
    assert.ok(reply);
    assert.deepEqual((reply.body as { entities: unknown }).entities, [entity]);
    assert.equal(reply.authorization, undefined);
  });
});
