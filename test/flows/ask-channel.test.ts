import { strict as assert } from 'node:assert';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { personNamed, teamNamed } from '../../src/sandbox/tenant.ts';
import { buttonOf, buttonsOf, useService, wordsOf } from '../support/service.ts';

const PRIYA = '00000000-0000-4000-8000-000000000104';
const READERS = '00000000-0000-4000-8001-000000000003';
const PLACE = {
  team: '00000000-0000-4000-8002-000000000100',
  channel: '19:leaders-general@thread.tacv2',
  name: 'Ask Tideway',
};
const HANDBOOK = `# Handbook

## Bicycle racks

Bicycles stand in the covered racks behind the hall. Racks are locked at night by the caretaker.
`;
const TOWER =
  '# Tower plan\n\n## Closing the tower\n\nThe tower is closed for repair in spring. The board decides on it.\n';

describe('a channel for questions that the documents leave open', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-channel-'));
  const service = useService({
    environment: { CONTENT_DIR: folder },
    trust: (trust) => {
      delete trust.library;
      Object.assign(trust.trust, { questions_channel: PLACE });
      trust.documents = [
        { file: 'handbook.md', owner: PRIYA, kind: 'policy', to: '2028-08-31' },
        { file: 'tower.md', owner: PRIYA, kind: 'policy', group: READERS, to: '2028-08-31' },
      ];
    },
  });
  const chat = (name: string) => service().chat(name);
  const there = (name: string) => service().channel(name, 'Tideway leaders');
  const shownThere = () => service().shownTo(there('Helen Marsh'));
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');

  before(async () => {
    await writeFile(join(folder, 'handbook.md'), HANDBOOK);
    await writeFile(join(folder, 'tower.md'), TOWER);
    for (const name of [
      'Aisha Rahman',
      'Helen Marsh',
      'Priya Nair',
      'Karen Lister',
      'Jo Bennett',
      'Martin Lowe',
    ])
      await service().teams.install(chat(name));
    await service().instance.app.answers.ingest(folder, service().instance.clock.now());
    await service().quiet();
  });
  after(() => rm(folder, { recursive: true }));

  async function ask(name: string, text: string) {
    await service().teams.sendMessage(chat(name), text);
    return newest(chat(name));
  }
  async function press(speaker: Speaker, card: unknown, verb: string, inputs: object = {}) {
    const { data } = buttonOf(card, verb);
    const { body } = await service().teams.pressButton(speaker, { verb, data: { ...data, ...inputs } });
    await service().quiet();
    const { value } = body as { value: unknown };
    return { shown: value, words: JSON.stringify(value) };
  }
  const titles = (card: unknown) => buttonsOf(card).map((button) => button.title);

  it('is offered only once the app is there: before, the owner is', async () => {
    assert.match(
      wordsOf(await ask('Aisha Rahman', 'Which bicycle racks are heated by geysers?')),
      /Would you like to ask (?:Priya Nair|Karen Lister)\?/,
    );
    await service().teams.install(there('Helen Marsh'));
    await service().quiet();
  });

  it('is named before the press, with everyone in it as readers, and one person to ask alone instead', async () => {
    const offer = await ask('Aisha Rahman', 'Which bicycle racks are painted by volunteers?');
    assert.match(wordsOf(offer), /ask in the channel "Ask Tideway"\? You choose whether your name is shown/);
    assert.match(
      wordsOf(offer),
      /Everyone in the channel reads your question as you typed it, and the answer/,
    );
    assert.match(wordsOf(offer), /Nothing has been sent yet/);
    const [first, second, third = '', ...more] = titles(offer);
    assert.deepEqual([first, second, more], ['Ask the channel', 'Ask without my name', []]);
    const name = must(/^Ask (Priya|Karen) alone$/.exec(third)?.[1], third);
    const reader = chat(name === 'Priya' ? 'Priya Nair' : 'Karen Lister');
    assert.deepEqual(shownThere(), []);
    const alone = await press(chat('Aisha Rahman'), offer, 'answers.ask-alone');
    assert.match(alone.words, new RegExp(`You choose whether ${name} sees your name`));
    const before = service().shownTo(reader).length;
    await press(chat('Aisha Rahman'), alone.shown, 'answers.ask');
    assert.equal(service().shownTo(reader).length, before + 1);
    assert.deepEqual(shownThere(), []);
  });

  it('gets the question once, without the name, and with nothing of the documents', async () => {
    const offer = await ask('Aisha Rahman', 'Which bicycle racks have umbrellas?');
    const sent = await press(chat('Aisha Rahman'), offer, 'answers.ask-anonymous');
    assert.match(sent.words, /The channel ..Ask Tideway.. has your question now.*without your name/s);
    const again = await press(chat('Aisha Rahman'), offer, 'answers.ask');
    assert.match(again.words, /had your question already.*without your name/s);
    const [card, ...others] = shownThere();
    assert.deepEqual(others, []);
    assert.match(wordsOf(card), /Which bicycle racks have umbrellas/);
    assert.match(wordsOf(card), /They left their name out/);
    assert.match(wordsOf(card), /everyone here sees it, with your name/);
    assert.doesNotMatch(JSON.stringify(card), /Aisha|covered racks|Handbook/);
  });

  it('lets members answer in that channel, and nobody by the card passed on elsewhere', async () => {
    const card = shownThere()[0];
    const typed = { answer: 'Forged.' };
    for (const speaker of [
      chat('Helen Marsh'),
      chat('Tom Ellery'),
      there('Tom Ellery'),
      service().channel('Jo Bennett', 'Harbour Primary'),
    ]) {
      const { words } = await press(speaker, card, 'answers.answer', typed);
      assert.match(words, /with someone else|could not see that everyone/, JSON.stringify(speaker));
    }
    assert.match(
      (await press(there('Aisha Rahman'), card, 'answers.answer', typed)).words,
      /You asked this, so a colleague answers it/,
    );
    assert.doesNotMatch(JSON.stringify(service().teams.arrivals), /Forged/);
  });

  it('meets words about somebody’s safety with the card, which only the one who typed them sees', async () => {
    const before = shownThere().map(wordsOf);
    const { words } = await press(there('Jo Bennett'), shownThere()[0], 'answers.answer', {
      answer: 'A child in my class told me her uncle hits her',
    });
    assert.match(words, /safeguarding/i);
    assert.deepEqual(shownThere().map(wordsOf), before);
    assert.doesNotMatch(await service().everything(), /uncle/);
  });

  it('has one answer when two give one at once; the other is shown it, and the asker is told', async () => {
    const card = shownThere()[0];
    const [helen, jo] = await Promise.all([
      press(there('Helen Marsh'), card, 'answers.answer', { answer: 'Only the racks by the gate.' }),
      press(there('Jo Bennett'), card, 'answers.answer', { answer: 'All racks but two.' }),
    ]);
    const won = [helen, jo].filter(({ words }) => /Thank you/.test(words));
    assert.equal(won.length, 1);
    const [winner, loser] =
      helen === won[0] ? (['Helen Marsh', jo] as const) : (['Jo Bennett', helen] as const);
    assert.match(loser.words, /has answered this.*You had written/s);
    const answer = winner === 'Helen Marsh' ? /by the gate/ : /All racks but two/;
    assert.match(wordsOf(newest(chat('Aisha Rahman'))), answer);
    assert.match(wordsOf(shownThere()[0]), answer);
    assert.match(wordsOf(shownThere()[0]), new RegExp(`${winner} has answered this`));
    assert.deepEqual(titles(shownThere()[0]), []);
    const own = newest(chat(winner));
    const look = await press(chat(winner), own, 'answers.publish');
    await press(chat(winner), look.shown, 'answers.confirm-publish', {
      question: 'Which bicycle racks have umbrellas?',
      answer: 'Only the racks by the gate have umbrellas.',
    });
    assert.match(wordsOf(await ask('Karen Lister', 'Which bicycle racks have umbrellas?')), /\[1\]/);
  });

  it('is not offered for what is nearest to a document that some may not open', async () => {
    const offer = await ask('Martin Lowe', 'When does the board decide on closing the tower for falconry?');
    assert.match(wordsOf(offer), /won't guess/);
    assert.match(wordsOf(offer), /Would you like to ask Priya Nair/);
    assert.doesNotMatch(wordsOf(offer), /channel/);
  });

  it('gets nothing once a guest is in it: the asker is asked again, and the card there is answered by nobody', async () => {
    const open = await ask('Aisha Rahman', 'Which bicycle racks are for tandems?');
    await press(chat('Aisha Rahman'), open, 'answers.ask');
    const card = must(shownThere().at(-1), 'a card');
    assert.match(wordsOf(card), /Asked by Aisha Rahman/);
    const late = await ask('Aisha Rahman', 'Which bicycle racks are for unicycles?');
    const { tenant } = service().graph;
    const guest = personNamed(tenant, 'Elaine Porter').id;
    service().graph.update((world) => {
      (teamNamed(world, 'Tideway leaders').members as string[]).push(guest);
    });
    const before = shownThere().length;
    const anew = await press(chat('Aisha Rahman'), late, 'answers.ask');
    assert.match(anew.words, /Would you like to ask (?:Priya Nair|Karen Lister)\?/);
    assert.equal(shownThere().length, before);
    const refused = await press(there('Jo Bennett'), card, 'answers.answer', { answer: 'By the hall.' });
    assert.match(refused.words, /could not see that everyone in this channel is on Tideway's staff/);
    assert.match(
      wordsOf(await ask('Aisha Rahman', 'Which bicycle racks are for scooters?')),
      /Would you like to ask (?:Priya Nair|Karen Lister)\?/,
    );
    assert.doesNotMatch(JSON.stringify(shownThere()), /By the hall/);
  });

  it('loses the words when its asker deletes the question', async () => {
    const { teams } = service();
    service().graph.update((world) => {
      (teamNamed(world, 'Tideway leaders').members as string[]).pop();
    });
    const { activityId } = await teams.sendMessage(
      chat('Aisha Rahman'),
      'Who rents out the unicycles and pedalos?',
    );
    await press(chat('Aisha Rahman'), newest(chat('Aisha Rahman')), 'answers.ask');
    assert.match(wordsOf(shownThere().at(-1)), /pedalos/);
    await teams.deleteMessage(chat('Aisha Rahman'), activityId);
    await service().quiet();
    assert.doesNotMatch(JSON.stringify(shownThere()), /pedalos/);
    assert.doesNotMatch(await service().everything(), /pedalos/);
  });
});
