import { strict as assert } from 'node:assert';
import { outsiderLine } from '../../src/bot/lines.ts';
import { HARBOUR, importMarks } from '../support/marks-files.ts';
import { placeOf, useService, wordsOf } from '../support/service.ts';

const SECRET = 'the heron nests behind the boiler house';

describe('someone who is not staff', () => {
  const service = useService();
  const line = outsiderLine('Tideway');

  const strangers = [
    ['a pupil', 'Maisie Tarrant'],
    ['a guest', 'Elaine Porter'],
    ['a guest in the staff group', 'Graham Tully'],
    ['a colleague whose account is closed', 'Sophie Wren'],
  ] as const;
  for (const [who, name] of strangers) {
    it(`gets the one fixed line, and nothing is kept: ${who}`, async () => {
      const { teams, chat, shownTo, graph, everything, logged, instance } = service();
      if (name === 'Sophie Wren') {
        graph.update(({ people }) => {
          for (const person of people) if (person.name === name) person.enabled = false;
        });
        await instance.app.refresh(instance.clock.now());
      }
      const stranger = chat(name);
      const said = `${SECRET} ${name}`;
      for (const text of [said, 'digest', 'my check-ins']) {
        await teams.sendMessage(stranger, text);
        assert.equal(wordsOf(shownTo(stranger).at(-1)), line);
      }
      assert.equal(shownTo(stranger).length, 3);
      const kept = await everything();
      assert.equal(kept.includes(SECRET), false);
      assert.equal(logged.join('').includes(SECRET), false);
      assert.equal(kept.includes(placeOf(stranger)), false, 'the chat is kept');
      if (name === 'Maisie Tarrant' || name === 'Elaine Porter')
        assert.equal(kept.includes(stranger.personId), false, 'the person is kept');
    });
  }

  it('and someone nobody knows, or without an id, gets it too', async () => {
    const { teams, chat, shownTo } = service();
    const nobody = { ...chat('Aisha Rahman'), personId: '00000000-0000-4000-8000-00000000dead' };
    await teams.sendMessage(nobody, 'What are our priorities?');
    const nameless = { ...chat('Aisha Rahman'), conversationId: 'a:nameless' };
    await teams.sendMessage(nameless, 'What are our priorities?', {
      extra: { from: { id: '29:someone', name: 'Aisha Rahman' } },
    });
    for (const speaker of [nobody, nameless])
      assert.deepEqual(
        shownTo(speaker).map((activity) => wordsOf(activity)),
        [line],
      );
  });

  it("cannot press a colleague's button", async () => {
    const { teams, chat } = service();
    const data = { verb: 'digests.refresh', id: 'x', version: 0, format: 1 };
    const { status, body } = await teams.pressButton(chat('Kofi Danso'), { verb: data.verb, data });
    assert.equal(status, 200);
    assert.deepEqual(body, {
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: line,
    });
  });

  it('in a team keeps Waymark silent there, for colleagues too', async () => {
    const { teams, channel, shownTo, store, everything } = service();
    const before = await everything();
    for (const name of ['Aisha Rahman', 'Kofi Danso']) {
      const speaker = channel(name, 'Harbour Year 5 class');
      await teams.sendMessage(speaker, `What are our priorities? ${SECRET}`);
      assert.deepEqual(shownTo(speaker), []);
    }
    assert.ok(store.schema && before);
    assert.equal((await everything()).includes(SECRET), false);
  });

  it("and a leader's digest, passed on into a channel, opens for nobody there by the fallback of an older client", async () => {
    const { teams, channel, chat, shownTo, quiet } = service();
    const data = { verb: 'digests.refresh', id: 'x', version: 0, format: 1 };
    const { body } = await teams.pressButton(chat('Jo Bennett'), { verb: data.verb, data });
    assert.match(JSON.stringify(body), /Milestones/);
    for (const team of ['Harbour Primary', 'Harbour Year 5 class']) {
      for (const name of ['Jo Bennett', 'Kofi Danso']) {
        await teams.submitCard(channel(name, team), data);
        await quiet();
        assert.deepEqual(shownTo(channel(name, team)), [], `${name} in ${team}`);
      }
    }
  });

  it('and a school’s card, passed on among pupils, is answered there for nobody by that fallback', async () => {
    const { teams, channel, shownTo, quiet, command } = service();
    await importMarks(service(), [HARBOUR]);
    await command('tick', '--at', '2026-11-23T07:50:00Z');
    await quiet();
    for (const verb of ['attendance.show', 'attendance.why', 'attendance.done']) {
      const speaker = channel('Jo Bennett', 'Harbour Year 5 class');
      await teams.submitCard(speaker, { verb, id: `${HARBOUR.urn}/2026-W47`, version: 1, format: 1 });
      await quiet();
      assert.deepEqual(shownTo(speaker), [], verb);
    }
  });
});
