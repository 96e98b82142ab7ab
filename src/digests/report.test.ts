import { strict as assert } from 'node:assert';
import { strFromU8, unzipSync } from 'fflate';
import { type Element, plainText } from '../cards/elements.ts';
import { cardProblems } from '../cards/size.ts';
import type { TermReport } from './report.ts';
import { releaseWords, reportCard } from './report-card.ts';
import { reportDocument } from './report-docx.ts';
import { attendedInWords } from './report-words.ts';
import { reportSpreadsheet } from './report-xlsx.ts';

const REPORT: TermReport = {
  scopeName: 'Harbour Primary',
  wholeTrust: false,
  term: { term: 2, year: '2026/27', from: '2026-11-02', to: '2026-12-18', asOf: '2026-12-18' },
  threshold: 10,
  priorities: [
    {
      name: 'Disadvantage first',
      statuses: { onTrack: 0, atRisk: 1, offTrack: 0, notYet: 0, unapproved: 0 },
      moved: { better: 0, worse: 1 },
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

function partOf(bytes: Uint8Array, name: string): string {
  const part = unzipSync(bytes)[name];
  assert.ok(part, name);
  return strFromU8(part);
}

describe('a term report as files', () => {
  it('keeps words that a spreadsheet could run as words', async () => {
    const bytes = await reportSpreadsheet(REPORT);
    const sheet = partOf(bytes, 'xl/worksheets/sheet3.xml');
    assert.doesNotMatch(sheet, /<f[ >]/);
    const texts = `${sheet}${strFromU8(unzipSync(bytes)['xl/sharedStrings.xml'] ?? new Uint8Array())}`;
    assert.match(texts, /=HYPERLINK\(/);
    assert.match(texts, /&lt;b&gt;help/);
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
