import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
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
