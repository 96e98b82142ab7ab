import { strict as assert } from 'node:assert';
import { envelope } from '../../src/cards/envelope.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { until, useService, wordsOf } from '../support/service.ts';

describe('a message that may concern somebody’s safety', () => {
  const service = useService();

  // Each has words that stand nowhere else, so that any trace of them is found.
  const worries: readonly (readonly [text: string, trace: string])[] = [
    ['A child in my class told me her stepdad hits her with a zithercord', 'zithercord'],
    ['I saw a teacher push a pupil by the quandryweed hedge and hurt him', 'quandryweed'],
    ["I can't go on any more, I want to end my life at Plimbrook", 'plimbrook'],
  ];

  for (const [text, trace] of worries) {
    it(`gets the one fixed card, and its words stay nowhere: ${trace}`, async () => {
      const { teams, chat, shownTo, quiet } = service();
      const aisha = chat('Aisha Rahman');
      const before = shownTo(aisha).length;
      await teams.sendMessage(aisha, text);
      await quiet();
      const shown = shownTo(aisha).slice(before);
      assert.equal(shown.length, 1);
      assert.match(wordsOf(shown[0]), /999/);
      assert.match(wordsOf(shown[0]), /ext\. 204|01632 960100/);
      await assertNowhere(trace);
    });
  }

  it('gets it in a channel and after an edit too, and an answer given before is taken back', async () => {
    const { teams, chat, channel, shownTo } = service();
    const tom = chat('Tom Ellery');
    const { activityId } = await teams.sendMessage(tom, 'What are our priorities this year?');
    const edit = 'A boy in Year 6 told me his uncle hurts him at the wexlybarn';
    await teams.editMessage(tom, activityId, edit, { extra: { timestamp: '2026-11-23T07:40:00.000Z' } });
    assert.equal(shownTo(tom).length, 1);
    assert.match(wordsOf(shownTo(tom)[0]), /999/);
    assert.doesNotMatch(wordsOf(shownTo(tom)[0]), /\[1\]/);
    const there: Speaker = channel('Tom Ellery', 'Harbour Primary');
    await teams.sendMessage(there, edit);
    assert.match(wordsOf(shownTo(there).at(-1)), /999/);
    await assertNowhere('wexlybarn');
  });

  it('keeps no words of a worry that is typed as a reason below an answer', async () => {
    const { teams, chat } = service();
    const bea = chat('Bea Nowak');
    await teams.sendMessage(bea, 'What are our priorities this year?');
    const replyTo = teams.arrivals.at(-1)?.activityId ?? '';
    const words = 'a girl told me her father beats her with a snarvelstick';
    await teams.giveFeedback(bea, { replyTo, reaction: 'dislike', words });
    await assertNowhere('snarvelstick');
    assert.match(await service().everything(), /"reaction": ?"dislike"/);
    assert.match(wordsOf(service().shownTo(bea).at(-1)), /999/);
  });

  it('sends who typed one below an answer in a channel the card alone, and forgets that it did', async () => {
    const { teams, chat, channel, shownTo, instance, quiet } = service();
    const there = channel('Bea Nowak', 'Harbour Primary');
    await teams.sendMessage(there, 'What are our priorities this year?');
    const replyTo = teams.arrivals.at(-1)?.activityId ?? '';
    const before = shownTo(there).length;
    const words = 'one of mine has bruises again, dad did it with the trellowick';
    await teams.giveFeedback(there, { replyTo, reaction: 'dislike', words });
    await quiet();
    assert.equal(shownTo(there).length, before);
    assert.match(wordsOf(shownTo(chat('Bea Nowak')).at(-1)), /999/);
    await assertNowhere('trellowick');
    await instance.app.stop();
    await instance.app.start();
    await until(
      async () => !/"run_id": ?"alone"/.test(await service().everything()),
      'the card to be forgotten',
    );
  });

  it('gets it at once, alone, when Graph is too slow to say who else reads there', async function () {
    this.timeout(15_000);
    const { teams, chat, channel, graph, shownTo, quiet } = service();
    const there = channel('Tom Ellery', 'Harbour Primary');
    const said = () => shownTo(there).filter(({ type }) => type === 'message').length;
    const before = said();
    graph.slow(7_000);
    await teams.sendMessage(there, 'A girl told me her stepdad hurts her with a murrelhook');
    graph.slow(0);
    await quiet();
    assert.equal(said(), before);
    assert.match(wordsOf(shownTo(chat('Tom Ellery')).at(-1)), /999/);
    await assertNowhere('murrelhook');
  });

  it('gets it for what is typed into any card of a question, and nothing is sent or kept of it', async () => {
    const { teams, chat, shownTo, quiet } = service();
    const priya = chat('Priya Nair');
    for (const [verb, inputs] of [
      ['answers.answer', { answer: 'Ask Mel. A boy in my class says his uncle hurts him at the brindlecot' }],
      [
        'answers.confirm-publish',
        {
          question: 'When is cover paid?',
          answer: 'At month end, brindlecot. One of mine is cutting herself',
        },
      ],
      ['answers.confirm-publish', { question: 'my stepdad hits my sister', answer: 'Brindlecot.' }],
      ['answers.ask', { note: 'I want to end my life at the brindlecot' }],
    ] as const) {
      const data = { ...envelope(verb, 'q1', 1), ...inputs };
      const { body } = await teams.pressButton(priya, { verb, data });
      assert.match(JSON.stringify(body), /999/, verb);
    }
    await quiet();
    assert.doesNotMatch(JSON.stringify(shownTo(priya)), /brindlecot/);
    await assertNowhere('brindlecot');
  });

  async function assertNowhere(trace: string): Promise<void> {
    const { everything, logged, teams, graph } = service();
    const places = {
      database: await everything(),
      log: logged.join('\n'),
      'what was sent': JSON.stringify(teams.arrivals),
      'what was asked of Graph': JSON.stringify(graph.requests),
    };
    for (const [place, text] of Object.entries(places))
      assert.equal(text.toLowerCase().includes(trace), false, `the words are in ${place}`);
  }
});
