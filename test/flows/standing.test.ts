import { strict as assert } from 'node:assert';
import { useService, wordsOf } from '../support/service.ts';

describe('"How are we doing on disadvantage first?"', () => {
  const service = useService({ documents: false });

  it('tells a leader how the priority stands, and anybody else nothing of it', async () => {
    const { teams, chat, shownTo, quiet, instance } = service();
    const leader = instance.trust.leaders[0] ?? '';
    const name = (await instance.app.nameOf(leader)) ?? '';
    const asked = 'How are we doing on disadvantage first?';
    for (const person of [chat(name), chat('Tom Ellery')]) await teams.sendMessage(person, asked);
    await quiet();
    assert.match(
      wordsOf(shownTo(chat(name)).at(-1)),
      /Disadvantage first.*no check-in has been approved yet/s,
    );
    assert.doesNotMatch(wordsOf(shownTo(chat('Tom Ellery')).at(-1)), /check-in has been approved/);
  });
});
