import { strict as assert } from 'node:assert';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useGraph } from '../../test/support/graph.ts';
import { useStore } from '../../test/support/store.ts';
import type { Audience } from '../answers/access.ts';
import { type Answers, createAnswers } from '../answers/service.ts';
import { loadTrust } from '../config/load.ts';
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';
import { personNamed } from '../sandbox/tenant.ts';
import { silentLog } from '../telemetry/log.ts';
import { libraryOf } from './library.ts';

const NOW = new Date('2026-11-23T07:30:00Z');
const PERSONAL: Audience = { kind: 'personal' };
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const paper = (heading: string, text: string) => `# ${heading} paper\n\n## ${heading}\n${text}\n`;

describe('the document library, with its own permissions', () => {
  const given = useGraph();
  const store = useStore();
  let trust: Trust;
  let answers: Answers;

  beforeEach(async () => {
    const sample = await loadTrust('samples/trust.yaml');
    const documents = ['bicycles.md', 'salaries.md', 'papers/kettles.md', 'broken.docx'].map((file) => ({
      file,
      owner: 'o',
      kind: 'policy' as const,
    }));
    const library = {
      site: 's',
      drive: drive().id,
      permissions: 'library' as const,
      staff_groups: [],
      organisation_links: false,
    };
    trust = { ...sample, documents, library };
    drive().own = {};
    drive().columns = {};
    answers = make();
    await store().db.deleteFrom('answer_library_state').execute();
    await store().db.deleteFrom('answer_library_items').execute();
    await store().db.deleteFrom('answer_documents').execute();
    await put('bicycles.md', paper('Bicycles', 'Bicycles stand in the covered racks.'));
    await put('salaries.md', paper('Salaries', 'The headteacher salary is £91,000.'));
  });

  const drive = () => must(given().sandbox.tenant.drives[0], 'a drive');
  const idOf = (name: string) => personNamed(given().sandbox.tenant, name).id;
  const path = (name: string) => join(given().documents, name);
  const put = async (name: string, text: string) => {
    await mkdir(join(path(name), '..'), { recursive: true });
    await writeFile(path(name), text);
  };
  const make = () =>
    createAnswers({
      db: store().db,
      trust,
      log: silentLog,
      isInGroup: async () => false,
      nameOf: async () => undefined,
      directory: { person: async () => undefined },
      outbox: { enqueue: async () => 0, revise: async () => undefined, forget: async () => [] },
      personKey: 'key',
      ...libraryOf(trust, given().graph, silentLog, { staff }),
    });
  const staff = async () =>
    given().sandbox.tenant.people.map(({ id, name, mail }) => ({
      id,
      name,
      mail,
      givenName: name,
      jobTitle: '',
      staff: true,
    }));
  const sync = (minutes = 0) => answers.ingest(join(given().documents, 'nothing'), at(minutes));
  const ask = async (text: string, who: string, minutes = 0, audience: Audience = PERSONAL) => {
    const asker = { personId: idOf(who), conversationId: 'c', audience };
    return JSON.stringify(await answers.ask(text, asker, at(minutes)));
  };
  const downloads = () => given().sandbox.requests.filter((one) => one.path.endsWith('/content')).length;
  const SALARY = 'What is the headteacher salary?';
  const own = (...grants: typeof drive extends () => { grants: infer G } ? G : never) => {
    drive().own = { 'salaries.md': grants };
  };

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
    const listed = trust.documents;
    trust = { ...trust, documents: listed.filter((entry) => entry.file !== 'bicycles.md') };
    answers = make();
    assert.deepEqual((await sync()).read, ['salaries.md']);
    trust = { ...trust, documents: listed };
    answers = make();
    assert.deepEqual((await sync()).read, ['bicycles.md']);
  });

  it('takes owner, kind and dates of force of a file that trust.yaml does not list from the columns', async () => {
    const columns = { kind: 'WaymarkKind', owner: 'WaymarkOwner', from: 'InForceFrom', to: 'InForceTo' };
    trust = { ...trust, library: { ...must(trust.library, 'a library'), columns } };
    answers = make();
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
      ['policy', trust.trust.questions_contact, '2026-10-31'],
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
    trust = { ...trust, library: { ...must(trust.library, 'a library'), drive: 'no-such-drive' } };
    answers = make();
    const report = await sync();
    assert.ok(report.problems.some((problem) => problem.reason === 'library-unread'));
    assert.deepEqual(report.removed, []);
  });

  it('uses a document for those whom the library lets open it: a person, a group, a link', async () => {
    await sync();
    own({ person: idOf('Jo Bennett') });
    assert.match(await ask(SALARY, 'Jo Bennett', 10), /91,000/);
    assert.doesNotMatch(await ask(SALARY, 'Aisha Rahman', 10), /91,000|[Ss]alar/);
    own({ group: '00000000-0000-4000-8001-000000000003' });
    assert.match(await ask(SALARY, 'Martin Lowe', 20), /91,000/);
    assert.doesNotMatch(await ask(SALARY, 'Jo Bennett', 20), /91,000/);
    own({ link: 'organization', people: [] }, { link: 'anonymous', people: [] });
    assert.doesNotMatch(await ask(SALARY, 'Aisha Rahman', 30), /91,000/);
    must(trust.library, 'a library').organisation_links = true;
    answers = make();
    assert.match(await ask(SALARY, 'Aisha Rahman', 30), /91,000/);
    own({ link: 'users', people: [idOf('Aisha Rahman')] });
    assert.match(await ask(SALARY, 'Aisha Rahman', 40), /91,000/);
    own({ site_group: 'Trust Visitors' });
    assert.doesNotMatch(await ask(SALARY, 'Aisha Rahman', 50), /91,000/);
    must(trust.library, 'a library').staff_groups.push('Trust visitors');
    answers = make();
    assert.match(await ask(SALARY, 'Aisha Rahman', 50), /91,000/);
  });

  it('takes what a folder grants, and everybody in the tenant; no expired grant, no level that does not read, no owner for a group', async () => {
    await sync();
    const readers = '00000000-0000-4000-8001-000000000003';
    const open = async (minutes: number, ...grants: Parameters<typeof own>) => {
      own(...grants);
      return /91,000/.test(await ask(SALARY, 'Martin Lowe', minutes));
    };
    const person = idOf('Martin Lowe');
    assert.equal(await open(10, { group: readers, from: '/drive/root:/papers' }), true);
    assert.equal(
      await open(20, { group: readers, login: `c:0o.c|federateddirectoryclaimprovider|${readers}_o` }),
      false,
    );
    assert.equal(await open(30, { site_user: 'c:0-.f|rolemanager|spo-grid-all-users/00000000' }), true);
    assert.equal(await open(40, { site_user: 'i:0#.f|membership|guest#ext#@tideway.example' }), false);
    assert.equal(await open(50, { person, expires: '2026-11-23T08:00:00Z' }), false);
    assert.equal(await open(60, { person, expires: '2026-12-23T08:00:00Z' }), true);
    assert.equal(await open(70, { person, roles: ['sp.limited access'] }), false);
    assert.equal(await open(80, { person, roles: [] }), false);
    assert.equal(await open(90, { person: idOf('Grace Adeyemi') }), false);
  });

  it('names a document that it can use for nobody, since the library does not tell who may open it', async () => {
    own({ site_group: 'Trust Visitors' });
    const said = async (minutes: number) =>
      (await sync(minutes)).problems.map(({ message }) => message).join('\n');
    assert.match(await said(0), /Salaries paper is used for nobody/);
    own({ person: idOf('Jo Bennett') });
    assert.doesNotMatch(await said(10), /used for nobody/);
  });

  it('does not go on for ever with what was open to all staff before Graph fell silent', async () => {
    await sync();
    assert.match(await ask('Where do bicycles stand?', 'Jo Bennett', 1), /covered racks/);
    given().sandbox.fail(503);
    assert.match(await ask('Where do bicycles stand?', 'Jo Bennett', 50), /covered racks/);
    assert.match(await ask('Where do bicycles stand?', 'Jo Bennett', 65), /don't say/);
    given().sandbox.recover();
  });

  it('no longer uses a document whose permission was taken away between two questions', async () => {
    await sync();
    own({ person: idOf('Jo Bennett') });
    assert.match(await ask(SALARY, 'Jo Bennett', 10), /91,000/);
    own({ person: idOf('Helen Marsh') });
    assert.doesNotMatch(await ask('And tell me more about that', 'Jo Bennett', 15.1), /91,000|[Ss]alar/);
    assert.doesNotMatch(await ask(SALARY, 'Jo Bennett', 15.1), /91,000|[Ss]alar/);
  });

  it('no longer uses one for a person who has left the group that may open it', async () => {
    await sync();
    const group = must(
      given().sandbox.tenant.groups.find((one) => one.id.endsWith('000000000003')),
      'the readers',
    );
    own({ group: group.id });
    assert.match(await ask(SALARY, 'Martin Lowe', 10), /91,000/);
    group.members = group.members.filter((id) => id !== idOf('Martin Lowe'));
    assert.doesNotMatch(await ask(SALARY, 'Martin Lowe', 15.1), /91,000/);
  });

  it('asks Graph once in five minutes, however many ask', async () => {
    await sync();
    const asked = () => given().sandbox.requests.filter((one) => one.path.endsWith('/permissions')).length;
    await Promise.all(['Jo Bennett', 'Aisha Rahman', 'Tom Ellery'].map((who) => ask(SALARY, who, 10)));
    const first = asked();
    assert.ok(first <= 4, `${first} requests`);
    await ask(SALARY, 'Jo Bennett', 14.9);
    assert.equal(asked(), first);
  });

  it('refuses a restricted document when Graph does not answer, and keeps those open to all staff', async () => {
    await sync();
    own({ person: idOf('Jo Bennett') });
    assert.match(await ask(SALARY, 'Jo Bennett', 10), /91,000/);
    given().sandbox.fail(403);
    assert.doesNotMatch(await ask(SALARY, 'Jo Bennett', 20), /91,000/);
    assert.match(await ask('Where do bicycles stand?', 'Jo Bennett', 20), /covered racks/);
    given().sandbox.recover();
    assert.match(await ask(SALARY, 'Jo Bennett', 21), /91,000/);
    answers = make();
    given().sandbox.fail(403);
    assert.match(await ask('Where do bicycles stand?', 'Jo Bennett', 30), /don't say/);
  });

  it('does not keep a question waiting for a slow Graph', async () => {
    await sync();
    await ask(SALARY, 'Jo Bennett', 10);
    given().sandbox.slow(6_000);
    const started = performance.now();
    assert.match(await ask('Where do bicycles stand?', 'Jo Bennett', 20), /covered racks/);
    assert.ok(performance.now() - started < 4_000, `${performance.now() - started} ms`);
    given().sandbox.slow(0);
  });

  it('in a channel uses what all staff may open, in a group chat what everyone there may', async () => {
    await sync();
    own({ person: idOf('Jo Bennett') }, { person: idOf('Helen Marsh') });
    assert.match(
      await ask(SALARY, 'Jo Bennett', 10, { kind: 'members', ids: [idOf('Helen Marsh')] }),
      /91,000/,
    );
    for (const audience of [
      { kind: 'members', ids: [idOf('Helen Marsh'), idOf('Tom Ellery')] } as const,
      { kind: 'channel' } as const,
    ]) {
      const said = await ask(SALARY, 'Jo Bennett', 10, audience);
      assert.doesNotMatch(said, /91,000|Salaries/);
      assert.match(said, /personal chat/);
    }
  });
});
