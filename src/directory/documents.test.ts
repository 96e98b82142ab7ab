import { strict as assert } from 'node:assert';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useGraph } from '../../test/support/graph.ts';
import { loadTrust } from '../config/load.ts';
import { must } from '../kernel/guards.ts';
import { createLibrary, type LibraryReaders, readersFromTrust } from './documents.ts';

const STAFF = '00000000-0000-4000-8001-000000000001';
const OPEN: LibraryReaders = { groupOf: async () => undefined };

describe('a document library', () => {
  const given = useGraph({ pageSize: 2 });
  const library = (readers = OPEN) => {
    const { graph, sandbox } = given();
    const staff = { staffGroup: STAFF, siteGroups: ['Trust Visitors'], organisationLinks: false };
    return createLibrary({ graph, drive: must(sandbox.tenant.drives[0], 'a drive').id, readers, staff });
  };
  const put = async (name: string, content: string | Uint8Array) => {
    const path = join(given().documents, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
  };

  it('lists its files over several pages, folders in their names, and downloads them byte for byte', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await put('strategy.md', '# Strategy');
    await put('policies/100% attendance.txt', 'Be here.');
    await put('policies/scan.pdf', bytes);
    await put('a.txt', 'a');
    const { items } = await library().listChanges();
    assert.deepEqual(items.map((item) => item.name).sort(), [
      'a.txt',
      'policies/100% attendance.txt',
      'policies/scan.pdf',
      'strategy.md',
    ]);
    const scan = must(
      items.find((item) => item.name.endsWith('.pdf')),
      'the scan',
    );
    assert.deepEqual(await library().download(scan.id), bytes);
    assert.ok(scan.webUrl.endsWith('/policies/scan.pdf'));
  });

  it('then tells only what changed, and what was removed', async () => {
    await put('a.txt', 'one');
    await put('b.txt', 'one');
    const first = await library().listChanges();
    const unchanged = await library().listChanges(first.deltaLink);
    assert.deepEqual(unchanged.items, []);
    await put('a.txt', 'two');
    await rm(join(given().documents, 'b.txt'));
    const { items } = await library().listChanges(unchanged.deltaLink);
    const before = new Map(first.items.map((item) => [item.name, item]));
    assert.equal(items.length, 2);
    const changed = must(
      items.find((item) => !item.removed),
      'the changed file',
    );
    assert.equal(changed.id, before.get('a.txt')?.id);
    assert.notEqual(changed.etag, before.get('a.txt')?.etag);
    assert.equal(items.find((item) => item.removed)?.id, before.get('b.txt')?.id);
  });

  it('asks its port who may read a file', async () => {
    await put('pay.md', 'Pay');
    await put('open.md', 'Open');
    const readers = { groupOf: async (name: string) => (name === 'pay.md' ? 'few' : undefined) };
    const { items } = await library(readers).listChanges();
    assert.deepEqual(items.map((item) => [item.name, item.group]).sort(), [
      ['open.md', undefined],
      ['pay.md', 'few'],
    ]);
  });

  it('takes a file’s readers from trust.yaml beside the library’s own permissions', async () => {
    const trust = await loadTrust('samples/trust.yaml');
    for (const document of trust.documents) await put(document.file, document.kind);
    const { items } = await library(readersFromTrust(trust)).listChanges();
    assert.equal(items.length, trust.documents.length);
    for (const item of items) {
      const document = trust.documents.find((candidate) => candidate.file === item.name);
      assert.equal(item.group, document?.group, item.name);
    }
    assert.equal(items.filter((item) => item.group).length, 1);
  });

  it('says when its place was lost, and when a file is not there', async () => {
    const { deltaLink } = await library().listChanges();
    given().sandbox.forgetDeltas();
    await assert.rejects(library().listChanges(deltaLink), { code: 'graph-state-lost' });
    await assert.rejects(library().download('NO-SUCH-ITEM'), { code: 'graph-not-found' });
  });
});
