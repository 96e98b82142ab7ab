import { strict as assert } from 'node:assert';
import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cardProblems } from '../../src/cards/size.ts';
import { must } from '../../src/kernel/guards.ts';
import { useService, wordsOf } from '../support/service.ts';

const PRIYA = '00000000-0000-4000-8000-000000000104';
const SAM = '00000000-0000-4000-8000-000000000107';
const KAREN = '00000000-0000-4000-8000-000000000113';
const READERS = '00000000-0000-4000-8001-000000000003';
const SOUND = '# Bicycles\n\n## Racks\n\nBicycles stand in the covered racks behind the hall at all times.\n';
const SICK = '# Bicycles\n\n## Racks\n\nBicycles stand in the racks; ask the BQX.\n\n## Locks\n';

describe('what is wrong with a document', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-health-'));
  const put = (file: string, text: string) => writeFile(join(folder, file), text);
  const service = useService({
    environment: { CONTENT_DIR: folder },
    trust: (trust) => {
      delete trust.library;
      const entry = (file: string, owner: string, more = {}) => ({ file, owner, kind: 'policy', ...more });
      trust.documents = [
        entry('bicycles.md', PRIYA),
        entry('bells.md', SAM),
        entry('secret.md', '00000000-0000-4000-8000-000000000101', { group: READERS }),
        entry('left.md', 'somebody-who-left'),
        entry('broken.docx', SAM, { title: 'Broken plan' }),
      ];
    },
  });
  const shown = (name: string) => service().shownTo(service().chat(name));
  const cards = (name: string) => shown(name).filter((one) => /mend|newer list/.test(wordsOf(one)));

  before(async () => {
    await put('bicycles.md', SICK);
    await put(
      'bells.md',
      '# Bells\n\n## Morning\n\nThe caretaker rings the big morning bell of the east tower at 8:40 am.\n',
    );
    await put(
      'secret.md',
      '# Tower\n\n## Plan\n\nThe caretaker rings the big morning bell of the east tower at 9:55 am.\n',
    );
    await put('left.md', '# Kettles\n\n## Descaling\n\nAsk the KZQ about kettles.\n');
    await put('broken.docx', 'no word file');
    for (const name of ['Priya Nair', 'Sam Whitfield', 'Karen Lister', 'Helen Marsh'])
      await service().teams.install(service().chat(name));
    await read();
  });
  after(() => rm(folder, { recursive: true }));

  const read = async () => {
    await service().instance.app.answers.ingest(folder, service().instance.clock.now());
  };
  const look = async (at: string) => {
    const told = await service().command('tick', '--at', at);
    assert.equal(told.exit, 0, told.err);
    await service().quiet();
  };

  it('reaches its owner as one card, through the ledger, and whoever stands in for an owner who left', async () => {
    await look('2026-11-23T08:10:00Z');
    const priya = must(cards('Priya Nair')[0], 'a card');
    assert.match(wordsOf(priya), /Two things to mend/);
    assert.match(wordsOf(priya), /BQX and never says/);
    assert.match(wordsOf(priya), /nothing stands under the heading "Locks"/);
    assert.match(wordsOf(cards('Sam Whitfield')[0]), /broken\.docx|broken \(dot\) docx/);
    assert.match(wordsOf(cards('Karen Lister')[0]), /KZQ/);
    const report = JSON.parse((await service().command('deliveries', 'report', '--json')).out) as {
      items: { recipient: string; state: string }[];
    };
    for (const owner of [PRIYA, SAM, KAREN])
      assert.ok(
        report.items.some(({ recipient, state }) => recipient.includes(owner) && state === 'delivered'),
        owner,
      );
  });

  it('is not shown to an owner out of a document that they may not open', () => {
    for (const name of ['Sam Whitfield', 'Karen Lister', 'Priya Nair'])
      assert.doesNotMatch(JSON.stringify(shown(name)), /9:55|Tower/);
    // Whose document it is, and who may open both, is told.
    assert.match(wordsOf(cards('Helen Marsh')[0]), /8:40 am.+9:55 am/s);
  });

  it('is not told again while it stays, at no sync and on no other day', async () => {
    const before = service().teams.arrivals.length;
    await read();
    await look('2026-11-24T08:10:00Z');
    assert.equal(cards('Priya Nair').length, 1);
    assert.equal(
      service()
        .teams.arrivals.slice(before)
        .filter(({ activity }) => /mend/.test(wordsOf(activity))).length,
      0,
    );
  });

  it('leaves the card when part of it is mended, and only what is new makes a new one', async () => {
    await put('bicycles.md', SICK.replace('ask the BQX', 'ask the office'));
    await read();
    await look('2026-11-25T08:10:00Z');
    assert.equal(cards('Priya Nair').length, 1);
    assert.doesNotMatch(wordsOf(cards('Priya Nair')[0]), /BQX/);
    assert.match(wordsOf(cards('Priya Nair')[0]), /One thing to mend/);
    await put('bicycles.md', SICK.replace('BQX', 'WVP'));
    await read();
    await look('2026-11-26T08:10:00Z');
    assert.match(cards('Priya Nair').map(wordsOf).join('\n---\n'), /newer list below[\s\S]+---[\s\S]+WVP/);
    await put('bicycles.md', SOUND);
    await read();
    await look('2026-11-27T08:10:00Z');
    assert.match(wordsOf(shown('Priya Nair').at(-1)), /All of this is mended/);
    await look('2026-11-30T08:10:00Z');
    assert.equal(cards('Priya Nair').length, 2);
  });

  it('keeps the limits of cards', () => {
    for (const name of ['Priya Nair', 'Sam Whitfield', 'Karen Lister', 'Helen Marsh'])
      for (const one of cards(name)) {
        const [attachment] = one.attachments as { content: never }[];
        const content = must(attachment, 'a card').content;
        assert.deepEqual(cardProblems({ content, summary: String(one.summary), text: wordsOf(one) }), []);
      }
  });
});
