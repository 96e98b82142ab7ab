import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import type { Fault } from '../../src/sandbox/connector.ts';
import { placeOf, until, useService, wordsOf } from '../support/service.ts';

const FIRST = 'What are our priorities this year?';
const SECOND = 'Who may agree leave in term time?';
/** How long the reply is under way while it can already be seen. Milliseconds. */
const UNDER_WAY = 400;
const SLOW: Fault = { kind: 'slow', delay: UNDER_WAY };

describe('what overtakes the end of a turn', () => {
  const service = useService({ trust: (trust) => void delete trust.library });

  async function count(where: string): Promise<number> {
    const found = await sql<{ n: number }>`select count(*)::int as n from ${sql.raw(where)}`.execute(
      service().store.db,
    );
    return found.rows[0]?.n ?? 0;
  }

  it('is an edit: the first answer is rewritten, and there is no second one', async () => {
    const { teams, chat, shownTo } = service();
    const hannah = chat('Hannah Price');
    teams.fault(placeOf(hannah), SLOW);
    const first = teams.sendMessage(hannah, FIRST, { extra: { id: 'edited-at-once' } });
    await until(() => shownTo(hannah).length === 1, 'the answer');
    const edit = await teams.editMessage(hannah, 'edited-at-once', SECOND);
    assert.equal(edit.status, 200);
    await first;
    assert.equal(shownTo(hannah).length, 1);
    assert.match(wordsOf(shownTo(hannah)[0]), /Only the head may agree leave in term time/);
    await service().instance.app.bot.idle();
    assert.equal(await count('answer_questions'), 1);
  });

  it('is a deletion: the answer goes, and nothing of the question is kept', async () => {
    const { teams, chat, shownTo } = service();
    const tom = chat('Tom Ellery');
    const before = await count('answer_questions');
    teams.fault(placeOf(tom), SLOW);
    const first = teams.sendMessage(tom, FIRST, { extra: { id: 'deleted-at-once' } });
    await until(() => shownTo(tom).length === 1, 'the answer');
    await teams.deleteMessage(tom, 'deleted-at-once');
    await first;
    assert.deepEqual(shownTo(tom), []);
    assert.equal(await count('answer_questions'), before);
  });

  it('is a press on the answer: what they thought of it is kept', async () => {
    const { teams, chat, shownTo } = service();
    const aisha = chat('Aisha Rahman');
    teams.fault(placeOf(aisha), SLOW);
    const first = teams.sendMessage(aisha, SECOND);
    await until(() => shownTo(aisha).length === 1, 'the answer');
    const replyTo = teams.arrivals.at(-1)?.activityId ?? '';
    const { status } = await teams.giveFeedback(aisha, { replyTo, reaction: 'like' });
    assert.equal(status, 200);
    await first;
    assert.equal(await count("answer_questions where reaction = 'like'"), 1);
  });

  it('is a stop: it waits until what came of each turn is kept, and then nobody waits for one', async () => {
    const { teams, chat, instance } = service();
    await Promise.all(
      ['Hannah Price', 'Tom Ellery', 'Aisha Rahman'].map((name) => teams.sendMessage(chat(name), FIRST)),
    );
    await instance.app.bot.idle();
    assert.equal(await count("activities where state <> 'done' or person_id is not null"), 0);
  });
});

describe('a reply that Teams does not take at once', () => {
  const service = useService({ documents: false });
  const FAULTS: readonly (readonly [what: string, fault: Fault, times: number])[] = [
    ['a rest was asked for', { kind: 'status', status: 429, retryAfter: 0 }, 2],
    ['a precondition failed', { kind: 'status', status: 412 }, 1],
    ['the answer was 500, though it was taken', { kind: 'status', status: 500, taken: true }, 1],
    ['the answer was 502, though it was taken', { kind: 'status', status: 502, taken: true }, 1],
    ['the connection broke once it was taken', { kind: 'reset', when: 'after', taken: true }, 1],
  ];

  for (const [what, fault, times] of FAULTS) {
    it(`is said once when ${what}`, async () => {
      const { teams, chat, shownTo } = service();
      const tom = chat('Tom Ellery');
      const before = shownTo(tom).length;
      teams.fault(placeOf(tom), fault, times);
      const { status } = await teams.sendMessage(tom, 'hello', { extra: { id: `said-${what}` } });
      assert.equal(status, 200);
      assert.equal(shownTo(tom).length, before + 1);
      assert.match(wordsOf(shownTo(tom).at(-1)), /^Hello/);
      await service().instance.app.bot.idle();
      // Teams' own repeat says nothing more.
      await teams.sendMessage(tom, 'hello', { extra: { id: `said-${what}` } });
      assert.equal(shownTo(tom).length, before + 1);
    });
  }
});
