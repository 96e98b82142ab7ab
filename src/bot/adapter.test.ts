import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TurnContext } from 'botbuilder';
import { createServer as createRestify } from 'restify';
import { BOT_TENANT, messageActivity } from '../../test/support/activities.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { createBodyReader } from '../http/body.ts';
import { sleep } from '../kernel/time.ts';
import { FAULTS, type Issuer, startIssuer } from '../sandbox/issuer.ts';
import { silentLog } from '../telemetry/log.ts';
import { createAdapter, forgetSdkKeys, type TurnAdapter } from './adapter.ts';
import { createGate, type Gate } from './gate.ts';
import { saidOf } from './said.ts';
import { BODY_LIMIT_BYTES, parseActivity } from './shape.ts';

const readBody = createBodyReader();

/** The SDK keeps outbound tokens by app id for the whole process, so this suite has an app id of its own. */
const BOT = '7a9d3c10-5b7e-4f0e-8e57-0a6f5d4a8f2f';

/** Faults that the SDK's own check does not see: what the gate stands in front of it for. */
const SDK_LETS_IN: ReadonlySet<string> = new Set(['expired-four-minutes', 'no-exp', 'emulator']);

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
async function startBot(gate: Gate, adapter: TurnAdapter, turn: (context: TurnContext) => Promise<void>) {
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
    const { status, body: answer } = await adapter.run(verdict.activity, authorization, turn);
    response.json(status, answer);
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

  describe('without the gate, by the check of the SDK alone', () => {
    let adapter: TurnAdapter;
    before(() => {
      adapter = createAdapter(productionSettings(issuer, new URL(connector.url).origin));
    });
    const run = (token: string | undefined) => {
      const parsed = parseActivity(JSON.stringify(messageActivity(connector.url)));
      assert.ok('activity' in parsed);
      return adapter.run(parsed.activity, token && `Bearer ${token}`, async (context) => {
        turns.push(context.activity.text);
      });
    };

    it('runs a turn for a good token', async () => {
      assert.deepEqual(await run(await issuer.mint(connector.url)), { status: 200 });
      assert.equal(turns.length, 1);
    });

    for (const fault of FAULTS.filter((one) => !SDK_LETS_IN.has(one)))
      it(`refuses a token that is wrong by ${fault}, and says nothing`, async () => {
        assert.deepEqual(await run(await issuer.mint(connector.url, fault)), { status: 401 });
        assert.deepEqual(turns, []);
      });

    for (const token of [undefined, '', 'none', 'a.b.c'])
      it(`refuses ${JSON.stringify(token) ?? 'nothing'} for a token`, async () => {
        assert.deepEqual(await run(token), { status: 401 });
        assert.deepEqual(turns, []);
      });
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

describe('what a turn answers', () => {
  const adapter = createAdapter({ appEnv: 'local' });
  const faults: unknown[] = [];
  before(() => {
    adapter.onTurnError = async (_context, error) => void faults.push(error);
  });
  beforeEach(() => {
    faults.length = 0;
  });
  const run = (over: Readonly<Record<string, unknown>>, turn: (context: TurnContext) => Promise<void>) => {
    const parsed = parseActivity(JSON.stringify(messageActivity('http://127.0.0.1:1/', over)));
    assert.ok('activity' in parsed);
    return adapter.run(parsed.activity, undefined, turn);
  };
  const press = { type: 'invoke', name: 'adaptiveCard/action', value: {} };
  const answer = { status: 200, body: { statusCode: 200 } };
  const inSdksWay = { type: 'invokeResponse', value: answer };

  it('leaves by the place that the turn was given, which is empty afterwards', async () => {
    let kept: ReturnType<typeof saidOf>;
    const given = await run(press, async (context) => {
      kept = saidOf(context);
      assert.ok(kept);
      kept.answer = answer;
    });
    assert.deepEqual(given, answer);
    assert.deepEqual(kept, { answer: undefined });
  });

  it("leaves when it is given in the SDK's way too", async () => {
    assert.deepEqual(
      await run(press, async (context) => void (await context.sendActivity(inSdksWay))),
      answer,
    );
  });

  it('is gathered when the sender wants all replies in the answer', async () => {
    const given = await run({ ...press, deliveryMode: 'expectReplies' }, async (context) => {
      await context.sendActivity('Hello');
      await context.sendActivity(inSdksWay);
    });
    const { activities } = given.body as { activities: { type: string; text?: string; value?: unknown }[] };
    assert.equal(given.status, 200);
    assert.deepEqual(
      activities.map(({ type, text, value }) => ({ type, text, value })),
      [
        { type: 'message', text: 'Hello', value: undefined },
        { type: 'invokeResponse', text: undefined, value: answer },
      ],
    );
  });

  it('is 501 to a press that the turn does not answer, and 200 to a message', async () => {
    assert.deepEqual(await run(press, async () => undefined), { status: 501 });
    assert.deepEqual(await run({}, async () => undefined), { status: 200 });
  });

  it('is whatever stands when the turn fails, which is told to whoever looks after failures', async () => {
    const fault = new Error('a fault of the turn');
    const failing = async () => Promise.reject(fault);
    assert.deepEqual(await run(press, failing), { status: 501 });
    assert.deepEqual(await run({}, failing), { status: 200 });
    assert.deepEqual(faults, [fault, fault]);
  });

  it('sees times as they were written, to the millisecond', async () => {
    const timestamp = '2026-11-23T07:30:00.123Z';
    let seen: unknown;
    await run({ timestamp }, async (context) => {
      seen = context.activity.timestamp;
    });
    assert.equal(seen, timestamp);
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
