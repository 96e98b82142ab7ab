import { strict as assert } from 'node:assert';
import { strFromU8, unzipSync } from 'fflate';
import { must } from '../../src/kernel/guards.ts';
import { HARBOUR, importMarks, LANTERN } from '../support/marks-files.ts';
import { buttonOf, buttonsOf, textsIn, until, useService, wordsOf } from '../support/service.ts';

const STORE = 'digests.store-report';
const DOCX = 'Term reports/harbour-primary-term-2-2026-27.docx';

type Answer = { readonly value?: unknown };

describe('the term report in the trust’s library', () => {
  const service = useService({ documents: false });

  before(async () => {
    await importMarks(service(), [HARBOUR, LANTERN]);
    for (const name of ['Jo Bennett', 'Helen Marsh', 'Samina Hussain'])
      await service().teams.install(service().chat(name));
  });
  afterEach(() => service().graph.recover());

  /** Presses a button of a card as somebody, and gives the card or words that come back. */
  async function press(name: string, data: Record<string, unknown>): Promise<unknown> {
    const { teams, chat } = service();
    const { body } = await teams.pressButton(chat(name), { verb: String(data.verb), data });
    return (body as Answer).value;
  }

  async function previewFor(name: string): Promise<unknown> {
    const { teams, chat, shownTo } = service();
    await teams.sendMessage(chat(name), 'digest');
    return press(name, buttonOf(shownTo(chat(name)).at(-1), 'digests.report').data);
  }

  async function audited() {
    const rows = await service()
      .store.db.selectFrom('audit')
      .select(['actor', 'action', 'subject'])
      .where('action', 'like', 'digests.report%')
      .orderBy('seq')
      .execute();
    return rows.map(({ actor, action, subject }) => `${actor} ${action} ${subject}`);
  }

  it('goes from the digest to a preview, and from there into the folder, with links for the head', async () => {
    const preview = await previewFor('Jo Bennett');
    assert.match(textsIn(preview).join('\n'), /Nothing has been sent yet\. Read both files first/);
    assert.deepEqual(service().graph.filed(), []);
    const stored = await press('Jo Bennett', buttonOf(preview, STORE).data);
    assert.match(textsIn(stored).join('\n'), /Harbour Primary: the report for term 2 is stored/);
    assert.match(
      JSON.stringify(stored),
      /"title":"Open the report","url":"https:\/\/tideway\.example\/sites\/governors\/documents\/Term%20reports\/harbour-primary-term-2-2026-27\.docx"/,
    );
    const files = service().graph.filed();
    assert.deepEqual(
      files.map(({ path, versions }) => [path, versions]),
      [
        [DOCX, 1],
        [DOCX.replace('docx', 'xlsx'), 1],
      ],
    );
    const document = must(files[0], 'the document').bytes;
    assert.match(strFromU8(unzipSync(document)['word/document.xml'] ?? new Uint8Array()), /Harbour Primary/);
    const jo = service().chat('Jo Bennett').personId;
    assert.deepEqual(await audited(), [
      `${jo} digests.report-release harbour-primary-term-2-2026-27.docx`,
      `${jo} digests.report-release harbour-primary-term-2-2026-27.xlsx`,
      `${jo} digests.report-stored harbour-primary-term-2-2026-27.docx`,
      `${jo} digests.report-stored harbour-primary-term-2-2026-27.xlsx`,
    ]);
  });

  it('makes new versions when it is stored again, twice at once too, and never a second file', async () => {
    const { data } = buttonOf(await previewFor('Jo Bennett'), STORE);
    const replies = await Promise.all([
      press('Jo Bennett', data),
      press('Jo Bennett', { ...data, id: '2 2026/27' }),
    ]);
    for (const reply of replies)
      assert.match(textsIn(reply).join('\n'), /took the place of the ones stored before/);
    assert.equal(service().graph.filed().length, 2);
  });

  it('is the chief executive’s for the trust, and nobody else’s whatever card they press', async () => {
    const { data } = buttonOf(await previewFor('Helen Marsh'), STORE);
    await press('Helen Marsh', data);
    const names = service()
      .graph.filed()
      .map(({ path }) => path);
    assert.ok(names.includes('Term reports/tideway-term-2-2026-27.docx'), names.join(', '));
    const digest = service().shownTo(service().chat('Helen Marsh')).at(-1);
    assert.ok(buttonsOf(digest).some(({ verb }) => verb === 'digests.report'));
    const count = service().graph.requests.length;
    for (const name of ['Samina Hussain', 'Aisha Rahman'])
      assert.match(JSON.stringify(await press(name, data)), /Term reports are made by heads/);
    // Jo presses the chief executive's card: her own school's report, of the same term, and nothing more.
    await press('Jo Bennett', data);
    const put = service()
      .graph.requests.slice(count)
      .filter(({ method }) => method === 'PUT');
    assert.equal(put.length, 2);
    assert.ok(put.every(({ path }) => path.includes('harbour-primary-')));
  });

  it('does not know a term that a forged card names', async () => {
    const { data } = buttonOf(await previewFor('Jo Bennett'), STORE);
    for (const id of ['9 2026/27', '2 2026/27/../..', '../../x', '6 2026/27', 'mine'])
      assert.match(
        JSON.stringify(await press('Jo Bennett', { ...data, id })),
        /do not know that button|has no term/,
      );
  });

  const refusals: readonly (readonly [status: number, says: RegExp])[] = [
    [403, /I may not write in the folder for reports\. Please tell whoever looks after Waymark/],
    [404, /The folder for reports is not where the trust’s settings say/],
    [423, /Somebody has it open\. Press again/],
    [429, /did not answer in time\. Press again in a few minutes; nothing is stored twice/],
    [503, /did not answer in time/],
    [507, /did not answer in time/],
  ];
  for (const [status, says] of refusals)
    it(`says what to do when the library answers ${status}, and offers the files all the same`, async () => {
      const { graph } = service();
      const { data } = buttonOf(await previewFor('Jo Bennett'), STORE);
      graph.refuseFiles(status);
      const versions = graph.filed().map((file) => file.versions);
      const reply = await press('Jo Bennett', data);
      assert.match(textsIn(reply).join('\n'), /term 2 is not stored/);
      assert.match(textsIn(reply).join('\n'), says);
      assert.match(JSON.stringify(reply), /Make the two files/);
      assert.deepEqual(
        graph.filed().map((file) => file.versions),
        versions,
      );
      graph.recover();
      assert.match(textsIn(await press('Jo Bennett', buttonOf(reply, STORE).data)).join('\n'), /is stored/);
    });

  it('says which file is there and which is not when the library fails between the two', async () => {
    const { graph } = service();
    const { data } = buttonOf(await previewFor('Jo Bennett'), STORE);
    graph.refuseFiles(503, { after: 1 });
    const reply = await press('Jo Bennett', data);
    assert.match(
      textsIn(reply).join('\n'),
      /half stored\nNot there yet: harbour-primary-term-2-2026-27\.xlsx/,
    );
    assert.match(JSON.stringify(reply), /Open the report/);
  });

  it('leaves a file that somebody has changed by hand, and says so', async () => {
    const { graph, chat } = service();
    const { data } = buttonOf(await previewFor('Jo Bennett'), STORE);
    graph.editFiled(DOCX, chat('Rosa Delgado').personId);
    const before = graph.filed().find(({ path }) => path === DOCX);
    const reply = await press('Jo Bennett', data);
    assert.match(textsIn(reply).join('\n'), /Somebody has changed the one there by hand, so I left it/);
    assert.equal(
      graph.filed().find(({ path }) => path === DOCX),
      before,
    );
  });
});

