import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { must } from '../../src/kernel/guards.ts';
import { PROCESSING } from '../../src/privacy/processing-tables.ts';
import { useService } from '../support/service.ts';

/** Waymark's own night, after the directory was read. */
const NIGHTS = ['2026-11-24T04:41:00Z', '2027-02-25T04:41:00Z'] as const;

describe('the night’s deletion, of somebody who left', function () {
  this.timeout(60_000);
  const service = useService({ documents: false });

  it('takes where they were reached and what they chose, says so in its report, and leaves the audit whole', async () => {
    const { graph, instance, chat, teams, store, command } = service();
    const [tom, aisha] = [chat('Tom Ellery'), chat('Aisha Rahman')];
    for (const person of [tom, aisha]) await teams.install(person);
    await service().quiet();
    for (const { personId } of [tom, aisha])
      await sql`insert into nudge_preferences (person_id, every_weeks, changed_at) values (${personId}, 2, now())`.execute(
        store.db,
      );
    graph.update(() => {
      for (const { members } of graph.tenant.groups)
        if (members.includes(tom.personId)) (members as string[]).splice(members.indexOf(tom.personId), 1);
    });
    const notes: string[] = [];
    for (const night of NIGHTS) {
      await instance.app.directory.sync(new Date(night));
      await command('tick', '--at', night, '--no-send');
      const [run] = (await instance.app.runner.runs(100)).filter(({ rule }) => rule === 'housekeeping');
      notes.push(must(run?.note, 'what the night removed'));
    }
    assert.doesNotMatch(must(notes[0], 'a note'), /left/);
    assert.match(
      must(notes[1], 'a note'),
      /; of 1 person who left: 1 row of “Who wants fewer cards” and 1 row of “Where in Teams a person or channel is reached”$/,
    );
    for (const note of notes)
      for (const table of Object.keys(PROCESSING).filter((name) => name.includes('_')))
        assert.ok(!note.includes(table), `a person is told of the table ${table}`);
    const kept = await sql<{ id: string }>`select person_id as id from nudge_preferences
      union select owner from conversations order by 1`.execute(store.db);
    assert.deepEqual(
      kept.rows.map(({ id }) => id).filter((id) => id.includes(tom.personId)),
      [],
    );
    assert.equal(kept.rows.filter(({ id }) => id.includes(aisha.personId)).length, 2);
    assert.equal((await command('audit', 'verify')).exit, 0);
  });

  it('is held back while the directory has suddenly become small, and the doctor says so', async () => {
    const { graph, instance, command, store } = service();
    const people = await store.db.selectFrom('people').select('id').where('enabled', '=', true).execute();
    const { held } = await store.db
      .selectFrom('people')
      .select(({ fn }) => fn.countAll<string>().as('held'))
      .executeTakeFirstOrThrow();
    const kept = people.slice(0, 3).map(({ id }) => id);
    graph.update(() => {
      for (const group of graph.tenant.groups)
        (group as { members: readonly string[] }).members =
          group.id === instance.trust.trust.staff_group ? kept : [];
    });
    const night = '2027-02-26T04:41:00Z';
    await instance.app.directory.sync(new Date(night));
    await command('tick', '--at', night, '--no-send');
    const [run] = (await instance.app.runner.runs(100)).filter(({ rule }) => rule === 'housekeeping');
    assert.match(must(run?.note, 'a note'), /nothing of leavers, .*lost more than a third of its people/);
    assert.deepEqual(await store.db.selectFrom('leavers').selectAll().execute(), []);
    assert.match(
      (await command('doctor')).out,
      new RegExp(
        `people: 3 members of staff, where the directory held ${held} people until .*2027\\.\\s+If so many`,
      ),
    );
  });

  it('is reported in the words of docs/PRIVACY.md, with no name of a table', async () => {
    const { out } = await service().command('retention', 'report');
    const page = await readFile('docs/PRIVACY.md', 'utf8');
    for (const { holds } of Object.values(PROCESSING)) {
      assert.ok(out.includes(`${holds}: `), holds);
      assert.ok(page.includes(holds), holds);
    }
    assert.deepEqual(
      Object.keys(PROCESSING).filter((table) => table.includes('_') && out.includes(table)),
      [],
    );
    assert.match(out, /Who wants fewer digests: 0 rows/);
  });
});
