import { strict as assert } from 'node:assert';
import { strFromU8, unzipSync } from 'fflate';
import { sampleTrust } from '../../test/support/school.ts';
import { type Card, type Element, plainText } from '../cards/elements.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import { reportScope } from './audience.ts';
import { fileStem, type TermReport, withoutPupils } from './report.ts';
import { releaseWords, reportCard } from './report-card.ts';
import { reportDocument } from './report-docx.ts';
import { attendedInWords, missingInWords, priorityInWords } from './report-words.ts';
import { reportSpreadsheet } from './report-xlsx.ts';

const REPORT: TermReport = {
  scopeName: 'Harbour Primary',
  stem: 'harbour-primary-term-2-2026-27',
  wholeTrust: false,
  term: { term: 2, year: '2026/27', from: '2026-11-02', to: '2026-12-18', asOf: '2026-12-18' },
  threshold: 10,
  priorities: [
    {
      name: 'Disadvantage first',
      statuses: { onTrack: 0, atRisk: 1, offTrack: 0, notYet: 0 },
      moved: { better: 0, worse: 1 },
      compared: 1,
    },
  ],
  milestones: [
    {
      id: 'm1',
      title: '=1+1 Every family has met their tutor',
      priority: 'Disadvantage first',
      school: 'Harbour Primary',
      status: 'at-risk',
      before: 'on-track',
      figure: '96 of 150 families',
      due: '2026-12-11',
      words: '=HYPERLINK("http://example.org","calls") & evening calls <b>help</b>',
      evidence: 'https://example.org/evidence',
    },
  ],
  schools: [
    {
      urn: '100001',
      name: 'Harbour Primary',
      latest: {
        week: '2026-W51',
        monday: '2026-12-14',
        attendedIn100: 94,
        hidden: 'few',
        sendHidden: 'unknown',
      },
      weeks: [],
      toDate: undefined,
      benchmarks: [],
    },
  ],
  trustWeeks: [],
  questions: ['One?', 'Two?', 'Three?'],
};

function textsOf(card: Card): string {
  return plainText(card.content.body as Element[]);
}

function partOf(bytes: Uint8Array, name: string): string {
  const part = unzipSync(bytes)[name];
  assert.ok(part, name);
  return strFromU8(part);
}

