import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { must } from '../../src/kernel/guards.ts';
import { personNamed } from '../../src/sandbox/tenant.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const ANSWER = { status: 'on-track', confidence: 'high', value: '9', note: 'Nine seen.', blocker: '' };
const AISHA = 'Aisha Rahman';
const KIT = 'Kit Lawson';

describe('erasing a person, by slips and after they left', function () {
  this.timeout(60_000);
  const service = useService();
  const idOf = (name: string) => service().chat(name).personId;
  const titles = async () =>
    (
      await sql<{ title: string }>`select title from milestones order by id`.execute(service().store.db)
    ).rows.map(({ title }) => title);

  before(async () => {
    const { teams, chat, shownTo, command, quiet } = service();
    const aisha = chat(AISHA);
    for (const one of [aisha, chat('Jo Bennett')]) await teams.install(one);
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
    const asked = must(
      shownTo(aisha).find((message) => /Check-in/.test(wordsOf(message))),
      'the check-in',
    );
    const { data } = buttonOf(asked, 'checkins.submit');
    await teams.pressButton(aisha, { verb: 'checkins.submit', data: { ...data, ...ANSWER } });
    await quiet();
  });

  for (const slip of ['the', 'Aisha', '', 'Aisha Rahman', '.*', '00000000-0000-4000-8000'])
    it(`refuses what is no person's id and changes nothing: "${slip}"`, async () => {
      const before = await sql<{ body: string }>`select md5(string_agg(p::text, '' order by p::text)) as body
        from answer_passages p`.execute(service().store.db);
      for (const act of ['erase', 'export']) {
        const { exit, err } = await service().command('person', act, slip);
        assert.equal(exit, 1);
        assert.match(err, /is not the id of a person.*directory/s);
      }
      const after = await sql<{ body: string }>`select md5(string_agg(p::text, '' order by p::text)) as body
        from answer_passages p`.execute(service().store.db);
      assert.deepEqual(after.rows, before.rows);
    });

  it('finds a name that ends in a bracket, and one that begins a line', async () => {
    const { store, command } = service();
    const tom = idOf('Tom Ellery');
    await sql`update people set name = 'Tom Ellery (Harbour)' where id = ${tom}`.execute(store.db);
    await sql`update deliveries set card = jsonb_build_object('text', E'Due today:\\nTom Ellery (Harbour)')
      where id = (select min(id) from deliveries)`.execute(store.db);
    await sql`update milestones set title = 'Phonics, with Tom Ellery (Harbour) on Mondays'
      where id = (select min(id) from milestones)`.execute(store.db);
    assert.equal((await command('person', 'erase', tom)).exit, 0);
    assert.equal((await titles())[0], 'Phonics, with a former colleague on Mondays');
    assert.doesNotMatch(await service().everything(), /Tom Ellery/);
  });

  it('leaves an ordinary word that is also their given name where others wrote it', async () => {
    const { store, command } = service();
    const priya = idOf('Priya Nair');
    await sql`update people set name = 'May Nair', given_name = 'May' where id = ${priya}`.execute(store.db);
    const theirs = 'May reads it by 8 May; we may ask May Nair';
    await sql`update milestones set title = 'By 8 May, as may be; May we?' where id = (select min(id) from milestones)`.execute(
      store.db,
    );
    await sql`update milestones set title = ${theirs} where id = (select max(id) from milestones)`.execute(
      store.db,
    );
    const { exit, out } = await command('person', 'erase', priya);
    assert.equal(exit, 0);
    assert.match(out, /"May" is an ordinary word/);
    const now = await titles();
    assert.equal(now[0], 'By 8 May, as may be; May we?');
    assert.doesNotMatch(must(now.at(-1), 'a title'), /May Nair/);
  });

  it('asks for the name of somebody who is in no copy of the staff any more, and then finds it', async () => {
    const { graph, instance, command, everything } = service();
    const aisha = idOf(AISHA);
    const staff = must(
      graph.tenant.groups.find(({ members }) => members.includes(aisha)),
      'their group',
    );
    assert.ok(staff);
    for (const group of graph.tenant.groups)
      (group as { members: readonly string[] }).members = group.members.filter((id) => id !== aisha);
    await instance.app.directory.sync(instance.clock.now());
    assert.match(await everything(), /Aisha/, 'cards still name her, or this holds nothing');

    const asked = await command('person', 'erase', aisha);
    assert.equal(asked.exit, 1);
    assert.match(asked.err, /does not know their name.*--name/s);
    assert.ok((await everything()).includes(aisha), 'nothing was done yet');

    const done = await command(
      'person',
      'erase',
      aisha,
      '--name',
      AISHA,
      '--mail',
      'aisha.rahman@tideway.example',
    );
    assert.equal(done.exit, 0, done.err);
    const kept = (await everything()).toLowerCase();
    for (const word of [aisha, 'aisha']) assert.ok(!kept.includes(word), word);
    assert.equal((await command('audit', 'verify')).exit, 0);
  });

  it('leaves a name that was told when a colleague has it', async () => {
    const { graph, instance, command, everything } = service();
    const kit = idOf(KIT);
    const jo = personNamed(graph.tenant, 'Jo Bennett').id;
    await sql`delete from people where id = ${kit}`.execute(service().store.db);
    assert.ok(instance);
    const { exit, out } = await command('person', 'erase', kit, '--name', 'Jo Bennett');
    assert.equal(exit, 0, out);
    assert.match(out, /A colleague has the same name/);
    assert.ok((await everything()).includes(jo));
    assert.match(await everything(), /Jo Bennett/);
  });
});
