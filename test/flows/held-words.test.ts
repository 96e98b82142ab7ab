import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const ANSWER = {
  'choice-status': 'at-risk',
  'choice-confidence': 'medium',
  value: '9',
  note: 'Nine lessons seen.',
  blocker: '',
  evidence: '',
};
const MILESTONE = {
  title: 'Fewer days lost to exclusion',
  'choice-strand': 'disadvantage-first',
  'choice-school': '900001',
  owner: 'Tom Ellery',
  measure: 'Days of exclusion in a half-term',
  unit: 'days',
  target: '5',
  'choice-direction': 'lower',
  due: '2027-07-16',
  'choice-cadence': 'fortnightly',
};
const HELD = /Not sent and not kept: this looks as if it names a pupil/;
/** A name that stands nowhere else, and is looked for wherever words are kept. */
const NAMING = 'Jayden Okonkwo-Quill in Year 5 has stopped coming';
const KEPT = /Okonkwo-Quill/;

describe('words in a form that name a pupil', () => {
  const service = useService({ documents: false });
  const aisha = () => service().chat('Aisha Rahman');
  const jo = () => service().chat('Jo Bennett');
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');

  before(async () => {
    const { teams, command, quiet } = service();
    for (const person of [aisha(), jo()]) await teams.install(person);
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
  });

  async function press(speaker: Speaker, verb: string, inputs: object) {
    const { data } = buttonOf(newest(speaker), verb);
    const sent = await service().teams.pressButton(speaker, {
      verb,
      data: { ...data, ...inputs },
    });
    assert.equal(sent.status, 200);
    await service().quiet();
    return JSON.stringify(sent.body);
  }

  async function isHeld(speaker: Speaker, verb: string, inputs: object): Promise<string> {
    const said = await press(speaker, verb, inputs);
    assert.match(said, HELD);
    assert.match(said, /Speak to Mel Okafor/, 'whom to speak to, at that school');
    assert.match(said, KEPT, 'what was typed stands in the form');
    assert.doesNotMatch(await service().everything(), KEPT);
    assert.doesNotMatch(service().logged.join('\n'), KEPT);
    return said;
  }

  it('are not sent with a check-in, nor kept for later', async () => {
    for (const verb of ['checkins.submit', 'checkins.save-for-later'])
      for (const field of ['note', 'blocker']) await isHeld(aisha(), verb, { ...ANSWER, [field]: NAMING });
  });

  it('are sent once they are written without the name', async () => {
    assert.match(
      await press(aisha(), 'checkins.submit', { ...ANSWER, note: 'Jo Bennett helps.' }),
      /Sent to Jo/,
    );
  });

  it('are neither asked nor answered nor given as a reason', async () => {
    await isHeld(jo(), 'checkins.return', { comment: NAMING });
    await isHeld(jo(), 'checkins.question', { comment: NAMING });
    assert.match(
      await press(jo(), 'checkins.question', { comment: '\u200b' }),
      /what you would like to know/,
    );
    assert.match(await press(jo(), 'checkins.question', { comment: 'Which lessons?' }), /with Aisha/);
    await isHeld(aisha(), 'checkins.reply', { reply: NAMING });
  });

  it('never become a milestone', async () => {
    await service().teams.sendMessage(jo(), 'new milestone');
    await service().quiet();
    for (const field of ['title', 'measure', 'unit'])
      await isHeld(jo(), 'checkins.milestone-create', { ...MILESTONE, [field]: NAMING.slice(0, 40) });
  });

  it('from a client that shows no answer, are told of in a sentence that repeats none of them', async () => {
    const { data } = buttonOf(newest(aisha()), 'checkins.submit');
    await service().teams.submitCard(aisha(), { ...data, ...ANSWER, note: NAMING });
    await service().quiet();
    assert.match(wordsOf(newest(aisha())), HELD);
    assert.doesNotMatch(await service().everything(), KEPT);
  });

  it('go neither to whoever asked nor into a note for all staff', async () => {
    const karen = service().chat('Karen Lister');
    await service().teams.install(karen);
    await service().teams.sendMessage(aisha(), 'What does the canteen cost?');
    await service().quiet();
    await press(aisha(), 'answers.ask', {});
    const isHeldBack = async (verb: string, inputs: object) => {
      assert.match(await press(karen, verb, inputs), HELD);
      assert.doesNotMatch(await service().everything(), KEPT);
    };
    await isHeldBack('answers.answer', { answer: NAMING });
    await press(karen, 'answers.answer', { answer: 'Two pounds forty.' });
    const shown = newest(karen);
    const { data } = buttonOf(shown, 'answers.publish');
    const { body } = await service().teams.pressButton(karen, { verb: 'answers.publish', data });
    const again = buttonOf((body as { value: unknown }).value, 'answers.confirm-publish');
    const words = { question: NAMING, answer: 'Two pounds forty.' };
    const sent = await service().teams.pressButton(karen, {
      verb: again.verb,
      data: { ...again.data, ...words },
    });
    assert.match(JSON.stringify(sent.body), HELD);
    assert.doesNotMatch(await service().everything(), KEPT);
  });
});
