/**
 * Two people answer one question at once, again and again: on real rows and a real ledger. Counts what must never be: two
 * answers, none, a loser who is not shown the winner's words, an asker who is told nothing or something else.
 */

import type { CardVerbOf } from '../../src/access/policy.ts';
import { envelope } from '../../src/cards/envelope.ts';
import type { CardReply } from '../../src/cards/reply.ts';
import { deleteSettled, insertDrafts, replaceCards } from '../../src/delivery/store.ts';
import { isRefusal } from '../../src/kernel/errors.ts';
import type { Db } from '../../src/storage/database.ts';
import { colleague, entered } from './access.ts';
import { answersOn } from './answers.ts';

const NOW = new Date('2026-11-23T07:30:00Z');
const TOGETHER = 8;

export type Races = {
  readonly races: number;
  readonly oneAnswer: number;
  readonly told: number;
  readonly otherShown: number;
  /** How often the first reader was the faster. */
  readonly firstWon: number;
};

export async function raceAsks(db: Db, races: number, folder: string): Promise<Races> {
  const staff = (id: string) => ({
    id,
    name: `${id} Nair`,
    givenName: id,
    mail: '',
    jobTitle: '',
    staff: true,
  });
  const answers = answersOn(db, [{ file: 'strategy.md', owner: 'owner', kind: 'policy' }], {
    directory: { person: async (id) => staff(id) },
    outbox: {
      enqueue: (trx, run, drafts) => insertDrafts(trx, run, drafts),
      revise: (trx, key, card) => replaceCards(trx, [{ key, card }]),
      forget: (trx, keys) => deleteSettled(trx, keys),
    },
  });
  await answers.ingest(folder, NOW);
  const counts = { races: 0, oneAnswer: 0, told: 0, otherShown: 0, firstWon: 0 };
  const press = async (
    verb: CardVerbOf<'answers'>,
    id: string,
    personId: string,
    inputs = {},
  ): Promise<string> => {
    const command = { envelope: envelope(verb, id, 1), inputs };
    return wordsOf(await answers.act(entered(verb, colleague(personId)), command, { kind: 'personal' }, NOW));
  };
  const race = async (number: number) => {
    const asker = {
      personId: `asker${number}`,
      conversationId: `c${number}`,
      audience: { kind: 'personal' } as const,
    };
    const { ref = '' } = await answers.ask('How much does reading with a zeppelin cost?', asker, NOW);
    // Whose document is nearest is not what is raced for.
    await db.updateTable('answer_questions').set({ reader_id: 'owner' }).where('id', '=', ref).execute();
    await press('answers.ask', ref, asker.personId);
    await press('answers.not-mine', ref, 'owner');
    const both = [
      () => press('answers.answer', ref, 'owner', { answer: `first words ${number}` }),
      () => press('answers.answer', ref, 'priya', { answer: `second words ${number}` }),
    ];
    const order = number % 2 === 0 ? both : [...both].reverse();
    const shown = await Promise.all(order.map((one) => one()));
    const [first = '', second = ''] = number % 2 === 0 ? shown : [...shown].reverse();
    const won = [first, second].filter((words) => words.includes('Thank you'));
    const winner = first.includes('Thank you') ? 'first' : 'second';
    const row = await db.selectFrom('answer_asks').selectAll().where('id', '=', ref).executeTakeFirst();
    counts.races += 1;
    if (JSON.stringify(row?.readers) !== '["owner","priya"]') throw new Error('these two did not race');
    if (won.length === 1 && row?.answer === `${winner} words ${number}`) counts.oneAnswer += 1;
    if (winner === 'first') counts.firstWon += 1;
    const other = winner === 'first' ? second : first;
    const lost = winner === 'first' ? 'second' : 'first';
    if (other.includes(`${winner} words ${number}`) && other.includes(`${lost} words ${number}`))
      counts.otherShown += 1;
    const told = await db
      .selectFrom('deliveries')
      .selectAll()
      .where('key', '=', `ask-answer/${ref}`)
      .execute();
    const [message] = told;
    if (told.length === 1 && message?.person_id === asker.personId) {
      const words = JSON.stringify(message.card);
      if (words.includes(`${winner} words ${number}`) && !words.includes(`${lost} words`)) counts.told += 1;
    }
  };
  for (let from = 0; from < races; from += TOGETHER)
    await Promise.all(
      Array.from({ length: Math.min(TOGETHER, races - from) }, (_, index) => race(from + index)),
    );
  return counts;
}

function wordsOf(reply: CardReply): string {
  if (isRefusal(reply)) return reply.message;
  return reply.kind === 'text' ? reply.text : JSON.stringify(reply.card.content);
}
