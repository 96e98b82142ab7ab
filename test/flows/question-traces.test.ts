import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { forgetPressAnswers } from '../../src/bot/store.ts';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const PRIYA = '00000000-0000-4000-8000-000000000104';
/** Each stands in one message alone, so that any trace of it is found. */
const WORDS = {
  question: 'What does lunch with quorvatine in the canteen cost?',
  followUp: 'And what about that for brimblewick visitors?',
  reason: 'It forgets the snorvelling',
  answer: 'Four pounds, plimsock included.',
  late: 'Who may agree leave for a wexler in term time?',
};
const TRACES = ['quorvatine', 'brimblewick', 'snorvelling', 'plimsock', 'wexler'];

describe('what questions leave behind', () => {
  const service = useService({
    trust: (trust) => {
      delete trust.library;
      for (const entry of trust.documents as { owner: string }[]) entry.owner = PRIYA;
    },
  });
  const aisha = () => service().chat('Aisha Rahman');
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');
  const ask = async (text: string) => {
    await service().teams.sendMessage(aisha(), text);
    return newest(aisha());
  };
  const press = async (speaker: Speaker, card: unknown, verb: string, inputs: object = {}) => {
    const { data } = buttonOf(card, verb);
    await service().teams.pressButton(speaker, { verb, data: { ...data, ...inputs } });
    await service().quiet();
  };

  /** Every row of every table, with its table, as text. */
  async function rows(): Promise<{ table: string; row: string }[]> {
    const { db, schema } = service().store;
    const tables = await sql<{ table_schema: string; table_name: string }>`
      select table_schema, table_name from information_schema.tables
      where table_schema in (${schema}, ${`${schema}_jobs`}) and table_type = 'BASE TABLE'`.execute(db);
    const found: { table: string; row: string }[] = [];
    for (const { table_schema, table_name } of tables.rows) {
      const { rows: all } = await sql<{ row: string }>`
        select row_to_json(t)::text as row from ${sql.table(`${table_schema}.${table_name}`)} t`.execute(db);
      const jobs = table_schema.endsWith('_jobs') ? 'jobs.' : '';
      found.push(...all.map(({ row }) => ({ table: `${jobs}${table_name}`, row: row.toLowerCase() })));
    }
    return found;
  }
  const withWords = async () =>
    (await rows()).filter(({ row }) => TRACES.some((trace) => row.includes(trace)));

  before(async () => {
    for (const name of ['Aisha Rahman', 'Priya Nair', 'Karen Lister'])
      await service().teams.install(service().chat(name));
    await service().quiet();
    const refused = await ask(WORDS.question);
    const replyTo = service().teams.arrivals.at(-1)?.activityId ?? '';
    await service().teams.giveFeedback(aisha(), { replyTo, reaction: 'dislike', words: WORDS.reason });
    await press(aisha(), refused, 'answers.ask-anonymous');
    await ask('Where do I find the staff handbook?');
    const followed = await ask(WORDS.followUp);
    if (/without my name/i.test(JSON.stringify(followed)))
      await press(aisha(), followed, 'answers.ask-anonymous');
    const there = service().channel('Aisha Rahman', 'Harbour Primary');
    service().graph.slow(6_000);
    await service().teams.sendMessage(there, WORDS.late);
    await service().instance.app.bot.idle();
    service().graph.slow(0);
    await service().quiet();
    const card = must(
      service()
        .shownTo(service().chat('Priya Nair'))
        .find((one) => /quorvatine/.test(wordsOf(one))),
      'the question',
    );
    await press(service().chat('Priya Nair'), card, 'answers.answer', { answer: WORDS.answer });
    // A press that Teams may repeat has its answer kept, words and all: for ten minutes.
    const { db } = service().store;
    await forgetPressAnswers(db);
    assert.ok((await withWords()).some(({ table }) => table === 'activities'));
    await sql`update activities set received_at = received_at - make_interval(mins => 11)`.execute(db);
    await forgetPressAnswers(db);
  });

  it('is in the tables made for it alone, never in a job, and never in the log', async () => {
    const tables = new Set((await withWords()).map(({ table }) => table));
    for (const table of tables)
      assert.ok(['answer_questions', 'answer_asks', 'answer_dialogues', 'deliveries'].includes(table), table);
    assert.ok(tables.has('answer_questions') && tables.has('answer_asks'));
    const log = service().logged.join('\n').toLowerCase();
    for (const trace of TRACES) assert.ok(!log.includes(trace), trace);
    const { personId } = aisha();
    const people = new Set(
      (await rows()).filter(({ row }) => row.includes(personId)).map(({ table }) => table),
    );
    assert.ok(
      ![...people].some((table) => table.startsWith('jobs.') || table === 'audit'),
      [...people].join(),
    );
  });

  it('says of nobody, once the night has passed, that they asked it', async () => {
    assert.equal((await service().command('tick', '--at', '2026-11-24T04:40:00Z')).exit, 0);
    await service().quiet();
    const { personId } = aisha();
    // Of a question that nobody has answered yet, the reply still needs to know.
    const isOpen = (row: string) => row.includes('"state":"open"');
    const told = (await withWords())
      .filter(({ row }) => !isOpen(row))
      .filter(({ row }) => row.includes(personId) || row.includes('aisha') || row.includes('rahman'));
    assert.deepEqual(told, []);
    assert.ok((await withWords()).length > 0);
  });

  it('is gone when its days are over, everywhere', async () => {
    await service().instance.app.runner.tick(new Date('2027-02-23T04:40:00Z'));
    await service().quiet();
    assert.deepEqual(await withWords(), []);
  });
});