describe('a term report as files', () => {
  it('names a benchmark once where all schools have the same, by its week in words, and with each figure where not', async () => {
    const benchmark = { area: 'England', period: '2025-W51', attendance: '93.9', source: 'DfE' };
    const first = must(REPORT.schools[0], 'a school');
    const wordsOf = async (...areas: readonly string[]) => {
      const schools = areas.map((area) => ({ ...first, benchmarks: [{ ...benchmark, area }] }));
      const xml = partOf(await reportDocument({ ...REPORT, schools }), 'word/document.xml');
      return xml.replace(/<\/w:tc>/g, '|').replace(/<[^>]+>/g, '');
    };
    const same = await wordsOf('England', 'England');
    assert.equal(same.split('England, week of 15 December 2025|').length, 2, same);
    assert.match(same, /\|93\.9%\|/);
    assert.match(await wordsOf('England', 'London'), /\|93\.9% \(London, week of 15 December 2025\)\|/);
    assert.doesNotMatch(same, /2025-W51/);
  });

  it('keeps words that a spreadsheet could run as words', async () => {
    const bytes = await reportSpreadsheet(REPORT);
    const sheet = partOf(bytes, 'xl/worksheets/sheet3.xml');
    assert.doesNotMatch(sheet, /<f[ >]/);
    const texts = `${sheet}${strFromU8(unzipSync(bytes)['xl/sharedStrings.xml'] ?? new Uint8Array())}`;
    assert.match(texts, /=HYPERLINK\(/);
    assert.match(texts, /&lt;b&gt;help/);
  });

  it('opens evidence from the spreadsheet where it is a link over https, and shows any other as words', async () => {
    const [first] = REPORT.milestones;
    const evidence = [
      'https://example.org/evidence?a=1&b="2"',
      'javascript:alert(1)',
      'http://example.org/plain',
      `https://example.org/${'long/'.repeat(500)}`,
      'https://name:word@example.org/',
    ];
    const milestones = evidence.map((link) => ({ ...must(first, 'a milestone'), evidence: link }));
    const bytes = await reportSpreadsheet({ ...REPORT, milestones });
    assert.match(partOf(bytes, 'xl/sharedStrings.xml'), /<t>javascript:alert\(1\)</);
    const targets = [
      ...partOf(bytes, 'xl/worksheets/_rels/sheet3.xml.rels').matchAll(
        /Target="([^"]+)" TargetMode="External"/g,
      ),
    ].map(([, target]) => target);
    assert.deepEqual(targets, ['https://example.org/evidence?a=1&amp;b=&quot;2&quot;']);
    assert.match(partOf(bytes, 'xl/worksheets/sheet3.xml'), /<hyperlink ref="I2" r:id="rId-link-1"\/>/);
    assert.match(
      partOf(bytes, 'xl/sharedStrings.xml'),
      /Evidence for =1\+1 Every family has met their tutor/,
    );
  });

  it('is a table with a header and a description on every sheet that has rows, and says whose it is', async () => {
    const bytes = await reportSpreadsheet(REPORT);
    const tables = Object.keys(unzipSync(bytes)).filter((name) => name.startsWith('xl/tables/'));
    assert.equal(tables.length, 5, 'no week was published, so that sheet has a header alone');
    for (const name of tables) {
      const table = partOf(bytes, name);
      assert.match(table, /altTextSummary="[A-Z][^"]{20,}\."/, name);
      const sheet = partOf(bytes, name.replace('tables/table', 'worksheets/sheet'));
      assert.match(sheet, /<tablePart r:id="rId-table-1"\/>/);
      const columns = table.match(/<tableColumn /g)?.length ?? 0;
      assert.equal(sheet.match(/<c r="[A-Z]1"/g)?.length, columns, `${name}: a name for each column`);
    }
    assert.match(partOf(bytes, 'docProps/core.xml'), /<dc:title>Harbour Primary: Term 2, 2026\/27<.*en-GB/);
    assert.match(partOf(bytes, 'xl/workbook.xml'), /Print_Titles" localSheetId="5">'Benchmarks'!\$1:\$1</);
  });

  it('describes each table of the document for whoever does not see it', async () => {
    const document = partOf(await reportDocument(REPORT), 'word/document.xml');
    const tables = document.match(/<w:tbl>/g)?.length ?? 0;
    assert.equal(tables, 3);
    assert.equal(
      document.match(
        /<w:tblCaption w:val="[^"]+"\/><w:tblDescription w:val="A row for each [^"]+"\/><\/w:tblPr>/g,
      )?.length,
      tables,
    );
  });

  it('keeps back words that may tell of a pupil, and says how many and what would help', async () => {
    const kept = withoutPupils(REPORT, (text) => text === must(REPORT.milestones[0], 'one').words);
    assert.equal(kept.milestones[0]?.words, '');
    const said = missingInWords(kept).join('\n');
    assert.match(said, /Words of 1 milestone: they may tell of a pupil, so they are kept back\./);
    const files = [
      partOf(await reportDocument(kept), 'word/document.xml'),
      partOf(await reportSpreadsheet(kept), 'xl/sharedStrings.xml'),
    ];
    for (const file of files) assert.doesNotMatch(file, /evening calls/);
    assert.match(textsOf(reportCard(kept)), /they may tell of a pupil/);
  });

  it('compares with last term only what had a status then', () => {
    const [priority] = REPORT.priorities;
    assert.equal(priorityInWords({ ...must(priority, 'one'), compared: 0 }).trend, 'no status then');
    assert.equal(priorityInWords(must(priority, 'one')).trend, 'one moved down');
  });

  it('says beside a figure that somebody asked for it to be checked', () => {
    const week = { week: '2026-W51', monday: '2026-12-14', attendedIn100: 94 };
    assert.equal(attendedInWords(week), '94 in every 100');
    assert.equal(attendedInWords({ ...week, queried: true }), '94 in every 100 (being checked)');
  });

  it('is shown first as a card within every limit, with a button whose words are understood', () => {
    const card = reportCard(REPORT);
    assert.deepEqual(cardProblems(card), []);
    assert.match(
      plainText(card.content.body as Element[]),
      /^Harbour Primary: term 2, 2026\/27, for governors\nOne milestone/,
    );
    const none = reportCard({ ...REPORT, milestones: [] });
    assert.match(textsOf(none), /\nNo milestones and one school, on two pages and a spreadsheet\./);
    assert.equal(releaseWords(REPORT), 'Make the term report for term 2 of 2026/27');
  });

  it('says status, trend, link and what is kept back in the document', async () => {
    const document = partOf(await reportDocument(REPORT), 'word/document.xml');
    const text = document.replace(/<[^>]+>/g, '|');
    assert.match(text, /At risk, down from on track/);
    assert.match(text, /Evidence for =1\+1 Every family/);
    assert.match(text, /94 in every 100/);
    assert.match(text, /kept back/);
    assert.match(text, /Groups of fewer than 10 pupils/);
    assert.doesNotMatch(text, /needs, others/, 'what is known of no school takes no column');
    assert.match(
      partOf(await reportDocument(REPORT), 'word/_rels/document.xml.rels'),
      /https:\/\/example\.org\/evidence/,
    );
  });
});

describe('the names of a report’s files', () => {
  const base = sampleTrust([]);
  const [school] = base.schools;
  const names = [
    'St Mary’s',
    'St. Marys',
    'مدرسة',
    'x'.repeat(200),
    'x'.repeat(199),
    'Tideway',
    'Harbour Primary',
    '../../etc',
  ];
  const schools = names.map((name, index) => ({
    ...must(school, 'a school'),
    name,
    urn: String(100_001 + index),
  }));
  const trust = { ...base, trust: { ...base.trust, short_name: 'Tideway' }, schools };
  const stem = (...urns: string[]) => fileStem(trust, reportScope('p', urns), { term: 2, year: '2026/27' });

  it('are one for each scope of a trust, of plain letters, and never long', () => {
    const urns = schools.map(({ urn }) => urn);
    const pairs = urns.map((urn, index) => stem(urn, ...urns.slice(index + 1)));
    const all = new Set([
      ...urns.map((urn) => stem(urn)),
      ...pairs,
      fileStem(trust, reportScope('p', 'trust'), { term: 2, year: '2026/27' }),
    ]);
    // The last school alone is both.
    assert.equal(all.size, 2 * urns.length);
    for (const name of all) assert.match(name, /^[a-z0-9][a-z0-9-]{0,95}$/);
  });

  it('are the name alone where that tells', () => {
    assert.equal(stem('100007'), 'harbour-primary-term-2-2026-27');
    assert.equal(stem('100003'), '100003-term-2-2026-27');
    assert.equal(stem('100001'), 'st-mary-s-term-2-2026-27');
  });
});