describe('a trust that has named no folder for reports', () => {
  const service = useService({
    documents: false,
    trust: (trust) => {
      delete trust.reports;
    },
  });

  it('offers the files alone, and an old card’s button stores nothing', async () => {
    const { teams, chat, shownTo, graph, command } = service();
    const jo = chat('Jo Bennett');
    await teams.install(jo);
    await teams.sendMessage(jo, 'term report');
    // On a busy machine it comes after the turn.
    const asked = /Read both files before you pass them on/;
    await until(() => asked.test(wordsOf(shownTo(jo).at(-1))), 'the report');
    assert.deepEqual(buttonsOf(shownTo(jo).at(-1)), []);
    const data = { verb: STORE, id: '2 2026/27', version: 0, format: 1 };
    const { body } = await teams.pressButton(jo, { verb: STORE, data });
    assert.match(JSON.stringify(body), /has not said where reports are kept, so nothing was stored/);
    assert.deepEqual(graph.filed(), []);
    assert.doesNotMatch((await command('doctor')).out, /term reports/i);
  });
});

describe('a folder for reports that is not there', () => {
  const service = useService({
    documents: false,
    trust: (trust) => {
      trust.reports = { site: 'somewhere', drive: 'b!tideway-governors', folder: 'Term report' };
    },
  });

  it('is never made: the head is told, and so is whoever runs the doctor', async () => {
    const { teams, chat, graph, command } = service();
    const jo = chat('Jo Bennett');
    await teams.install(jo);
    const data = { verb: STORE, id: '2 2026/27', version: 0, format: 1 };
    const { body } = await teams.pressButton(jo, { verb: STORE, data });
    assert.match(JSON.stringify(body), /The folder for reports is not where the trust’s settings say/);
    assert.deepEqual(graph.filed(), []);
    assert.match((await command('doctor')).out, /Term reports cannot be stored/);
  });
});
