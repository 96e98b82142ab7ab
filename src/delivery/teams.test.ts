import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { sampleCard } from '../../test/support/delivery.ts';
import { type SandboxConnector, startSandboxConnector } from '../sandbox/connector.ts';
import { activityOf, markIn } from './activity.ts';
import { createConnector } from './teams.ts';

describe('the connector client', () => {
  let sandbox: SandboxConnector;
  before(async () => {
    sandbox = await startSandboxConnector();
  });
  after(() => sandbox.close());

  const activity = activityOf('dlv_0a', sampleCard('Hello'), true);
  const to = () => ({ serviceUrl: sandbox.url, conversationId: '19:a@thread.tacv2' });

  it('posts a card that carries its mark, edits it and takes it back', async () => {
    const connector = createConnector({ hosts: [sandbox.url], getToken: async () => 'secret' });
    const posted = await connector.post(to(), activity);
    assert.ok(posted.kind === 'answered' && posted.activityId);
    const [arrival] = sandbox.arrivals;
    assert.equal(arrival?.conversationId, '19:a@thread.tacv2');
    assert.equal(arrival?.delivery, 'dlv_0a');
    assert.equal(markIn(JSON.stringify(arrival?.activity.attachments)), 'dlv_0a');
    assert.equal(sandbox.requests[0]?.token, 'Bearer secret');
    const edited = await connector.update(to(), posted.activityId, activity);
    assert.ok(edited.kind === 'answered' && edited.status === 200);
    await connector.remove(to(), posted.activityId);
    assert.equal(arrival?.deleted, true);
    const again = await connector.update(to(), posted.activityId, activity);
    assert.ok(again.kind === 'answered' && again.code === 'ActivityNotFoundInConversation');
    connector.close();
  });

  it('shows its token to no address that is not listed, and sends nothing without a token it should have', async () => {
    const asked: string[] = [];
    const careful = createConnector({
      hosts: ['smba.trafficmanager.net'],
      getToken: async () => {
        asked.push('token');
        return 'secret';
      },
    });
    const before = sandbox.requests.length;
    assert.equal((await careful.post(to(), activity)).kind, 'forbidden');
    assert.deepEqual(asked, []);
    const unsigned = createConnector({
      hosts: [sandbox.url],
      getToken: async () => {
        throw new Error('no identity here');
      },
    });
    const attempt = await unsigned.post(to(), activity);
    assert.deepEqual(attempt, { kind: 'not-sent', reason: 'no token: no identity here' });
    assert.equal(sandbox.requests.length, before);
  });

  it('makes one attempt a call, whatever the answer', async () => {
    const connector = createConnector({ hosts: [sandbox.url] });
    for (const status of [500, 502, 429, 412]) {
      const before = sandbox.requests.length;
      sandbox.fault('*', { kind: 'status', status, code: 'Why' });
      const attempt = await connector.post(to(), activity);
      assert.deepEqual(attempt, { kind: 'answered', status, code: 'Why' });
      assert.equal(sandbox.requests.length, before + 1);
    }
    connector.close();
  });

  it('writes a request once, also when the connection that was kept for it is cut', async () => {
    const connector = createConnector({ hosts: [sandbox.url], timeout: 2_000 });
    const before = sandbox.requests.length;
    const calls = 60;
    const attempts: string[] = [];
    for (let call = 0; call < calls; call += 3) {
      sandbox.fault('*', { kind: 'reset', when: 'before' });
      const made = Array.from({ length: 3 }, () => connector.post(to(), activity));
      attempts.push(...(await Promise.all(made)).map(({ kind }) => kind));
    }
    assert.equal(attempts.filter((kind) => kind === 'lost').length, calls / 3);
    assert.equal(attempts.filter((kind) => kind === 'answered').length, (calls / 3) * 2);
    assert.equal(sandbox.requests.length - before, calls);
    connector.close();
  });

  it('knows that nothing left while no connection stood', async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connector = createConnector({ hosts: [], loopback: true, timeout: 100 });
    const attempt = await connector.post({ serviceUrl: url, conversationId: 'c' }, activity);
    assert.deepEqual(attempt, { kind: 'not-sent', reason: 'no answer in time' });
    connector.close();
    server.close();
  });

  it('reads Retry-After, and the sub-code that says more than the code', async () => {
    const server = await serve(
      429,
      { error: { code: 'Forbidden', subCode: 'MessageWritesBlocked' } },
      { 'retry-after': '3' },
    );
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connector = createConnector({ hosts: [url] });
    const attempt = await connector.post({ serviceUrl: url, conversationId: 'c' }, activity);
    assert.deepEqual(attempt, {
      kind: 'answered',
      status: 429,
      retryAfter: 3000,
      code: 'MessageWritesBlocked',
    });
    connector.close();
    server.close();
  });

  it('takes from an answer no sign that cannot be kept, no code of any length, and no id that it would have to change', async () => {
    const answers: readonly (readonly [status: number, body: unknown, seen: object])[] = [
      [403, { error: { code: 'a\u0000b\u202e\ud800c' } }, { code: 'abc' }],
      [403, { error: { code: 'x'.repeat(5_000) } }, { code: 'x'.repeat(120) }],
      [403, { error: { code: '\u0000\u0001' } }, {}],
      [201, { id: 'a\u0000b' }, {}],
      [201, { id: 'x'.repeat(3_000) }, {}],
      [201, { id: '1600000000000' }, { activityId: '1600000000000' }],
    ];
    for (const [status, body, seen] of answers) {
      const server = await serve(status, body, {});
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const connector = createConnector({ hosts: [url] });
      const attempt = await connector.post({ serviceUrl: url, conversationId: 'c' }, activity);
      assert.deepEqual(attempt, { kind: 'answered', status, ...seen });
      connector.close();
      server.close();
    }
  });

  function serve(status: number, body: unknown, headers: Record<string, string>): Promise<Server> {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, headers);
      response.end(JSON.stringify(body));
    });
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
  }
});
