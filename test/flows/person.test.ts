import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import { PROCESSING } from '../../src/privacy/processing-tables.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const AISHA = 'Aisha Rahman';

type Exported = {
  kept: Record<string, unknown[]>;
  audit: unknown[];
  questions: { question: string }[];
  named: Record<string, number>;
};

describe('what a person may ask of us', () => {
  const service = useService();
  const idOf = (name: string) => service().chat(name).personId;
  const rowsWithout = async (...words: string[]) =>
    (await service().everything())
      .split('\n')
      .filter((row) => !words.some((word) => row.toLowerCase().includes(word.toLowerCase())));

  before(async () => {
    const { teams, chat, shownTo, command, quiet } = service();
    const aisha = chat(AISHA);
    for (const name of [AISHA, 'Jo Bennett']) await teams.install(chat(name));
    await teams.sendMessage(aisha, 'What are our priorities this year?');
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
    const asked = must(
      shownTo(aisha).find((message) => /Check-in/.test(wordsOf(message))),
      'the check-in',
    );
    const { data } = buttonOf(asked, 'checkins.submit');
    const answer = {
      status: 'on-track',
      confidence: 'high',
      value: '9',
      note: 'Nine seen.',
      blocker: '',
      evidence: '',
    };
    await teams.pressButton(aisha, { verb: 'checkins.submit', data: { ...data, ...answer } });
    // Comes too late to be taken, and is kept as a draft of hers.
    await teams.pressButton(aisha, {
      verb: 'checkins.submit',
      data: { ...data, ...answer, note: 'Ten by now.' },
    });
    await quiet();
  });

  it('gives them a copy of what is kept, and says where others hold their name', async () => {
    const { exit, out } = await service().command('person', 'export', idOf(AISHA), '--json');
    assert.equal(exit, 0);
    const { kept, audit, questions, named } = JSON.parse(out) as Exported;
    for (const table of [
      'people',
      'conversations',
      'deliveries',
      'checkins',
      'checkin_drafts',
      'answer_dialogues',
    ])
      assert.ok(kept[table]?.length, `nothing from ${table}: ${Object.keys(kept).join(' ')}`);
    assert.ok(audit.length > 0);
    const told = (await service().command('person', 'export', idOf(AISHA))).out;
    assert.match(
      told,
      new RegExp(`^${PROCESSING.checkin_drafts.holds}: \\d`, 'm'),
      'in the words of the register',
    );
    for (const table of Object.keys(kept))
      if (table.includes('_')) assert.doesNotMatch(told, new RegExp(`^${table}: `, 'm'));
    assert.deepEqual(
      questions.map(({ question }) => question),
      ['What are our priorities this year?'],
    );
    assert.ok(named.milestones ?? named.milestone_history ?? named.digests, JSON.stringify(named));
    assert.equal(JSON.stringify(kept).includes(idOf('Tom Ellery')), false, 'somebody else is in it');
  });

  it('removes them everywhere, leaves everybody else as they were, and the audit whole', async () => {
    const { command, everything, logged } = service();
    const words = [idOf(AISHA), AISHA, 'aisha.rahman', 'Aisha'];
    const others = await rowsWithout(...words, 'audit', 'directory_state');
    const { exit, out } = await command('person', 'erase', idOf(AISHA));
    assert.equal(exit, 0, out);
    const kept = (await everything()).toLowerCase();
    for (const word of words)
      assert.equal(kept.includes(word.toLowerCase()), false, `${word} is still there`);
    const now = new Set((await everything()).split('\n'));
    assert.deepEqual(
      others.filter(
        (row) =>
          !now.has(row) && !/^(answer_documents|answer_questions|activities|job|version|queue)/.test(row),
      ),
      [],
    );
    assert.equal(logged.join('').includes(AISHA), false, 'the log names her');
    assert.equal((await command('audit', 'verify')).exit, 0);
    assert.match((await command('person', 'export', idOf(AISHA))).err, /Nothing is kept about/);
  });

  it('shows a card that stayed with nobody in her place, and still opens it', async () => {
    const { teams, chat, shownTo } = service();
    const jo = chat('Jo Bennett');
    await teams.sendMessage(jo, 'digest');
    assert.doesNotMatch(wordsOf(shownTo(jo).at(-1)), /Aisha/);
  });

  it('refuses someone of whom nothing is known', async () => {
    const { exit, err } = await service().command('person', 'erase', '00000000-0000-4000-8000-00000000dead');
    assert.equal(exit, 1);
    assert.match(err, /Nothing is kept about "00000000-0000-4000-8000-00000000dead"/);
  });
});
