import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod/v4';
import { useGraph } from '../../test/support/graph.ts';
import { personNamed, teamNamed } from '../sandbox/tenant.ts';
import { connectGraph, loopbackCredential } from './graph.ts';
import { readManagers, readTeamMembers, readUserChanges } from './people-graph.ts';

const User = z.object({ id: z.string() });

describe('the way to Graph', () => {
  const given = useGraph({ pageSize: 20 });
  const id = (name: string) => personNamed(given().sandbox.tenant, name).id;

  it('follows every page and keeps the delta link', async () => {
    const { graph, sandbox } = given();
    const { users, deltaLink } = await readUserChanges(graph);
    assert.equal(users.length, sandbox.tenant.people.length);
    assert.equal(sandbox.requests.length, Math.ceil(users.length / 20));
    assert.match(deltaLink, /^https:\/\/graph\.microsoft\.com\/v1\.0\/users\/delta\?/);
    assert.deepEqual((await readUserChanges(graph, deltaLink)).users, []);
  });

  it('sends the bearer token to the loopback stand-in', async () => {
    await given().graph.list('/users', User);
    assert.ok(given().sandbox.requests.every((request) => request.status === 200));
  });

  it('refuses a next link that leads to a foreign host, and asks nothing there', async () => {
    const { graph, sandbox } = given();
    let asked = 0;
    const stranger = createServer((_, response) => {
      asked += 1;
      response.end('{"value":[]}');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    try {
      for (const origin of [
        `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`,
        'https://graph.microsoft.com.example',
        'https://graph.microsoft.com@evil.example',
      ]) {
        sandbox.sendLinksTo(origin);
        await assert.rejects(graph.list('/users', User), { code: 'graph-foreign-link' });
      }
      assert.equal(asked, 0);
      assert.equal(sandbox.requests.length, 3);
    } finally {
      stranger.close();
    }
  });

  it('waits when throttled and asks again', async () => {
    const { graph, sandbox } = given();
    for (const retryAfter of [0, 1]) {
      sandbox.throttle(1, { retryAfter });
      assert.equal((await graph.list('/users', User)).items.length, sandbox.tenant.people.length);
    }
    assert.equal(sandbox.requests.filter((request) => request.status === 429).length, 2);
  });

  it('gives up as throttled when Graph goes on saying so', async () => {
    given().sandbox.throttle(50);
    await assert.rejects(given().graph.list('/users', User), { code: 'graph-throttled' });
    given().sandbox.throttle(0);
    given().sandbox.throttle(500, { inBatch: true });
    await assert.rejects(readManagers(given().graph, [id('Aisha Rahman')]), { code: 'graph-throttled' });
  });

  it('batches by twenty, leaves out a vacancy, and asks throttled items again', async () => {
    const { graph, sandbox } = given();
    sandbox.throttle(5, { inBatch: true });
    const people = sandbox.tenant.people.slice(0, 50);
    const managers = await readManagers(
      graph,
      people.map((person) => person.id),
    );
    const expected = people.filter((person) => person.manager).map((person) => [person.id, person.manager]);
    assert.deepEqual([...managers].sort(), expected.sort());
    const posts = sandbox.requests.filter((request) => request.method === 'POST');
    assert.deepEqual(
      posts.map((request) => request.path),
      Array.from({ length: 4 }, () => '/v1.0/$batch'),
    );
    assert.equal((await readManagers(graph, [id('Rhys Morgan')])).size, 0);
  });

  it("reads a team's members", async () => {
    const { graph, sandbox } = given();
    const members = await readTeamMembers(graph, teamNamed(sandbox.tenant, 'Harbour Year 5 class').id);
    assert.ok(members.includes(id('Maisie Tarrant')));
  });

  it('names each fault and its remedy', async () => {
    const { graph, sandbox } = given();
    const missing = graph.get('/users/00000000-0000-4000-8000-00000000dead', User);
    await assert.rejects(missing, { code: 'graph-not-found' });
    await assert.rejects(graph.get(`/users/${id('Jo Bennett')}`, z.object({ shoeSize: z.number() })), {
      code: 'graph-bad-reply',
    });
    const { deltaLink } = await readUserChanges(graph);
    sandbox.forgetDeltas();
    await assert.rejects(readUserChanges(graph, deltaLink), { code: 'graph-state-lost' });
    for (const [status, code] of [
      [401, 'graph-denied'],
      [403, 'graph-denied'],
      [500, 'graph-failing'],
    ] as const) {
      sandbox.fail(status);
      await assert.rejects(graph.list('/users', User), { code });
    }
    await sandbox.close();
    await assert.rejects(graph.list('/users', User), {
      code: 'graph-unreachable',
      message: /^Graph cannot be reached for \/users: fetch failed \([A-Z_]+\)$/,
    });
  });

  it('is refused to any address but Graph’s and this machine’s', () => {
    const credential = loopbackCredential();
    assert.throws(() => connectGraph({ url: 'https://graph.example', credential }), { code: 'graph-url' });
    assert.throws(() => connectGraph({ url: 'http://10.0.0.5:4000', credential }), { code: 'graph-url' });
    assert.ok(connectGraph({ url: 'https://graph.microsoft.com', credential }));
  });

  it('refuses a foreign link with Graph itself too, before a token is fetched', async () => {
    let tokens = 0;
    const getToken = async () => {
      tokens += 1;
      return { token: 'secret', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
    };
    const graph = connectGraph({ url: 'https://graph.microsoft.com', credential: { getToken } });
    for (const link of [
      'https://graph.microsoft.com.example/v1.0/users',
      'https://graph.microsoft.com@evil.example/v1.0/users',
      'http://graph.microsoft.com/v1.0/users',
      '//evil.example/v1.0/users',
    ]) {
      await assert.rejects(graph.list(link, User), { code: 'graph-foreign-link' }, link);
      await assert.rejects(graph.download(link), { code: 'graph-foreign-link' }, link);
    }
    assert.equal(tokens, 0);
  });

  it('does not follow a download to a foreign host', async () => {
    let asked = 0;
    const stranger = createServer((_, response) => {
      asked += 1;
      response.end('content');
    });
    const leading = createServer((_, response) => {
      const { port } = stranger.address() as AddressInfo;
      response.writeHead(302, { location: `http://127.0.0.1:${port}/content` });
      response.end();
    });
    for (const server of [stranger, leading])
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(leading.address() as AddressInfo).port}`;
      const graph = connectGraph({ url, credential: loopbackCredential() });
      await assert.rejects(graph.download('/drives/d/items/i/content'), { code: 'graph-foreign-link' });
      assert.equal(asked, 0);
    } finally {
      stranger.close();
      leading.close();
    }
  });

  it('gives up on a Graph that does not answer', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const graph = connectGraph({ url, credential: loopbackCredential(), timeoutSeconds: 0.1 });
      await assert.rejects(graph.list('/users', User), { code: 'graph-unreachable' });
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});
