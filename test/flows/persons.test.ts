import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { must } from '../../src/kernel/guards.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const ANSWER = { status: 'on-track', confidence: 'high', value: '9', note: 'Nine seen.', blocker: '' };

describe('several people who leave one after another', function () {
  this.timeout(60_000);
  const service = useService();

  before(async () => {
    const { teams, chat, shownTo, command, quiet } = service();
    const [aisha, jo] = [chat('Aisha Rahman'), chat('Jo Bennett')];
    for (const one of [aisha, jo]) await teams.install(one);
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
    const find = (who: typeof jo, words: RegExp) =>
      must(
        shownTo(who).find((message) => words.test(wordsOf(message))),
        String(words),
      );
    const { data } = buttonOf(find(aisha, /Check-in/), 'checkins.submit');
    await teams.pressButton(aisha, { verb: 'checkins.submit', data: { ...data, ...ANSWER } });
    await quiet();
    const approve = buttonOf(find(jo, /Nine seen/), 'checkins.approve');
    await teams.pressButton(jo, approve);
    await quiet();
  });

  it('are each removed: who wrote a check-in, then who approved it, then who else there is', async () => {
    const { command, everything, graph, store } = service();
    const approved = await sql<{ n: number }>`
      select count(*)::int as n from checkins where state = 'approved'`.execute(store.db);
    assert.equal(approved.rows[0]?.n, 1);
    const ids = graph.tenant.people.map(({ id }) => id);
    const first = ['Aisha Rahman', 'Jo Bennett'].map((name) => service().chat(name).personId);
    for (const id of [...first, ...ids.filter((id) => !first.includes(id)).slice(0, 8)]) {
      const { exit, out, err } = await command('person', 'erase', id);
      assert.equal(exit, 0, `${id}: ${out}${err}`);
      assert.equal((await everything()).toLowerCase().includes(id), false, `${id} is still there`);
    }
    assert.equal((await command('audit', 'verify')).exit, 0);
  });

  it('stay two people in what others keep, though nobody can say which', async () => {
    const { rows } = await sql<{ owner: string; decided: string }>`
      select owner_id as owner, decided_by as decided from checkins where state = 'approved'`.execute(
      service().store.db,
    );
    assert.equal(rows.length, 1);
    for (const { owner, decided } of rows) {
      assert.match(owner, /^erased/);
      assert.match(decided, /^erased/);
      assert.notEqual(owner, decided);
    }
  });
});
