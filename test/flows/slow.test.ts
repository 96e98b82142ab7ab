import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { WAITING_LINE } from '../../src/bot/lines.ts';
import { cardProblems } from '../../src/cards/size.ts';
import { useService, wordsOf } from '../support/service.ts';

describe('work that a turn cannot wait for', () => {
  const service = useService();

  it('is acknowledged in its thread and finished once in the person’s own chat, through the ledger', async function () {
    this.timeout(30_000);
    const { teams, chat, channel, graph, shownTo, quiet, store } = service();
    const aisha = chat('Aisha Rahman');
    await teams.install(aisha);
    const there = channel('Aisha Rahman', 'Harbour Primary');
    await teams.install(there);
    await quiet();
    const greeted = shownTo(aisha).length;
    graph.slow(6_000);
    const question = 'Who may agree leave in term time?';
    const ask = () => teams.sendMessage(there, question, { extra: { id: 'slow-1' } });
    const first = ask();
    // Teams gives up after 15 s and sends it again; a test need not wait as long.
    const repeats = [ask(), ask(), ask()];
    for (const { status } of await Promise.all([first, ...repeats])) assert.equal(status, 200);
    assert.deepEqual(shownTo(there).map(wordsOf), [WAITING_LINE]);
    assert.equal(shownTo(aisha).length, greeted);
    await service().instance.app.bot.idle();
    graph.slow(0);
    await ask();
    await quiet();
    assert.equal(shownTo(there).length, 1);
    assert.equal(shownTo(aisha).length, greeted + 1);
    const late = shownTo(aisha).at(-1);
    assert.match(wordsOf(late), /Only the head may agree leave in term time/);
    assert.match(wordsOf(late), /Attendance policy/);
    const { rows } = await sql<{ state: string; card: never }>`
      select state, card from deliveries where run_id = 'late-answers'`.execute(store.db);
    assert.deepEqual(
      rows.map(({ state }) => state),
      ['delivered'],
    );
    assert.deepEqual(
      rows.flatMap(({ card }) => cardProblems(card)),
      [],
    );
  });
});
