import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { HARBOUR, importMarks, LANTERN } from '../support/marks-files.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const ASKED = 'How are we doing on disadvantage first?';

describe('"How are we doing on disadvantage first?"', () => {
  const service = useService({ documents: false });

  async function ask(name: string, words: string) {
    const { teams, chat, shownTo, quiet } = service();
    await teams.sendMessage(chat(name), words);
    await quiet();
    return must(shownTo(chat(name)).at(-1), 'an answer');
  }

  async function press(speaker: Speaker, verb: string, inputs: object = {}): Promise<void> {
    const { teams, shownTo, quiet } = service();
    const card = must(
      shownTo(speaker).findLast((one) => JSON.stringify(one).includes(`"${verb}"`)),
      verb,
    );
    const { data } = buttonOf(card, verb);
    await teams.pressButton(speaker, { verb, data: { ...data, ...inputs } });
    await quiet();
  }

  it('tells a leader how the priority stands, and anybody else nothing of it', async () => {
    const { instance } = service();
    const name = (await instance.app.nameOf(instance.trust.leaders[0] ?? '')) ?? '';
    assert.match(wordsOf(await ask(name, ASKED)), /Disadvantage first.*no check-in has been approved yet/s);
    assert.doesNotMatch(wordsOf(await ask('Tom Ellery', ASKED)), /check-in has been approved/);
  });

  it('answers from what was approved and from released attendance together, each cited', async () => {
    const { chat, teams, command, quiet } = service();
    await importMarks(service(), [HARBOUR, LANTERN]);
    const [aisha, jo] = [chat('Aisha Rahman'), chat('Jo Bennett')];
    for (const person of [aisha, jo]) await teams.install(person);
    await quiet();
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
    const said = {
      'choice-status': 'at-risk',
      'choice-confidence': 'medium',
      value: '9',
      note: 'Slow start.',
      blocker: '',
      evidence: '',
    };
    await press(aisha, 'checkins.submit', said);
    assert.doesNotMatch(wordsOf(await ask('Helen Marsh', ASKED)), /at risk, 9/, 'not before it is approved');
    await press(jo, 'checkins.approve');
    const answer = await ask('Helen Marsh', ASKED);
    const words = wordsOf(answer);
    assert.match(words, /none on track, one at risk and none off track/);
    assert.match(
      words,
      /greets and checks in first with the pupils who carry most: at risk, 9 of 30 lessons \[1\]/,
    );
    assert.match(words, /Attendance.*(?:the gap |every 10 pupils experiencing disadvantage missed).*\[2\]/);
    const sources = JSON.stringify(answer.entities);
    assert.match(sources, /Approved check-in: at risk, 9 of 30 lessons/);
    assert.match(sources, /Attendance released for 2026-W47/);
    // Staff are not measured in it: nobody is named, nothing is said of when or how soon.
    assert.doesNotMatch(words, /Aisha|Rahman|Jo Bennett|overdue|late|remind|within|hours|Slow start/);
  });

  it('answers as of a past day in words: first there was nothing, later something was approved', async () => {
    const { command, instance } = service();
    await command('tick', '--at', '2026-12-07T09:00:00Z');
    instance.clock.moveTo?.(new Date('2026-12-07T09:00:00Z'));
    const asked = (day: string) => ask('Helen Marsh', `How were we doing on disadvantage first on ${day}?`);
    const before = wordsOf(await asked('20 November'));
    assert.match(
      before,
      /Disadvantage first.* on 20 November 2026: no milestone that is yours to see stood under it/s,
    );
    const after = wordsOf(await asked('1 December'));
    assert.match(after, /on 1 December 2026, from check-ins that a manager had approved by then/);
    assert.match(after, /at risk, 9 of 30 lessons \[1\]/);
    assert.match(wordsOf(await asked('25 November')), /Attendance.*\[2\]/s);
    assert.match(wordsOf(await asked('24 December 2027')), /Which day do you mean/);
    assert.doesNotMatch(
      wordsOf(await ask('Tom Ellery', 'How were we doing on disadvantage first on 1 December?')),
      /approved by then/,
    );
  });

  it('keeps to what is the asker’s: a manager’s own people, a lead’s strand, no other school’s attendance', async () => {
    const { instance } = service();
    const { priorities } = instance.trust;
    for (const { name } of priorities)
      assert.ok(wordsOf(await ask('Helen Marsh', `How are we doing on ${name}?`)).includes('**'), name);
    // Chloe leads well-being alone: of another topic she is told nothing.
    assert.match(
      wordsOf(await ask('Chloe Sanders', 'How are we doing on well-being at work?')),
      /Well-being at work/,
    );
    assert.match(wordsOf(await ask('Chloe Sanders', ASKED)), /no milestone that is yours to see/);
    assert.doesNotMatch(wordsOf(await ask('Chloe Sanders', ASKED)), /at risk|gap/);
  });
});
