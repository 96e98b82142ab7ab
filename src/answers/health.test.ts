import { strict as assert } from 'node:assert';
import { cutPassages, type DocumentFacts } from './corpus.ts';
import { healthOf } from './health.ts';
import { readMarkdown } from './readers/markdown.ts';
import { buildIndex } from './retrieval.ts';
import { withStanding } from './standing.ts';
import { takeTurn } from './turn.ts';

const TODAY = '2026-11-23';
const POLICY: DocumentFacts = { id: 'policy', title: 'Bell policy', kind: 'policy', to: '2027-08-31' };
const GUIDE: DocumentFacts = { id: 'guide', title: 'Bell guide', kind: 'policy' };
const OLD: DocumentFacts = { id: 'old', title: 'Old bells', kind: 'policy', to: '2026-08-31' };

const TEXTS: readonly (readonly [DocumentFacts, string])[] = [
  [
    POLICY,
    `# Bell policy

## Ringing

The caretaker rings the morning bell at 8:40 am in the east tower. Each bell has a BCR.

## Silence

## Repairs

The clapper is mended by 30 June 2026. These four tools are used:
`,
  ],
  [
    GUIDE,
    '# Bell guide\n\n## Morning\n\nThe caretaker rings the morning bell of the east tower at 8:45 am.\n',
  ],
  [OLD, '# Old bells\n\n## Morning\n\nThe caretaker rings the morning bell in the east tower at 9:15 am.\n'],
];
const documents = TEXTS.map(([doc]) => doc);
const passages = TEXTS.flatMap(([doc, text]) => cutPassages(doc, readMarkdown(text)));

describe("a document's health", () => {
  const found = healthOf(documents, passages, TODAY);
  const messages = (kind: string) =>
    found.filter((finding) => finding.kind === kind).map(({ doc, message }) => `${doc}: ${message}`);

  it('names headings with nothing below them, and only those', () => {
    assert.deepEqual(messages('empty-heading'), [
      'policy: Bell policy: nothing stands under the heading "Silence".',
    ]);
  });

  it('names initials that are never explained', () => {
    assert.deepEqual(messages('unexplained'), [
      'policy: Bell policy uses BCR and never says what it stands for.',
    ]);
  });

  it('names what has run out, and dates that have passed in what has not', () => {
    assert.deepEqual(messages('ran-out'), [
      'old: Old bells ran out on 31 August 2026: renew it, or take it away.',
    ]);
    assert.equal(messages('date-passed').length, 1);
    assert.match(messages('date-passed')[0] ?? '', /30 June 2026/);
    assert.deepEqual(
      healthOf(documents, passages, '2026-06-30').filter((finding) => finding.kind === 'date-passed'),
      [],
    );
  });

  it('names two documents in force that give different figures for one thing, and no expired one', () => {
    const [pair, ...more] = messages('disagreement');
    assert.deepEqual(more, []);
    assert.match(pair ?? '', /Bell policy says 8:40 am and Bell guide says 8:45 am/);
  });

  it('finds nothing to mend in documents that agree', () => {
    const agreeing = passages.map((passage) => ({ ...passage, text: passage.text.replace('8:45', '8:40') }));
    assert.deepEqual(
      healthOf(documents, agreeing, TODAY).filter((finding) => finding.kind === 'disagreement'),
      [],
    );
  });
});

describe('an answer that another document contradicts', () => {
  it('shows both sentences, each with its source, and says that they differ', () => {
    const index = withStanding(buildIndex(documents, passages), TODAY);
    const turn = takeTurn('What time does the caretaker ring the morning bell?', undefined, index);
    assert.ok(turn.kind === 'answer' && turn.answer.outcome === 'answer');
    assert.match(turn.answer.note ?? '', /differ here.*8:4[05] am.*8:4[05] am/);
    const docs = new Set(turn.answer.statements.map(({ passage }) => passage.doc));
    assert.deepEqual([...docs].sort(), ['guide', 'policy']);
  });
});
