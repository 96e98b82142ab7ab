import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { must } from '../../src/kernel/guards.ts';
import { marksFile, pupilsMissing } from '../support/marks.ts';
import { startService, type TestService, wordsOf } from '../support/service.ts';

const HARBOUR = '900001';
const LANTERN = '900002';
const PUPILS = pupilsMissing('zebra', 20, 12, { pp: 'Y' });
const GOOD = marksFile(HARBOUR, '2026-11-16', PUPILS);

describe('a marks file attached in chat', () => {
  let service: TestService;
  let files: Server;
  let origin: string;
  const asked: string[] = [];

  before(async function () {
    this.timeout(40_000);
    files = createServer((request, response) => {
      asked.push(request.url ?? '');
      assert.equal(request.headers.authorization, undefined);
      switch (request.url) {
        case '/good':
          return void response.end(GOOD);
        case '/other-school':
          return void response.end(marksFile(LANTERN, '2026-11-16', PUPILS));
        case '/bad':
          return void response.end(GOOD.replace(',AM,I,', ',AM,=1+1,'));
        case '/elsewhere':
          response.writeHead(302, { location: '/good' });
          return void response.end();
        case '/no-csv':
          return void response.end(Buffer.alloc(2000));
        case '/broken-off':
          response.writeHead(200, { 'content-length': '60000' });
          response.write(GOOD.slice(0, 300));
          return void setTimeout(() => response.destroy(), 20);
        case '/huge':
          response.writeHead(200, { 'content-length': '60000000' });
          return void response.write(GOOD);
        default:
          response.writeHead(404);
          return void response.end();
      }
    });
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
    service = await startService({
      documents: false,
      environment: { FILE_HOSTS: `sharepoint.com,${origin}` },
    });
    for (const name of ['Carol Dunn', 'Jo Bennett', 'Aisha Rahman'])
      await service.teams.install(service.chat(name));
  });
  after(async () => {
    await service.close();
    files.closeAllConnections();
    await new Promise((resolve) => files.close(resolve));
  });
  beforeEach(() => {
    asked.length = 0;
  });

  /** What Teams sends when somebody attaches a file in their own chat. */
  async function attach(name: string, path: string, file = 'week.csv', text = ''): Promise<string> {
    const speaker = service.chat(name);
    const downloadUrl = path.includes('://') ? path : `${origin}${path}`;
    const contentType = 'application/vnd.microsoft.teams.file.download.info';
    const content = { downloadUrl, uniqueId: 'one', fileType: 'csv' };
    await service.teams.sendActivity(speaker, {
      type: 'message',
      text,
      attachments: [{ contentType, name: file, content }],
    });
    await service.quiet();
    return wordsOf(service.shownTo(speaker).at(-1));
  }

  it('gets its data contact, or the head, the receipt that an import would bring, and nothing of it is saved', async () => {
    for (const name of ['Carol Dunn', 'Jo Bennett']) {
      const said = await attach(name, '/good');
      assert.match(said, /^Harbour Primary: marks checked, week of 16 November/);
      assert.match(said, /The file can be read\. 20 pupils\. Every mark is in\./);
      assert.match(said, /This was a check only: nothing was saved\./);
      assert.match(said, /please delete it there now/);
    }
    const { db } = service.store;
    for (const table of ['school_weeks', 'attendance_imports', 'group_weeks', 'pupil_weeks'] as const)
      assert.deepEqual(await db.selectFrom(table).selectAll().execute(), [], table);
    const kept = await service.everything();
    assert.equal(kept.includes('zebra'), false);
    assert.equal(kept.includes(`${origin}/good`), false, 'its address is kept');
    assert.match(kept, /attendance\.check-file/);
    assert.equal(service.logged.join('').includes('zebra'), false);
  });

  it('is told what is wrong with it, by line', async () => {
    const said = await attach('Carol Dunn', '/bad');
    assert.match(said, /a marks file needs mending/);
    assert.match(said, /I have only looked at it, and nothing was saved/);
    assert.match(said, /line \d+, mark/);
  });

  it('is told by its name which form to save it in, when it is none', async () => {
    assert.match(await attach('Carol Dunn', '/no-csv'), /save it as “CSV UTF-8/);
  });

  it('that breaks off on its way is told as not fetched, and nothing of it is saved', async () => {
    assert.match(await attach('Carol Dunn', '/broken-off'), /could not fetch that file.*Nothing was saved/);
  });

  it('is not opened for anybody else, nor when it is no CSV', async () => {
    assert.match(
      await attach('Aisha Rahman', '/good'),
      /for a school’s data contact or its head\. I have not opened yours/,
    );
    assert.match(
      await attach('Carol Dunn', '/good', 'week.xlsx'),
      /I have not opened that file\. Attach the export here as a CSV/,
    );
    assert.match(await attach('Maisie Tarrant', '/good'), /I'm for Tideway's staff/);
    assert.deepEqual(asked, []);
  });

  it('of another school is refused without a word about it', async () => {
    const said = await attach('Carol Dunn', '/other-school');
    assert.match(said, /is not 900001, the school this file was sent for/);
    assert.doesNotMatch(said, /20 pupils/);
  });

  it('is fetched only from where Teams keeps files, over https, and no redirect is followed', async () => {
    for (const url of [
      'http://169.254.169.254/metadata/identity/oauth2/token',
      'http://tideway-my.sharepoint.com/week.csv',
      'https://sharepoint.com.example.org/week.csv',
      'https://user@tideway.sharepoint.com/week.csv',
      'https://tideway.sharepoint.com:8443/week.csv',
      `${origin.replace('127.0.0.1', 'localhost')}/good`,
      'file:///etc/passwd',
      'not an address',
    ])
      assert.match(
        await attach('Carol Dunn', url.includes('://') ? url : `x://${url}`),
        /I could not fetch that file from where Teams keeps it/,
        url,
      );
    assert.deepEqual(asked, []);
    assert.match(await attach('Carol Dunn', '/elsewhere'), /I could not fetch that file/);
    assert.match(await attach('Carol Dunn', '/gone'), /I could not fetch that file/);
    assert.deepEqual(asked, ['/elsewhere', '/gone']);
  });

  it('of more than 50 MB is refused before it is read', async () => {
    assert.match(
      await attach('Carol Dunn', '/huge'),
      /the file has 60 MB or more, and a marks file may have 50/,
    );
  });

  it('with words that may concern a child gets the safety card first, and is not opened', async () => {
    const said = await attach('Carol Dunn', '/good', 'week.csv', 'a child told me she is being hurt at home');
    assert.match(said, /Mel Okafor/);
    assert.deepEqual(asked, []);
  });

  it('in a channel is passed over, and "check my file" says how it is done', async () => {
    const { teams, channel, chat, shownTo } = service;
    const place = channel('Jo Bennett', 'Harbour Primary');
    const before = shownTo(place).length;
    const content = { downloadUrl: `${origin}/good`, fileType: 'csv' };
    const contentType = 'application/vnd.microsoft.teams.file.download.info';
    await teams.sendActivity(place, {
      type: 'message',
      text: '',
      attachments: [{ contentType, name: 'a.csv', content }],
    });
    assert.equal(shownTo(place).length, before);
    assert.deepEqual(asked, []);
    await teams.sendMessage(chat('Carol Dunn'), 'Check my file');
    assert.match(
      must(shownTo(chat('Carol Dunn')).map(wordsOf).at(-1), 'a reply'),
      /Attach the export here as a CSV file/,
    );
  });
});
