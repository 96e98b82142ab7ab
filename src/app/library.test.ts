import { strict as assert } from 'node:assert';
import { rename, rm } from 'node:fs/promises';
import { paper, useLibrary } from '../../test/support/library.ts';
import { must } from '../kernel/guards.ts';

describe('the document library', () => {
  const { desk, given, store, drive, idOf, path, put, sync, ask, downloads } = useLibrary();

  it('downloads what is new or changed, once, and nothing else', async () => {
    assert.deepEqual([...(await sync()).read].sort(), ['bicycles.md', 'salaries.md']);
    assert.equal(downloads(), 2);
    const again = await sync();
    assert.deepEqual([again.read, again.unchanged.length, downloads()], [[], 2, 2]);
    await put('bicycles.md', paper('Bicycles', 'Bicycles stand behind the gymnasium.'));
    assert.deepEqual((await sync()).read, ['bicycles.md']);
    assert.equal(downloads(), 3);
    assert.match(await ask('Where do bicycles stand?', 'Aisha Rahman'), /behind the gymnasium/);
  });

  it('lets a deleted page leave within one sync, a folder with what was in it too', async () => {
    await put('papers/kettles.md', paper('Kettles', 'Kettles are descaled monthly.'));
    await sync();
    assert.match(await ask('How often are kettles descaled?', 'Aisha Rahman'), /monthly/);
    await rm(path('papers'), { recursive: true });
    assert.deepEqual((await sync()).removed, ['library:papers/kettles.md']);
    assert.match(await ask('How often are kettles descaled?', 'Aisha Rahman'), /don't say/);
    await rename(path('bicycles.md'), path('cycles.md'));
    const moved = await sync();
    assert.deepEqual(moved.removed, ['library:bicycles.md']);
    assert.match(moved.problems.map((problem) => problem.message).join('\n'), /cycles\.md in the library/);
  });

  it('starts over when Graph forgot its place, without downloading what it has', async () => {
    await sync();
    await rm(path('bicycles.md'));
    given().sandbox.forgetDeltas();
    const report = await sync();
    assert.deepEqual([report.removed, report.read], [['library:bicycles.md'], []]);
    assert.equal(downloads(), 2);
  });

  it('names a broken file at every sync and fetches it once', async () => {
    await put('broken.docx', 'not a word file');
    for (const round of [1, 2]) {
      const { problems } = await sync();
      assert.ok(
        problems.some((problem) => problem.message.includes('broken.docx')),
        `round ${round}`,
      );
    }
    assert.equal(downloads(), 3);
  });

  it('takes in a document that trust.yaml lists only later, though it has not changed', async () => {
    const listed = desk.trust.documents;
    desk.trust = { ...desk.trust, documents: listed.filter((entry) => entry.file !== 'bicycles.md') };
    desk.renew();
    assert.deepEqual((await sync()).read, ['salaries.md']);
    desk.trust = { ...desk.trust, documents: listed };
    desk.renew();
    assert.deepEqual((await sync()).read, ['bicycles.md']);
  });

  it('takes owner, kind and dates of force of a file that trust.yaml does not list from the columns', async () => {
    const columns = { kind: 'WaymarkKind', owner: 'WaymarkOwner', from: 'InForceFrom', to: 'InForceTo' };
    desk.trust = { ...desk.trust, library: { ...must(desk.trust.library, 'a library'), columns } };
    desk.renew();
    const sam = must(
      given().sandbox.tenant.people.find(({ name }) => name === 'Sam Whitfield'),
      'Sam',
    ).mail;
    for (const name of ['kettles', 'kites', 'kilts', 'kayaks'])
      await put(`${name}.md`, paper(name, `The ${name} are counted monthly by the caretaker.`));
    drive().columns = {
      'kettles.md': {
        WaymarkKind: "Our leader's essay",
        WaymarkOwner: sam.toUpperCase(),
        InForceFrom: '2026-08-31T23:00:00Z',
      },
      'kites.md': { WaymarkKind: 'Gossip', WaymarkOwner: sam },
      'kayaks.md': {
        WaymarkKind: 'Our policy',
        WaymarkOwner: 'gone@tideway.example',
        InForceTo: '2026-10-31',
      },
    };
    const { problems } = await sync();
    const said = problems.map(({ message }) => message).join('\n');
    assert.match(said, /kites\.md in the library was left out: its kind is "Gossip"\. Choose Our policy/);
    assert.match(said, /kilts\.md in the library was left out: its columns and trust\.yaml do not say/);
    assert.match(said, /kayaks\.md in the library has no owner who is on the staff/);
    const facts = async (name: string) => {
      const row = await store()
        .db.selectFrom('answer_documents')
        .select('facts')
        .where('id', '=', `library:${name}`)
        .executeTakeFirst();
      return row?.facts as Record<string, unknown> | undefined;
    };
    const kettles = must(await facts('kettles.md'), 'kettles');
    assert.deepEqual(
      [kettles.kind, kettles.owner, kettles.from],
      ['essay', idOf('Sam Whitfield'), '2026-09-01'],
    );
    const kayaks = must(await facts('kayaks.md'), 'kayaks');
    assert.deepEqual(
      [kayaks.kind, kayaks.owner, kayaks.to],
      ['policy', desk.trust.trust.questions_contact, '2026-10-31'],
    );
    assert.equal(await facts('kites.md'), undefined);
    assert.match(await ask('How often are kettles counted?', 'Aisha Rahman'), /From an essay.+not policy/);
    assert.match(await ask('How often are kayaks counted?', 'Aisha Rahman'), /ran out on 31 October 2026/);
    // A column that changed is read at the next sync, though the file's words have not; an unchanged one is not asked for.
    drive().columns['kettles.md'] = { WaymarkKind: 'Our policy', WaymarkOwner: sam };
    await sync();
    assert.equal((await facts('kettles.md'))?.kind, 'policy');
    const asked = () => given().sandbox.requests.filter(({ path }) => path.includes('/listItem')).length;
    const before = asked();
    await sync();
    assert.equal(asked(), before);
    drive().columns['kettles.md'] = {};
    assert.deepEqual((await sync()).removed, ['library:kettles.md']);
  });

  it('keeps its last copy when the library cannot be read', async () => {
    await sync();
    given().sandbox.forgetDeltas();
    await rm(path('bicycles.md'));
    desk.trust = {
      ...desk.trust,
      library: { ...must(desk.trust.library, 'a library'), drive: 'no-such-drive' },
    };
    desk.renew();
    const report = await sync();
    assert.ok(report.problems.some((problem) => problem.reason === 'library-unread'));
    assert.deepEqual(report.removed, []);
  });

  it('says of a library that it never read that it is shut, and of no file that it is missing', async () => {
    desk.trust = {
      ...desk.trust,
      library: { ...must(desk.trust.library, 'a library'), drive: 'no-such-drive' },
    };
    desk.renew();
    const report = await sync();
    assert.deepEqual(
      report.problems.map(({ reason }) => reason),
      ['library-unread'],
    );
    assert.deepEqual(report.unread, [], 'what owners are told of');
  });
});
