import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { envelope } from '../../src/cards/envelope.ts';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const PRIYA = '00000000-0000-4000-8000-000000000104';
const VERBS = [
  'ask',
  'ask-anonymous',
  'answer',
  'not-mine',
  'publish',
  'confirm-publish',
  'withdraw-note',
  'show',
  'read',
];
const TYPED = { answer: 'a forged answer', question: 'a forged question' };

describe('somebody who presses what is not theirs', () => {
  const service = useService({
    trust: (trust) => {
      delete trust.library;
      for (const entry of trust.documents as { owner: string }[]) entry.owner = PRIYA;
    },
  });
  const chat = (name: string) => service().chat(name);
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');
  const ids: string[] = [];

  async function pass(question: string): Promise<{ id: string; card: Record<string, unknown> }> {
    await service().teams.sendMessage(chat('Aisha Rahman'), question);
    const { data } = buttonOf(newest(chat('Aisha Rahman')), 'answers.ask-anonymous');
    await Promise.all(
      [1, 2, 3, 4, 5].map((press) =>
        service().teams.pressButton(chat('Aisha Rahman'), {
          verb: press % 2 ? 'answers.ask' : 'answers.ask-anonymous',
          data: { ...data, verb: press % 2 ? 'answers.ask' : 'answers.ask-anonymous' },
        }),
      ),
    );
    await service().quiet();
    return { id: String(data.id), card: newest(chat('Priya Nair')) };
  }
  /** All that a press could change, and who was sent what. */
  async function state(): Promise<string> {
    const { db } = service().store;
    const rows = await Promise.all([
      sql`select * from answer_asks order by id`.execute(db),
      sql`select id, hash, facts from answer_documents order by id`.execute(db),
      sql`select key, card from deliveries order by key`.execute(db),
    ]);
    return JSON.stringify(rows.map((one) => one.rows));
  }

  before(async () => {
    for (const name of ['Aisha Rahman', 'Priya Nair', 'Tom Ellery', 'Karen Lister'])
      await service().teams.install(chat(name));
    await service().quiet();
  });

  it('sends one question and makes one answer and one note, however often the right person presses at once', async () => {
    const { id, card } = await pass('What does lunch with florbexia in the canteen cost?');
    ids.push(id);
    const asked = () =>
      service()
        .shownTo(chat('Priya Nair'))
        .filter((one) => /florbexia/.test(wordsOf(one))).length;
    assert.equal(asked(), 1);
    const five = (data: object) =>
      Promise.all(
        [1, 2, 3, 4, 5].map((n) =>
          service().teams.pressButton(chat('Priya Nair'), {
            verb: 'x',
            data: { ...data, answer: `glimmock ${n}`, question: 'What does florbexia cost?' },
          }),
        ),
      );
    await five(buttonOf(card, 'answers.answer').data);
    await service().quiet();
    const told = service()
      .shownTo(chat('Aisha Rahman'))
      .filter((one) => /glimmock/.test(wordsOf(one)));
    assert.equal(told.length, 1);
    const { rows } = await sql<{ version: number }>`select version from answer_asks where id = ${id}`.execute(
      service().store.db,
    );
    const version = must(rows[0], 'a row').version;
    await five(envelope('answers.confirm-publish', id, version));
    await service().quiet();
    const notes = await sql<{
      n: number;
    }>`select count(*)::int as n from answer_documents where source = 'note'`.execute(service().store.db);
    assert.deepEqual(notes.rows, [{ n: 1 }]);
    ids.push((await pass('Does the trust hire out trombolines to governors?')).id);
  });

  const others = ['Maisie Tarrant', 'Elaine Porter', 'Graham Tully', 'Tom Ellery', 'Kofi Danso'];
  for (const name of others) {
    it(`changes nothing, sends nothing and is shown nothing: ${name}`, async () => {
      const before = await state();
      const said: string[] = [];
      for (const id of ids)
        for (const verb of VERBS)
          for (const version of [1, 2, 99]) {
            const data = { ...envelope(`answers.${verb}`, id, version), ...TYPED };
            const { body } = await service().teams.pressButton(chat(name), { verb: data.verb, data });
            said.push(JSON.stringify(body));
          }
      assert.equal(await state(), before);
      for (const words of said) assert.doesNotMatch(words, /florbexia|glimmock|tromboline|Aisha|forged/);
    });
  }

  it('says nothing in a channel, whoever presses there, by either way of pressing', async () => {
    const before = await state();
    for (const team of ['Harbour Primary', 'Harbour Year 5 class'])
      for (const name of ['Priya Nair', 'Aisha Rahman', 'Kofi Danso'])
        for (const verb of VERBS.filter((one) => !['withdraw-note', 'answer'].includes(one))) {
          const there = service().channel(name, team);
          const data = { ...envelope(`answers.${verb}`, ids[0] ?? '', 0) };
          await service().teams.submitCard(there, { ...data, ...(verb === 'confirm-publish' ? TYPED : {}) });
          assert.deepEqual(service().shownTo(there), [], `${name}, ${verb}, ${team}`);
        }
    assert.equal(await state(), before);
  });

  it('meets a card of a question that is no longer kept with a sentence', async () => {
    for (const verb of VERBS) {
      const data = { ...envelope(`answers.${verb}`, 'question_of_long_ago', 1), ...TYPED };
      const { body } = await service().teams.pressButton(chat('Priya Nair'), { verb: data.verb, data });
      assert.match(JSON.stringify(body), /no longer/, verb);
    }
  });
});
