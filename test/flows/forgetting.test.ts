import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { cardProblems } from '../../src/cards/size.ts';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, buttonsOf, useService, wordsOf } from '../support/service.ts';

const MEATBALLS = 'What does lunch with meatballs in the canteen cost?';

const PRIYA = '00000000-0000-4000-8000-000000000104';

describe('what is kept of questions', () => {
  const service = useService({
    trust: (trust) => {
      delete trust.library;
      // Whose document is nearest is not what is held here.
      for (const entry of trust.documents as { owner: string }[]) entry.owner = PRIYA;
      trust.schedules = { ...(trust.schedules as object), radar: { when: 'Fridays 12:00 in term' } };
    },
  });
  const staff = ['Aisha Rahman', 'Tom Ellery', 'Kit Lawson', 'Priya Nair', 'Karen Lister'] as const;
  const chat = (name: (typeof staff)[number]) => service().chat(name);
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');

  before(async () => {
    for (const name of staff) await service().teams.install(chat(name));
    await service().quiet();
  });

  async function ask(name: (typeof staff)[number], text: string) {
    await service().teams.sendMessage(chat(name), text);
    return newest(chat(name));
  }
  async function press(name: (typeof staff)[number], card: unknown, verb: string, inputs: object = {}) {
    const { data } = buttonOf(card, verb);
    const { body } = await service().teams.pressButton(chat(name), { verb, data: { ...data, ...inputs } });
    await service().quiet();
    return (body as { value: unknown }).value;
  }
  async function tick(at: string) {
    const told = await service().command('tick', '--at', at);
    assert.equal(told.exit, 0, told.err);
    await service().quiet();
  }
  async function rows<T>(query: ReturnType<typeof sql<T>>): Promise<T[]> {
    return (await query.execute(service().store.db)).rows;
  }

  it('the asker is forgotten once the answer has reached them, not before', async () => {
    await press('Aisha Rahman', await ask('Aisha Rahman', MEATBALLS), 'answers.ask');
    await tick('2026-11-24T04:40:00Z');
    const waiting = await rows(sql<{ asker_id: string | null }>`select asker_id from answer_asks`);
    assert.deepEqual(waiting, [{ asker_id: chat('Aisha Rahman').personId }]);
    const card = newest(chat('Priya Nair'));
    const answered = await press('Priya Nair', card, 'answers.answer', { answer: 'Four pounds.' });
    const preview = await press('Priya Nair', answered, 'answers.publish');
    await press('Priya Nair', preview, 'answers.confirm-publish', {
      question: MEATBALLS,
      answer: 'Four pounds.',
    });
    assert.match(wordsOf(newest(chat('Aisha Rahman'))), /Four pounds/);
    await tick('2026-11-25T04:40:00Z');
    const after = await rows(sql<{ asker_id: string | null }>`select asker_id from answer_asks`);
    assert.deepEqual(after, [{ asker_id: null }]);
    const told = await rows(sql`select key from deliveries where key like 'ask-answer/%'`);
    assert.deepEqual(told, []);
    assert.deepEqual(await rows(sql`select person_id from answer_dialogues`), []);
  });

  it('the radar shows what three people asked, in words they share, and answers marked unhelpful', async () => {
    await ask('Aisha Rahman', 'Who grades unicycle parking?');
    await ask('Tom Ellery', 'Is unicycle parking allowed for Kayleigh Bassett');
    await ask('Kit Lawson', 'unicycle parking permits please');
    await ask('Kit Lawson', 'What does a zeppelin cost?');
    const priorities = 'What is our attendance policy on late arrival?';
    await ask('Tom Ellery', priorities);
    const last = service().teams.arrivals.find((one) => one.activity === newest(chat('Tom Ellery')));
    await service().teams.giveFeedback(chat('Tom Ellery'), {
      replyTo: last?.activityId ?? '',
      reaction: 'dislike',
      words: 'It misses Fridays',
    });
    await tick('2026-11-27T12:00:00Z');
    const radar = newest(chat('Karen Lister'));
    const words = wordsOf(radar);
    assert.match(words, /unicycle parking: three people asked/);
    assert.match(words, /Marked unhelpful: ".+" in Attendance policy/);
    assert.doesNotMatch(words, /Kayleigh|zeppelin|permits|Fridays|meatballs/);
    const [attachment] = radar.attachments as { content: never }[];
    const card = { content: attachment?.content as never, summary: String(radar.summary), text: words };
    assert.deepEqual(cardProblems(card), []);
    // Her documents are nearest to these; what she has answered in a note is left out.
    const radars = (name: (typeof staff)[number]) =>
      service()
        .shownTo(chat(name))
        .filter((one) => /don't answer yet/.test(wordsOf(one)));
    const [own] = radars('Priya Nair');
    assert.match(wordsOf(own), /What your documents don't answer yet/);
    assert.match(wordsOf(own), /Marked unhelpful: ".+" in Attendance policy/);
    assert.doesNotMatch(wordsOf(own), /Kayleigh|zeppelin|permits|Fridays|meatballs|Rahman|Ellery|Lawson/);
    await tick('2026-11-27T12:05:00Z');
    assert.equal(newest(chat('Karen Lister')), radar);
    // Nothing was asked since: a later week has its month to look back on, and an empty one says nothing.
    await tick('2027-01-08T12:00:00Z');
    assert.deepEqual([radars('Karen Lister').length, radars('Priya Nair').length], [1, 1]);
  });

  it('after its days the question is gone everywhere; a note stays, and its owner can still withdraw it', async () => {
    await service().instance.app.runner.tick(new Date('2027-02-23T04:40:00Z'));
    await service().quiet();
    const everything = await service().everything();
    for (const words of ['Who grades', 'Kayleigh', 'zeppelin', 'It misses Fridays'])
      assert.equal(everything.includes(words), false, words);
    assert.deepEqual(await rows(sql`select id from answer_asks`), []);
    assert.deepEqual(await rows(sql`select id from answer_questions`), []);
    const card = service()
      .shownTo(chat('Priya Nair'))
      .find((one) => buttonsOf(one).some((button) => button.verb === 'answers.withdraw-note'));
    assert.match(wordsOf(card), /cleared after its time/);
    assert.match(wordsOf(await ask('Kit Lawson', MEATBALLS)), /Four pounds/);
    await press('Priya Nair', card, 'answers.withdraw-note');
    assert.match(wordsOf(await ask('Kit Lawson', MEATBALLS)), /don't say/);
  });
});
