import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { isRefusal } from '../../kernel/errors.ts';
import { type Block, readByline } from './block.ts';
import { readHtml } from './html.ts';
import { readMarkdown } from './markdown.ts';
import { readPlain } from './plain.ts';
import { readDocument } from './read.ts';

const brief = (blocks: readonly Block[]) =>
  blocks.map(
    (block) =>
      `${block.kind}${block.level ?? ''}${block.leads ? '<' : ''}:${block.marker ?? ''}${block.text}`,
  );

describe('the readers', () => {
  it('finds headings, lists and bylines of plain text by their shape', () => {
    const text = `Setting sail | our plan\n\nWhy we go\n\nWe go because the harbour is too small.\n\nWe take:\n\n  • Ropes | for the wind\n  • Bread\n\nAda Quill | March 2026\n\nThe return\n\nWe come home.\n`;
    assert.deepEqual(brief(readPlain(text)), [
      'heading1:Setting sail | our plan',
      'heading2:Why we go',
      'paragraph:We go because the harbour is too small.',
      'paragraph:We take:',
      'item:•Ropes | for the wind',
      'item:•Bread',
      'byline:Ada Quill | March 2026',
      'heading1:The return',
      'paragraph:We come home.',
    ]);
  });

  it('joins lines of plain text that were cut at a width', () => {
    const text =
      'Title\n\nThis paragraph was written in an editor that cuts its lines\nafter sixty characters, so that one sentence stands on two\nlines.\n';
    assert.equal(readPlain(text).at(-1)?.text.split('sentence stands on two lines.').length, 2);
  });

  it('takes repeated lines for navigation and names above titles for bylines', () => {
    const entry = (name: string, title: string) =>
      `${name}\n\n${title}\n\nSome words about it that go on...\n\nRead more\n`;
    const blocks = readPlain(
      [
        'Journal\n',
        entry('Ada Quill', 'Tides and timetables'),
        entry('Ben Marsh', 'What the gulls know'),
        entry('Cy Strand', 'On keeping logs'),
      ].join(''),
    );
    assert.equal(blocks.filter((block) => block.kind === 'break').length, 3);
    assert.deepEqual(
      blocks.filter((block) => block.leads).map((block) => block.text),
      ['Ada Quill', 'Ben Marsh', 'Cy Strand'],
    );
  });

  it('keeps the structure of Markdown and drops its links and marks', () => {
    const text =
      '# Plan\n\nSee **this** [page](http://evil.example) & more.\n\n1. One\n2. Two\n   - nested\n\n| When | Who |\n| --- | --- |\n| day 1 | office |\n';
    assert.deepEqual(brief(readMarkdown(text)), [
      'heading1:Plan',
      'paragraph:See this page & more.',
      'item:1.One',
      'item:2.Two',
      'item:•nested',
      'row:day 1: office',
    ]);
  });

  it('reads the words of HTML and nothing that could act', () => {
    const html =
      '<h1>Plan</h1><script>alert("x")</script><p onclick="x()">Caf&eacute; &amp; co</p><ol><li><p>One</p></li><li>Two</li></ol><table><tr><th>When</th><th>What</th><th>Who</th></tr><tr><td>day 1</td><td>call</td><td>office</td></tr></table>';
    const read = brief(readHtml(html));
    assert.deepEqual(
      read.filter((line) => !line.startsWith('paragraph')),
      ['heading1:Plan', 'item:1.One', 'item:2.Two', 'row:day 1; What: call; Who: office'],
    );
    assert.doesNotMatch(read.join(), /alert|onclick/);
  });

  it('knows the point that a list stands in, in HTML and in Markdown', () => {
    const points = [
      { kind: 'item', marker: '•', text: 'We ring:' },
      { kind: 'item', marker: '•', text: 'the watch', within: 'We ring:' },
      { kind: 'item', marker: '•', text: 'We wait' },
    ];
    assert.deepEqual(readMarkdown('- We ring:\n  - the watch\n- We wait\n'), points);
    assert.deepEqual(
      readHtml('<ul><li>We ring:<ul><li>the watch</li></ul></li><li>We wait</li></ul>'),
      points,
    );
  });

  it('reads what a term means, in HTML, as one row', () => {
    const html =
      '<h1>Words</h1><dl><dt>Storm day</dt><dd><p>A day on which the gates stay shut.</p></dd></dl>';
    assert.deepEqual(readHtml(html), [
      { kind: 'heading', level: 1, text: 'Words' },
      { kind: 'row', text: 'Storm day: A day on which the gates stay shut.' },
    ]);
  });

  it('reads bylines with a name, a date or both, and no sentence as one', () => {
    assert.deepEqual(readByline('Ada Quill | March 2026'), { author: 'Ada Quill', date: 'March 2026' });
    assert.deepEqual(readByline('By Ada Quill'), { author: 'Ada Quill' });
    assert.deepEqual(readByline('January 2027'), { date: 'January 2027' });
    assert.equal(readByline('We met Ada Quill in March 2026'), undefined);
  });

  const broken: readonly (readonly [string, Buffer, string])[] = [
    ['a.xlsx', Buffer.from('x'), 'unknown-format'],
    ['a.md', Buffer.alloc(0), 'empty'],
    ['a.md', Buffer.from('   \n\n'), 'empty'],
    ['a.txt', Buffer.from([0x50, 0, 1, 2, 0]), 'corrupt'],
    ['a.docx', Buffer.from('PK\u0003\u0004 half a file'), 'corrupt'],
    ['a.docx', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'encrypted'],
    ['a.pdf', Buffer.from('not a pdf'), 'corrupt'],
    ['a.pdf', Buffer.from('%PDF-1.7\ncut short'), 'corrupt'],
    ['bomb.docx', zipThatClaims(900_000_000), 'too-large'],
  ];
  for (const [file, bytes, reason] of broken) {
    it(`refuses ${file} of ${bytes.length} bytes as ${reason}, naming the file`, async () => {
      const read = await readDocument(file, bytes);
      assert.ok(isRefusal(read));
      assert.equal(read.reason, reason);
      assert.ok(read.message.startsWith(`${file} was left out: `));
    });
  }

  it('gives blocks or a refusal for any bytes under any name, and never throws', async () => {
    const names = fc.constantFrom('a.md', 'a.txt', 'a.html', 'a.docx', 'a.pdf');
    await fc.assert(
      fc.asyncProperty(names, fc.uint8Array({ maxLength: 400 }), async (name, bytes) => {
        const read = await readDocument(name, Buffer.from(bytes));
        assert.ok(isRefusal(read) || read.length > 0);
      }),
      { numRuns: 200 },
    );
  });
});

/** A zip whose directory says that its one entry unpacks to `size` bytes. */
function zipThatClaims(size: number): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(size, 24);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(0, 16);
  return Buffer.concat([entry, end]);
}
