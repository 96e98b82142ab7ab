import { strict as assert } from 'node:assert';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { envelope } from '../../src/cards/envelope.ts';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { personNamed } from '../../src/sandbox/tenant.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const PRIYA = '00000000-0000-4000-8000-000000000104';
const READERS = '00000000-0000-4000-8001-000000000003';
const HANDBOOK = `# Handbook

## Bicycle racks

Bicycles stand in the covered racks behind the hall. Racks are locked at night by the caretaker.

## Kettles

Kettles are descaled monthly by the caretaker.
`;
const TOWER =
  '# Tower plan\n\n## Closing the tower\n\nThe tower is closed for repair in spring. The board decides on it.\n';

describe('what a question that is passed on carries, and how far its note reaches', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-asks-'));
  const service = useService({
    environment: { CONTENT_DIR: folder },
    trust: (trust) => {
      delete trust.library;
      trust.documents = [
        { file: 'handbook.md', owner: PRIYA, kind: 'policy', to: '2028-08-31' },
        { file: 'tower.md', owner: PRIYA, kind: 'policy', group: READERS, to: '2028-08-31' },
      ];
      trust.policies = { ...(trust.policies as object), question_days: 400 };
    },
  });
  const chat = (name: string) => service().chat(name);
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');
  async function ask(name: string, text: string) {
    await service().teams.sendMessage(chat(name), text);
    return newest(chat(name));
  }
  async function press(name: string, card: unknown, verb: string, inputs: object = {}) {
    const { data } = buttonOf(card, verb);
    const { body } = await service().teams.pressButton(chat(name), { verb, data: { ...data, ...inputs } });
    await service().quiet();
    const { value } = body as { value: unknown };
    return { shown: value, words: JSON.stringify(value) };
  }
  const read = () => service().instance.app.answers.ingest(folder, service().instance.clock.now());

  before(async () => {
    await writeFile(join(folder, 'handbook.md'), HANDBOOK);
    await writeFile(join(folder, 'tower.md'), TOWER);
    for (const name of [
      'Aisha Rahman',
      'Tom Ellery',
      'Priya Nair',
      'Karen Lister',
      'Martin Lowe',
      'Helen Marsh',
    ])
      await service().teams.install(chat(name));
    await read();
    await service().quiet();
  });
  after(() => rm(folder, { recursive: true }));

  it('carries what a follow-up leans on, and says so before the press', async () => {
    assert.match(wordsOf(await ask('Aisha Rahman', 'Where do bicycles stand?')), /covered racks/);
    const refused = await ask('Aisha Rahman', 'And how much do they cost for visitors from Quimperlune?');
    assert.match(wordsOf(refused), /won't guess/);
    assert.match(wordsOf(refused), /as you typed it, after "Where do bicycles stand\?"/);
    await press('Aisha Rahman', refused, 'answers.ask');
    const card = ['Priya Nair', 'Karen Lister'].map((name) => wordsOf(newest(chat(name)))).join('\n');
    assert.match(card, /They had asked: "Where do bicycles stand\?"/);
    assert.match(card, /Quimperlune/);
  });

  it('is not said to lean on anything when it stands on its own', async () => {
    const refused = await ask('Aisha Rahman', 'Does the trust lend zeppelin licences to governors?');
    assert.doesNotMatch(wordsOf(refused), /, after "/);
  });

  it('makes a note beside a restricted document only for those who may open that document', async () => {
    const question = 'When does the board decide on closing the tower for falconry?';
    const refused = await ask('Martin Lowe', question);
    assert.match(wordsOf(refused), /won't guess/);
    await press('Martin Lowe', refused, 'answers.ask');
    const answered = await press('Priya Nair', newest(chat('Priya Nair')), 'answers.answer', {
      answer: 'The board decides on falconry in the tower on 9 March.',
    });
    const look = await press('Priya Nair', answered.shown, 'answers.publish');
    assert.match(look.words, /Only those who may open the restricted document/);
    assert.match(look.words, /It stands until 23 November 2027/);
    const done = await press('Priya Nair', look.shown, 'answers.confirm-publish', {
      question,
      answer: 'The board decides on falconry in the tower on 9 March.',
    });
    assert.match(done.words, /Published/);
    assert.match(wordsOf(await ask('Martin Lowe', question)), /9 March/);
    for (const name of ['Aisha Rahman', 'Tom Ellery'])
      assert.doesNotMatch(JSON.stringify(await ask(name, question)), /9 March|Tower plan/);
    const there = service().channel('Martin Lowe', 'Harbour Primary');
    await service().teams.sendMessage(there, question);
    assert.doesNotMatch(JSON.stringify(newest(there)), /9 March|Tower plan/);
  });

  it('is not opened from a card once the document is gone, or by somebody who may not open it', async () => {
    const reply = await ask('Martin Lowe', 'Is the tower closed for repair in spring?');
    const { data } = buttonOf(reply, 'answers.read');
    const other = await service().teams.pressButton(chat('Aisha Rahman'), { verb: 'answers.read', data });
    assert.match(JSON.stringify(other.body), /no longer in the documents you can open/);
    await writeFile(join(folder, 'tower.md'), TOWER.replace('repair in spring', 'painting in May'));
    await read();
    const stale = await press('Martin Lowe', reply, 'answers.read');
    assert.doesNotMatch(stale.words, /repair in spring/);
    assert.match(stale.words, /Please ask again/);
  });

  it('loses its note when its writer has left and the contact takes it back, and nobody else can', async () => {
    const question = 'Who feeds the axolotl in the holidays?';
    const refused = await ask('Tom Ellery', question);
    await press('Tom Ellery', refused, 'answers.ask');
    const asked = newest(chat('Priya Nair'));
    const holder = /axolotl/.test(wordsOf(asked)) ? 'Priya Nair' : 'Karen Lister';
    const answered = await press(holder, newest(chat(holder)), 'answers.answer', {
      answer: 'Ann from the office does.',
    });
    const look = await press(holder, answered.shown, 'answers.publish');
    await press(holder, look.shown, 'answers.confirm-publish', {
      question,
      answer: 'Ann from the office does.',
    });
    assert.match(wordsOf(await ask('Aisha Rahman', question)), /Ann from the office/);
    const id = String(buttonOf(answered.shown, 'answers.publish').data.id);
    const withdraw = { verb: 'answers.withdraw-note', data: envelope('answers.withdraw-note', id) };
    for (const name of ['Tom Ellery', 'Aisha Rahman', ...(holder === 'Priya Nair' ? ['Karen Lister'] : [])])
      assert.match(
        JSON.stringify((await service().teams.pressButton(chat(name), withdraw)).body),
        /nothing was changed/,
      );
    if (holder !== 'Priya Nair') return;
    const { tenant } = service().graph;
    const priya = personNamed(tenant, 'Priya Nair');
    (priya as { enabled: boolean }).enabled = false;
    await service().instance.app.directory.sync(service().instance.clock.now());
    await service().command('tick', '--at', '2026-11-24T08:10:00Z');
    await service().quiet();
    const told = service()
      .shownTo(chat('Karen Lister'))
      .find((one) => /has left/.test(wordsOf(one)));
    assert.match(wordsOf(told), /writer of the note "Who feeds the axolotl/);
    assert.match((await press('Karen Lister', told, 'answers.withdraw-note')).words, /The note is withdrawn/);
    (priya as { enabled: boolean }).enabled = true;
    await service().instance.app.directory.sync(service().instance.clock.now());
    assert.doesNotMatch(wordsOf(await ask('Aisha Rahman', question)), /Ann from the office/);
  });

  it('has its note for a year; then its writer is told, and colleagues are refused again', async () => {
    const question = 'Who waters the zinnias on Sundays?';
    const refused = await ask('Tom Ellery', question);
    await press('Tom Ellery', refused, 'answers.ask');
    const holder = /zinnias/.test(wordsOf(newest(chat('Priya Nair')))) ? 'Priya Nair' : 'Karen Lister';
    const answered = await press(holder, newest(chat(holder)), 'answers.answer', {
      answer: 'Bob waters them.',
    });
    const look = await press(holder, answered.shown, 'answers.publish');
    await press(holder, look.shown, 'answers.confirm-publish', { question, answer: 'Bob waters them.' });
    assert.match(wordsOf(await ask('Aisha Rahman', question)), /Bob waters them/);
    await service().instance.clock.moveTo(new Date('2027-11-26T08:00:00Z'));
    assert.doesNotMatch(wordsOf(await ask('Aisha Rahman', question)), /Bob waters them/);
  });
});
