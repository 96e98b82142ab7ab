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

  it('is an edit with the time of the first one; another edit within the same second is another', async () => {
    const { teams, chat, store } = service();
    const hannah = chat('Hannah Price');
    const { activityId } = await teams.sendMessage(hannah, 'What are our priorities this year?');
    const edits = async () => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from activities where key like 'messageUpdate:%'`.execute(store.db);
      return rows[0]?.n;
    };
    const edit = (words: string, milliseconds: string) =>
      teams.editMessage(hannah, activityId, words, {
        extra: { timestamp: `2026-11-23T07:30:05.${milliseconds}Z` },
      });
    const first = () => edit('Who leads attendance?', '120');
    for (const sent of [first, first, () => edit('What is our mobile phone policy?', '890')])
      assert.equal((await sent()).status, 200);
    assert.equal(await edits(), 2);
  });

  it('is answered with all replies at once when its sender wants it so, as the SDK has it', async () => {
    const { teams, chat } = service();
    const { status, body } = await teams.sendActivity(
      chat('Hannah Price'),
      { type: 'invoke', name: 'task/unheard' },
      { extra: { deliveryMode: 'expectReplies' } },
    );
    assert.equal(status, 200);
    const { activities } = body as { activities: { type: string; value: unknown }[] };
    assert.deepEqual(
      activities.map(({ type, value }) => ({ type, value })),
      [{ type: 'invokeResponse', value: { status: 200, body: {} } }],
    );
  });
});
