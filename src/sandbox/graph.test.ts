import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SandboxGraph, startSandboxGraph } from './graph.ts';
import { personNamed, teamNamed } from './tenant.ts';

type Page = { value: Record<string, unknown>[]; '@odata.nextLink'?: string; '@odata.deltaLink'?: string };

describe('the stand-in Graph', () => {
  let graph: SandboxGraph;
  let documents: string;
  beforeEach(async () => {
    documents = await mkdtemp(join(tmpdir(), 'waymark-'));
    graph = await startSandboxGraph({
      tenantFile: 'samples/tenant.yaml',
      documentsDir: documents,
      pageSize: 30,
    });
  });
  afterEach(async () => {
    await graph.close();
    await rm(documents, { recursive: true });
  });

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(path.replace('https://graph.microsoft.com', graph.url).replace(/^\/v1/, `${graph.url}/v1`), {
      redirect: 'manual',
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      ...init,
    });
  const json = async (path: string, init?: RequestInit) => (await (await ask(path, init)).json()) as Page;
  const id = (name: string) => personNamed(graph.tenant, name).id;

  async function everything(path: string): Promise<{ items: Record<string, unknown>[]; last: Page }> {
    const items: Record<string, unknown>[] = [];
    for (let next: string | undefined = path; next; ) {
      const page: Page = await json(next);
      items.push(...page.value);
      if (!page['@odata.nextLink']) return { items, last: page };
      next = page['@odata.nextLink'];
    }
    throw new Error('unreachable');
  }

  it('wants a bearer token', async () => {
    assert.equal((await ask('/v1.0/users', { headers: {} })).status, 401);
    assert.equal((await ask('/v1.0/users')).status, 200);
  });

  it('pages by the smaller of $top and its own limit, and links to Graph itself', async () => {
    const first = await json('/v1.0/users?$top=10&$select=id');
    assert.equal(first.value.length, 10);
    assert.deepEqual(Object.keys(first.value[0] ?? {}), ['id']);
    assert.match(first['@odata.nextLink'] ?? '', /^https:\/\/graph\.microsoft\.com\/v1\.0\/users\?/);
    const { items } = await everything('/v1.0/users?$top=999');
    assert.equal(items.length, graph.tenant.people.length);
    assert.equal(new Set(items.map((item) => item.id)).size, items.length);
    assert.equal((await ask('/v1.0/users?$top=1000')).status, 400);
  });

  it('refuses a query option that it has not learnt', async () => {
    assert.equal((await ask("/v1.0/users?$filter=startswith(displayName,'A')")).status, 400);
  });

  it('gives accountEnabled only when it is asked for', async () => {
    const path = `/v1.0/users/${id('Luke Fenton')}`;
    assert.ok(!('accountEnabled' in (await json(path))));
    assert.deepEqual(await json(`${path}?$select=accountEnabled`), {
      id: id('Luke Fenton'),
      accountEnabled: false,
    });
  });

  it('answers a vacancy with Graph’s 404', async () => {
    const manager = await ask(`/v1.0/users/${id('Rhys Morgan')}/manager`);
    assert.equal(manager.status, 404);
    assert.match(await manager.text(), /"code":"Request_ResourceNotFound"/);
    assert.deepEqual(await json(`/v1.0/users/${id('Aisha Rahman')}/manager?$select=id`), {
      '@odata.type': '#microsoft.graph.user',
      id: id('Jo Bennett'),
    });
  });

  it('tells direct members from transitive ones', async () => {
    const staff = graph.tenant.groups.find((group) => group.name === 'All staff')?.id;
    const direct = await everything(`/v1.0/groups/${staff}/members`);
    assert.deepEqual(
      [...new Set(direct.items.map((item) => item['@odata.type']))],
      ['#microsoft.graph.group'],
    );
    const all = await everything(`/v1.0/groups/${staff}/transitiveMembers?$select=id`);
    assert.ok(all.items.some((item) => item.id === id('Aisha Rahman')));
    assert.ok(!all.items.some((item) => item.id === id('Maisie Tarrant')));
  });

  it('lists a team’s channels and its members, pupils and guests among them', async () => {
    const members = (name: string) => everything(`/v1.0/teams/${teamNamed(graph.tenant, name).id}/members`);
    assert.ok((await members('Harbour Year 5 class')).items.some((m) => m.userId === id('Maisie Tarrant')));
    assert.deepEqual(
      (await members('Place partnerships')).items.map((member) => member.roles),
      [[], [], ['guest']],
    );
    const team = teamNamed(graph.tenant, 'Harbour Primary');
    assert.deepEqual(
      (await json(`/v1.0/teams/${team.id}/channels`)).value.map((channel) => channel.displayName),
      ['General', 'Attendance'],
    );
  });

  it('serves users’ changes since a delta link, a removed one too, and forgets old links', async () => {
    const { items, last } = await everything('/v1.0/users/delta?$select=displayName,jobTitle');
    assert.equal(items.length, graph.tenant.people.length);
    const leaver = id('Jade Turner');
    graph.update((tenant) => {
      tenant.people = tenant.people.filter((person) => person.id !== leaver);
      personNamed(tenant, 'Ben Carver').job = 'Year 2 teacher';
    });
    const changes = await everything(last['@odata.deltaLink'] ?? '');
    assert.deepEqual(changes.items, [
      { id: id('Ben Carver'), displayName: 'Ben Carver', jobTitle: 'Year 2 teacher' },
      { id: leaver, '@removed': { reason: 'changed' } },
    ]);
    assert.deepEqual((await everything(changes.last['@odata.deltaLink'] ?? '')).items, []);
    graph.forgetDeltas();
    assert.equal((await ask(last['@odata.deltaLink'] ?? '')).status, 400);
  });

  it('answers a batch of at most twenty, each request on its own', async () => {
    const batch = (urls: string[]) =>
      ask('/v1.0/$batch', {
        method: 'POST',
        body: JSON.stringify({ requests: urls.map((url, n) => ({ id: `${n}`, method: 'GET', url })) }),
      });
    const url = (name: string) => `/users/${id(name)}/manager?$select=id`;
    graph.throttle(1, { inBatch: true, retryAfter: 7 });
    const reply = (await (
      await batch([url('Ben Carver'), url('Ben Carver'), url('Rhys Morgan')])
    ).json()) as { responses: { status: number; headers: Record<string, string> }[] };
    assert.deepEqual(
      reply.responses.map((response) => response.status),
      [429, 200, 404],
    );
    assert.equal(reply.responses[0]?.headers['Retry-After'], '7');
    assert.equal((await batch(Array.from({ length: 21 }, () => url('Ben Carver')))).status, 400);
  });

  it('throttles and fails when told to', async () => {
    graph.throttle(1, { retryAfter: 3 });
    const slow = await ask('/v1.0/users');
    assert.deepEqual([slow.status, slow.headers.get('retry-after')], [429, '3']);
    assert.equal((await ask('/v1.0/users')).status, 200);
    graph.fail(503);
    assert.equal((await ask('/v1.0/users')).status, 503);
    graph.recover();
    assert.equal((await ask('/v1.0/users')).status, 200);
    assert.deepEqual(
      graph.requests.map((request) => request.status),
      [429, 200, 503, 200],
    );
  });

  it('serves a folder as a library: changes, and content by redirect', async () => {
    await writeFile(join(documents, 'one.md'), '# One');
    const drive = `/v1.0/drives/${encodeURIComponent(graph.tenant.drives[0]?.id ?? '')}`;
    const { items, last } = await everything(`${drive}/root/delta`);
    assert.deepEqual(
      items.map((item) => item.name),
      ['root', 'one.md'],
    );
    const content = await ask(`${drive}/items/${items[1]?.id}/content`);
    assert.equal(content.status, 302);
    assert.equal(await (await fetch(content.headers.get('location') ?? '')).text(), '# One');
    await writeFile(join(documents, 'one.md'), '# Two');
    const changed = await everything(last['@odata.deltaLink'] ?? '');
    assert.deepEqual(
      changed.items.map((item) => item.id),
      [items[1]?.id],
    );
    await rm(join(documents, 'one.md'));
    const gone = await everything(changed.last['@odata.deltaLink'] ?? '');
    assert.deepEqual(gone.items.at(-1), { id: items[1]?.id, deleted: { state: 'deleted' } });
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(graph.url).port);
    const second = startSandboxGraph({ port, tenantFile: 'samples/tenant.yaml', documentsDir: documents });
    await assert.rejects(second, { code: 'sandbox-port' });
  });
});
