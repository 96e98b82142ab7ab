import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { HARBOUR, importMarks, LANTERN } from '../support/marks-files.ts';
import { startService, type TestService, useService, wordsOf } from '../support/service.ts';
import { placeFor, startPlace, type UploadPlace } from '../support/upload-place.ts';

/** A file of the office formats as its parts, by name. */
async function partsOf(file: string): Promise<Record<string, string>> {
  const parts = unzipSync(await readFile(file));
  return Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

function textOf(xml: string): string {
  return xml
    .replace(/<\/w:(?:p|tc)>/g, '|')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"');
}

describe('the term report by command', () => {
  const service = useService({ documents: false });
  let folder = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-report-'));
  });
  after(async () => rm(folder, { recursive: true }));

  it('says the same figures as the card and the answer in chat, for the same school and week', async () => {
    const { teams, chat, command, quiet, shownTo } = service();
    await importMarks(service(), [HARBOUR, LANTERN]);
    const helen = chat('Helen Marsh');
    await teams.install(helen);
    await command('tick', '--at', '2026-11-23T07:45:00Z');
    await quiet();
    const made = await command('report', 'term', '--term', '2', '--out', folder, '--json');
    assert.equal(made.exit, 0, made.out + made.err);
    const { files } = JSON.parse(made.out) as { files: { name: string }[] };
    assert.deepEqual(
      files.map(({ name }) => name),
      ['tideway-term-2-2026-27.docx', 'tideway-term-2-2026-27.xlsx'],
    );
    const document = (await partsOf(join(folder, 'tideway-term-2-2026-27.docx')))['word/document.xml'] ?? '';
    const card = JSON.stringify(shownTo(helen).at(-1));
    for (const school of ['Harbour Primary', 'Lantern Primary']) {
      await teams.sendMessage(helen, `How is attendance at ${school}?`);
      const answer = wordsOf(shownTo(helen).at(-1));
      const said = /Whole school: (\d+)(?: or more| or fewer)? in every 100/.exec(answer)?.[1];
      const days = /missed (\d+) days? between them; others (?:missed )?(\d+)/.exec(answer);
      const row = new RegExp(`${school}\\|+(\\d+)(?: or more| or fewer)? in every 100\\|+([^|]+)\\|`).exec(
        textOf(document),
      );
      assert.ok(row && said, `${school}: ${answer}\n${textOf(document)}`);
      assert.equal(row[1], said, school);
      assert.match(
        card,
        new RegExp(`${school}: ${said}(?: or more| or fewer)? in every 100 sessions attended`),
      );
      if (days) {
        assert.equal(row[2], `${days[1]} and ${days[2]}`);
        assert.match(card, new RegExp(`${school}: [^\\n]*every 10 pupils ${days[1]}, others ${days[2]}`));
      } else assert.match(row[2] ?? '', /kept back|not known/);
    }
  });

  it('has headings, header rows and a language, and names nobody', async () => {
    const parts = await partsOf(join(folder, 'tideway-term-2-2026-27.docx'));
    const document = parts['word/document.xml'] ?? '';
    assert.equal((document.match(/w:val="Title"/g) ?? []).length, 1);
    assert.ok((document.match(/w:val="Heading1"/g) ?? []).length >= 4);
    const tables = (document.match(/<w:tbl>/g) ?? []).length;
    assert.equal((document.match(/<w:tblHeader\/>/g) ?? []).length, tables, 'each table has a header row');
    const styles = parts['word/styles.xml'] ?? '';
    assert.match(styles, /<w:lang w:val="en-GB"/);
    assert.match(styles, /w:styleId="Heading1">(?:(?!<\/w:style>).)*<w:outlineLvl w:val="0"\/>/);
    assert.match(parts['docProps/core.xml'] ?? '', /<dc:title>Tideway: Term 2, 2026\/27/);
    assert.doesNotMatch(textOf(document), /Jo Bennett|Rosa Delgado|Helen Marsh/);
    assert.match(textOf(document), /Three questions governors may ask\|1\. /);
  });

  it('holds no formula in its spreadsheet, and a header row on each sheet that stays in view', async () => {
    const parts = await partsOf(join(folder, 'tideway-term-2-2026-27.xlsx'));
    const sheets = Object.entries(parts).filter(([name]) => /worksheets\/sheet\d+\.xml$/.test(name));
    assert.equal(sheets.length, 6);
    for (const [name, xml] of sheets) {
      assert.doesNotMatch(xml, /<f[ >]/, name);
      assert.match(xml, /state="frozen"/, name);
    }
  });

  it('is one school’s with --school, and says so plainly when the words are wrong', async () => {
    const { command } = service();
    const made = await command('report', 'term', '--term', '2', '--out', folder, '--school', '900001');
    assert.match(made.out, /harbour-primary-term-2-2026-27\.docx/);
    const document =
      (await partsOf(join(folder, 'harbour-primary-term-2-2026-27.docx')))['word/document.xml'] ?? '';
    assert.doesNotMatch(textOf(document), /Lantern|Quayside|All schools together/);
    assert.equal((await command('report', 'term', '--term', '9', '--out', folder)).exit, 2);
    assert.equal(
      (await command('report', 'term', '--term', '6', '--year', '2026/27', '--out', folder)).exit,
      1,
    );
    assert.equal((await command('report', 'term', '--term', '2', '--out', folder, '--school', '1')).exit, 1);
  });
});

