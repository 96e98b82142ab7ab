import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { WAITING_LINE } from '../../src/bot/lines.ts';
import { cardProblems } from '../../src/cards/size.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';
import { testDatabaseUrl } from '../support/store.ts';

describe('work that a turn cannot wait for', () => {
  const service = useService();

  it('is finished once in the person’s own chat, through the ledger, with nothing said where a guest may be', async function () {
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
    // Who is in the team cannot be told while Graph is slow, and somebody from outside may be.
    assert.deepEqual(shownTo(there), []);
    assert.equal(shownTo(aisha).length, greeted);
    await service().instance.app.bot.idle();
    graph.slow(0);
    await ask();
    await quiet();
    assert.deepEqual(shownTo(there), []);
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

  it('of a button is finished too, for the button of a client without Execute as well', async function () {
    // A lock held elsewhere makes a press slow; the embedded store has one connection, so nobody else can hold one.
    if (!testDatabaseUrl()) this.skip();
    this.timeout(30_000);
    const { teams, chat, command, shownTo, quiet, store } = service();
    const [tom, hannah] = [chat('Tom Ellery'), chat('Olu Adebayo')];
    for (const person of [tom, hannah]) await teams.install(person);
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
    const before = shownTo(tom).length;
    const pressed = await store.db.transaction().execute(async (trx) => {
      await sql`select id from checkins for update`.execute(trx);
      const { verb, data } = buttonOf(shownTo(tom).at(-1), 'checkins.not-today');
      const fallback = buttonOf(shownTo(hannah).at(-1), 'checkins.not-today').data;
      return Promise.all([teams.pressButton(tom, { verb, data }), teams.submitCard(hannah, fallback)]);
    });
    assert.match(JSON.stringify(pressed[0].body), /taking me a little longer/);
    assert.equal(wordsOf(shownTo(hannah).at(-1)), WAITING_LINE);
    await service().instance.app.bot.idle();
    await quiet();
    assert.equal(shownTo(tom).length, before + 1);
    for (const person of [tom, hannah])
      assert.match(wordsOf(shownTo(person).at(-1)), /I'll ask again on Tuesday 24 November/);
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from checkins where resting`.execute(store.db);
    assert.deepEqual(rows, [{ n: 2 }]);
  });
});

describe('a fault', () => {
  const service = useService({ documents: false });

  it('gets one polite reply with a reference that the log has too; asked again, it is answered', async () => {
    const { teams, channel, graph, shownTo, logged } = service();
    const there = channel('Aisha Rahman', 'Harbour Primary');
    graph.fail(403);
    await teams.sendMessage(there, 'hello', { extra: { id: 'unlucky' } });
    const [reply] = shownTo(there);
    const reference = /reference: ([A-Z2-9]{6})\./.exec(wordsOf(reply))?.[1];
    assert.ok(reference, wordsOf(reply));
    assert.doesNotMatch(JSON.stringify(reply), /Error|src\/|\.ts/);
    assert.ok(logged.some((line) => line.includes(reference) && line.includes('"turn failed"')));
    graph.recover();
    await teams.sendMessage(there, 'hello', { extra: { id: 'unlucky' } });
    assert.equal(shownTo(there).length, 2);
    assert.match(wordsOf(shownTo(there)[1]), /^Hello\. Ask me/);
  });
});
