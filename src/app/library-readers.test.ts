import { strict as assert } from 'node:assert';
import { colleague, entered } from '../../test/support/access.ts';
import { at, PERSONAL, SALARY, useLibrary } from '../../test/support/library.ts';
import { envelope } from '../cards/envelope.ts';
import { must } from '../kernel/guards.ts';

describe('who may open what in the document library', () => {
  const { desk, given, store, idOf, sync, ask, downloads, own } = useLibrary();

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
    must(desk.trust.library, 'a library').organisation_links = true;
    desk.renew();
    assert.match(await ask(SALARY, 'Aisha Rahman', 30), /91,000/);
    own({ link: 'users', people: [idOf('Aisha Rahman')] });
    assert.match(await ask(SALARY, 'Aisha Rahman', 40), /91,000/);
    own({ site_group: 'Trust Visitors' });
    assert.doesNotMatch(await ask(SALARY, 'Aisha Rahman', 50), /91,000/);
    must(desk.trust.library, 'a library').staff_groups.push('Trust visitors');
    desk.renew();
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

  it('no longer uses a document whose permission was taken away between two questions, though its page has not changed', async () => {
    await sync();
    own({ person: idOf('Jo Bennett') });
    assert.match(await ask(SALARY, 'Jo Bennett', 10), /91,000/);
    own({ person: idOf('Helen Marsh') });
    for (const minutes of [10.1, 15.1]) {
      assert.doesNotMatch(
        await ask('And tell me more about that', 'Jo Bennett', minutes),
        /91,000|[Ss]alar/,
        `${minutes}`,
      );
      assert.doesNotMatch(await ask(SALARY, 'Jo Bennett', minutes), /91,000|[Ss]alar/, `${minutes}`);
    }
    assert.equal(downloads(), 2);
  });

  it('does not open a passage by the button under an answer whose document has closed since', async () => {
    await sync();
    own({ person: idOf('Jo Bennett') });
    assert.match(await ask(SALARY, 'Jo Bennett', 10), /91,000/);
    const [row] = await store()
      .db.selectFrom('answer_passages')
      .select('id')
      .where('document_id', '=', 'library:salaries.md')
      .execute();
    const command = { envelope: envelope('answers.read', must(row, 'a passage').id), inputs: {} };
    const press = async (minutes: number) =>
      JSON.stringify(
        await desk.answers.act(
          entered('answers.read', colleague(idOf('Jo Bennett'))),
          command,
          PERSONAL,
          at(minutes),
        ),
      );
    assert.match(await press(10), /Salaries/);
    own({ person: idOf('Helen Marsh') });
    assert.match(await press(10.1), /no longer in the documents you can open/);
  });

  it('says nothing of a document that it cannot look at again, unless all staff could open it', async () => {
    await sync();
    own({ person: idOf('Jo Bennett') });
    assert.match(await ask(SALARY, 'Jo Bennett', 10), /91,000/);
    given().sandbox.fail(503);
    assert.doesNotMatch(await ask(SALARY, 'Jo Bennett', 10.1), /91,000|[Ss]alar/);
    assert.match(await ask('Where do bicycles stand?', 'Jo Bennett', 10.2), /covered racks/);
    given().sandbox.recover();
    assert.match(await ask(SALARY, 'Jo Bennett', 11), /91,000/);
  });

  it('takes no reader from an older shape, a link nobody was given, or an invitation by mail', async () => {
    await sync();
    const person = idOf('Martin Lowe');
    const opens = async (minutes: number, worded: Record<string, unknown>) => {
      own({ worded });
      return /91,000/.test(await ask(SALARY, 'Martin Lowe', minutes));
    };
    const link = (scope: string) => ({ link: { scope, type: 'view', webUrl: 'https://tideway.example/l' } });
    const user = { id: person, displayName: 'Martin Lowe' };
    const siteUser = { id: '8', loginName: 'i:0#.f|membership|martin.lowe@tideway.example' };
    const closed = [
      { grantedTo: { user } },
      { grantedToV2: { siteUser } },
      { grantedToV2: { application: { id: person } } },
      { invitation: { email: 'martin.lowe@tideway.example', signInRequired: true } },
      link('organization'),
      link('anonymous'),
      link('existingAccess'),
      { ...link('users'), grantedToIdentitiesV2: [] },
      { ...link('users'), grantedToIdentitiesV2: [{ user: { displayName: 'Martin Lowe' } }] },
    ];
    for (const [place, worded] of closed.entries())
      assert.equal(await opens(10 + place, worded), false, JSON.stringify(worded));
    const open = [
      { ...link('users'), grantedToIdentitiesV2: [{ user, siteUser }] },
      // Both shapes of one grant, and the instant that stands for no end, as Graph gives them.
      { grantedToV2: { user, siteUser }, grantedTo: { user }, expirationDateTime: '0001-01-01T00:00:00Z' },
      { grantedToV2: { siteUser: { id: '5', loginName: 'c:0-.f|rolemanager|spo-grid-all-users/t' } } },
    ];
    for (const [place, worded] of open.entries())
      assert.equal(await opens(30 + place, worded), true, JSON.stringify(worded));
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
    for (const minutes of [10.1, 15.1])
      assert.doesNotMatch(await ask(SALARY, 'Martin Lowe', minutes), /91,000/);
  });

  it('asks Graph of all documents once in five minutes, however many ask, and again only of what is said', async () => {
    await sync();
    const asked = () => given().sandbox.requests.filter((one) => one.path.endsWith('/permissions')).length;
    await Promise.all(['Jo Bennett', 'Aisha Rahman', 'Tom Ellery'].map((who) => ask(SALARY, who, 10)));
    const first = asked();
    assert.ok(first <= 4, `${first} requests`);
    await ask(SALARY, 'Jo Bennett', 14.9);
    assert.equal(asked(), first + 1);
    await ask('What does a zeppelin cost?', 'Jo Bennett', 14.95);
    assert.equal(asked(), first + 1);
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
    desk.renew();
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
