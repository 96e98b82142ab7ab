import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const TIMES = [1, 2, 3, 4];

describe('what Teams repeats', () => {
  const service = useService();

  async function questions(): Promise<number> {
    const found = await sql<{ n: number }>`select count(*)::int as n from answer_questions`.execute(
      service().store.db,
    );
    return found.rows[0]?.n ?? 0;
  }

  it('is answered once when a message comes four times at the same moment, and once when one after the other', async () => {
    const { teams, chat, shownTo } = service();
    const hannah = chat('Hannah Price');
    const ask = (id: string) =>
      teams.sendMessage(hannah, 'What are our priorities this year?', { extra: { id } });
    for (const { status } of await Promise.all(TIMES.map(() => ask('together')))) assert.equal(status, 200);
    assert.equal(shownTo(hannah).length, 1);
    for (const _ of TIMES) assert.equal((await ask('in turn')).status, 200);
    assert.equal(shownTo(hannah).length, 2);
    assert.equal(await questions(), 2);
  });

  it('changes a check-in once when a button comes four times, and shows each the same card', async () => {
    const { teams, chat, shownTo, quiet, command, store } = service();
    const aisha = chat('Aisha Rahman');
    await teams.install(aisha);
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
    const { verb, data } = buttonOf(shownTo(aisha).at(-1), 'checkins.not-today');
    const press = () => teams.pressButton(aisha, { verb, data }, { extra: { id: 'press' } });
    const answers = await Promise.all(TIMES.map(press));
    for (const _ of TIMES) answers.push(await press());
    const [first] = answers;
    assert.deepEqual(
      answers.map(({ status, body }) => ({ status, body })),
      answers.map(() => ({ status: 200, body: first?.body })),
    );
    assert.match(JSON.stringify(first?.body), /"application\/vnd.microsoft.card.adaptive"/);
    const { rows } = await sql<{ version: number }>`
      select version from checkins where id = ${String(data.id)}`.execute(store.db);
    assert.deepEqual(rows, [{ version: Number(data.version) + 1 }]);
  });

  it('gets the same answer for a feedback press and for an invoke that Waymark does not know', async () => {
    const { teams, chat, shownTo } = service();
    const hannah = chat('Hannah Price');
    await teams.sendMessage(hannah, 'What are our priorities this year?');
    const replyTo = teams.arrivals.at(-1)?.activityId ?? '';
    const presses = [
      () =>
        teams.giveFeedback(
          hannah,
          { replyTo, reaction: 'like', words: 'clear' },
          { extra: { id: 'feedback' } },
        ),
      () =>
        teams.sendActivity(hannah, { type: 'invoke', name: 'task/unheard' }, { extra: { id: 'unheard' } }),
    ];
    for (const press of presses) {
      const answers = await Promise.all(TIMES.map(press));
      answers.push(await press());
      assert.deepEqual(
        answers.map(({ status, body }) => ({ status, body })),
        answers.map(() => ({ status: 200, body: {} })),
      );
    }
    assert.equal(wordsOf(shownTo(hannah).at(-1)).length > 0, true);
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from answer_questions where reaction = 'like'`.execute(service().store.db);
    assert.deepEqual(rows, [{ n: 1 }]);
  });
});
