import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { must } from '../../src/kernel/guards.ts';
import { useService, wordsOf } from '../support/service.ts';

describe('installing Waymark', () => {
  const service = useService({ documents: false });

  async function stateOf(owner: string): Promise<unknown> {
    const { db } = service().store;
    const found = await sql<{ state: string }>`
      select state from conversations where owner like ${`%${owner}`}`.execute(db);
    return found.rows.map((row) => row.state);
  }

  it('greets a member of staff once, though Teams tells of it in two ways and repeats both', async () => {
    const { teams, chat, shownTo, quiet } = service();
    const aisha = chat('Aisha Rahman');
    const joined = { type: 'conversationUpdate', membersAdded: [{ id: `28:${aisha.botId}` }] };
    const tellings = [1, 2, 3, 4].flatMap(() => [
      teams.install(aisha, { extra: { id: 'install-1' } }),
      teams.sendActivity(aisha, joined, { extra: { id: 'joined-1' } }),
    ]);
    for (const { status } of await Promise.all(tellings)) assert.equal(status, 200);
    await teams.install(aisha);
    await quiet();
    const shown = shownTo(aisha);
    assert.equal(shown.length, 1);
    assert.match(wordsOf(shown[0]), /^Hello Aisha\. I'm Waymark, Tideway's assistant\./);
    assert.match(wordsOf(shown[0]), /Speak to Mel Okafor now, ext\. 204/);
  });

  it('greets nobody who is not staff, and keeps no address of theirs', async () => {
    const { teams, chat, shownTo, quiet } = service();
    for (const name of ['Maisie Tarrant', 'Elaine Porter']) {
      const outsider = chat(name);
      await teams.install(outsider);
      await quiet();
      assert.deepEqual(shownTo(outsider), []);
      assert.deepEqual(await stateOf(outsider.personId), []);
    }
  });

  it('closes the conversation when the app is removed, and opens it again without a second greeting', async () => {
    const { teams, chat, shownTo, quiet } = service();
    const tom = chat('Tom Ellery');
    await teams.install(tom);
    await quiet();
    await teams.uninstall(tom);
    assert.deepEqual(await stateOf(tom.personId), ['gone']);
    await teams.install(tom);
    await quiet();
    assert.deepEqual(await stateOf(tom.personId), ['active']);
    assert.equal(shownTo(tom).length, 1);
  });

  it("makes the school's channel reachable when it is added to the team, in whichever channel", async () => {
    const { teams, channel, shownTo, quiet } = service();
    const jo = channel('Jo Bennett', 'Harbour Primary');
    const inGeneral = {
      ...jo,
      channel: { teamId: jo.channel?.teamId ?? '', channelId: '19:harbour-general@thread.tacv2' },
    };
    await teams.install(inGeneral);
    assert.deepEqual(await stateOf('19:harbour-attendance@thread.tacv2'), ['active']);
    assert.deepEqual(await stateOf('19:harbour-general@thread.tacv2'), []);
    await quiet();
    assert.deepEqual(shownTo(inGeneral), []);
    await teams.uninstall(inGeneral);
    assert.deepEqual(await stateOf('19:harbour-attendance@thread.tacv2'), ['gone']);
  });
});

describe('reaching staff who never opened Waymark', () => {
  const APP = '1c6f2c0e-8a34-4d0b-9b5e-2f7e4f2a6d11';
  const service = useService({
    documents: false,
    environment: { APP_INSTALL: 'on', TEAMS_APP_ID: APP },
  });
  const reasons = async () => (await service().command('deliveries', 'report')).out;

  it('installs the app for those it has a message for, greets them, and says whom it could not reach and why', async () => {
    const { teams, graph, chat, channel, shownTo, quiet, command } = service();
    graph.apps.catalogue.set(APP, 'catalogue-1');
    const told: Promise<unknown>[] = [];
    graph.apps.told = (personId) => {
      const { name } = must(
        graph.tenant.people.find(({ id }) => id === personId),
        'a person',
      );
      told.push(teams.install(chat(name)));
    };
    const [helen, ruth] = [chat('Helen Marsh'), chat('Ruth Calder')];
    graph.apps.refused.set(ruth.personId, 'policy');
    const priya = must(
      graph.tenant.people.find(({ name }) => name === 'Priya Nair'),
      'Priya',
    );
    graph.apps.refused.set(priya.id, 'licence');
    // Somebody has added it to a team, so that it is known where Teams answers.
    await teams.install(channel('Jo Bennett', 'Harbour Primary'));
    await command('tick', '--at', '2026-11-23T07:46:00Z');
    await quiet();
    await Promise.all(told);
    await quiet();
    const shown = shownTo(helen).map(wordsOf);
    assert.equal(shown.length, 2, shown.join('\n--\n'));
    assert.ok(shown.some((words) => /^Hello Helen/.test(words)));
    const report = await reasons();
    assert.match(report, /Ruth Calder: unreachable, .*an app permission policy of Teams/);
    assert.match(report, /Priya Nair: unreachable, .*no licence for Teams/);
    assert.doesNotMatch(report, /Helen/);
    // Nothing was installed for anybody but those, and nobody twice.
    const asked = graph.requests.filter(
      ({ method, path }) => method === 'POST' && /installedApps/.test(path),
    );
    assert.equal(new Set(asked.map(({ path }) => path)).size, asked.length);
    for (const personId of graph.apps.installed.keys())
      assert.equal(await service().instance.app.directory.standing(personId), 'staff');
  });
});