describe('the term report by button', () => {
  let place: UploadPlace;
  let service: TestService;
  before(async function () {
    this.timeout(60_000);
    place = await startPlace();
    service = await startService({ documents: false, environment: { FILE_HOSTS: place.url } });
    await importMarks(service, [HARBOUR, LANTERN]);
  });
  after(async () => {
    await service.close();
    place.close();
  });

  const info = (uploadUrl: string) => placeFor(uploadUrl, 'report.docx');

  it('is looked at first, offered as two files, and saved where Teams says once its head has said yes', async () => {
    const { teams, chat, shownTo, quiet } = service;
    const jo = chat('Jo Bennett');
    await teams.install(jo);
    await quiet();
    await teams.sendMessage(jo, 'term report');
    assert.match(
      wordsOf(shownTo(jo).at(-1)),
      /^Harbour Primary: term 2, 2026\/27, for governors.*Nothing has been sent yet/s,
    );
    await teams.sendMessage(jo, 'Make the term report for term 2 of 2026/27');
    const offered = JSON.stringify(shownTo(jo).at(-1));
    assert.match(offered, /card\.file\.consent.*harbour-primary-term-2-2026-27\.docx/);
    assert.match(offered, /harbour-primary-term-2-2026-27\.xlsx/);
    const context = { kind: 'term-report', term: '2', year: '2026/27', ending: 'docx' };
    await teams.answerOffer(jo, { type: 'fileUpload', action: 'decline', context });
    await quiet();
    assert.equal(place.put.length, 0);
    await teams.answerOffer(jo, {
      type: 'fileUpload',
      action: 'accept',
      context,
      uploadInfo: info(`${place.url}/up`),
    });
    await quiet();
    const [saved] = place.put;
    assert.ok(saved);
    assert.equal(place.put.length, 1);
    assert.equal(saved.headers['content-range'], `bytes 0-${saved.body.length - 1}/${saved.body.length}`);
    assert.ok(!saved.headers.authorization, 'no token leaves');
    assert.match(
      strFromU8(unzipSync(saved.body)['word/document.xml'] ?? new Uint8Array()),
      /Harbour Primary/,
    );
    assert.match(JSON.stringify(shownTo(jo).at(-1)), /card\.file\.info/);
    const audit = await service.store.db.selectFrom('audit').select(['action', 'subject']).execute();
    assert.ok(
      audit.some(({ action, subject }) => action === 'digests.report-release' && subject.endsWith('.docx')),
    );
  });

  it('says that an offer is over where Teams takes the file no more, and what is broken where it is', async () => {
    const { teams, chat, shownTo, quiet } = service;
    const jo = chat('Jo Bennett');
    const context = { kind: 'term-report', term: '2', year: '2026/27', ending: 'xlsx' };
    const answer = async (status: number) => {
      const uploadInfo = info(`${place.url}/${status}`);
      await teams.answerOffer(jo, { type: 'fileUpload', action: 'accept', context, uploadInfo });
      await quiet();
      return wordsOf(shownTo(jo).at(-1));
    };
    for (const status of [404, 410, 409])
      assert.match(await answer(status), /^Nothing was saved: that offer is over\. Ask for the file again/);
    assert.match(await answer(503), /something went wrong on my side/);
  });

  it('is made of the term that is named, and offers the one before', async () => {
    const { teams, chat, shownTo } = service;
    const jo = chat('Jo Bennett');
    const titled = async (words: string) => {
      await teams.sendMessage(jo, words);
      return wordsOf(shownTo(jo).at(-1)).split('\n')[0];
    };
    for (const words of [
      'term report for term 1',
      'Report for governors for term 1 of 2026/27',
      'Term 1 report',
      'report for last term',
    ])
      assert.equal(await titled(words), 'Harbour Primary: term 1, 2026/27, for governors', words);
    for (const words of ['the governors’ report', 'report for this term', 'my term report'])
      assert.equal(await titled(words), 'Harbour Primary: term 2, 2026/27, for governors', words);
    const instead = /"title":"Term 1 instead".*?"value":"([^"]+)"/.exec(
      JSON.stringify(shownTo(jo).at(-1)),
    )?.[1];
    assert.equal(await titled(instead ?? ''), 'Harbour Primary: term 1, 2026/27, for governors');
    await teams.sendMessage(jo, 'term report for term 1 of 2019/20');
    assert.match(wordsOf(shownTo(jo).at(-1)), /The calendar has no term 1 of 2019\/20 that has begun/);
  });

  it('writes nowhere else, whatever an answer names, and makes nobody the report of another', async () => {
    const { teams, chat, shownTo, quiet } = service;
    const context = { kind: 'term-report', term: '2', year: '2026/27', ending: 'docx' };
    const [jo, aisha] = [chat('Jo Bennett'), chat('Aisha Rahman')];
    const before = place.put.length;
    for (const url of [
      'http://127.0.0.1:1/up',
      'http://169.254.169.254/up',
      'https://evil.example/up',
      'file:///etc/passwd',
    ])
      await teams.answerOffer(jo, { type: 'fileUpload', action: 'accept', context, uploadInfo: info(url) });
    await quiet();
    assert.match(wordsOf(shownTo(jo).at(-1)), /something went wrong on my side/);
    await teams.answerOffer(aisha, {
      type: 'fileUpload',
      action: 'accept',
      context,
      uploadInfo: info(`${place.url}/up`),
    });
    await quiet();
    assert.equal(place.put.length, before);
    assert.match(wordsOf(shownTo(aisha).at(-1)), /Term reports are made by heads/);
    await teams.sendMessage(aisha, 'term report');
    assert.match(wordsOf(shownTo(aisha).at(-1)), /Term reports are made by heads/);
  });
});
