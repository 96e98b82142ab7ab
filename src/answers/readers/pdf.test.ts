import { strict as assert } from 'node:assert';
import PDFDocument from 'pdfkit';
import { isRefusal } from '../../kernel/errors.ts';
import { type Block, readMarker } from './block.ts';
import { readPdf } from './pdf.ts';

/** A PDF as most offices make them: one size of type, headings in bold, wider gaps between paragraphs. */
async function office(lines: readonly string[]): Promise<readonly Block[]> {
  const bytes = await new Promise<Buffer>((resolve) => {
    const document = new PDFDocument();
    const parts: Buffer[] = [];
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.fontSize(11);
    for (const line of lines) document.text(line, { paragraphGap: 12 });
    document.end();
  });
  const blocks = await readPdf(bytes);
  assert.ok(!isRefusal(blocks));
  return blocks;
}

/** A PDF with headings in a type of their own, no wider gap above the text, and a table of two columns. */
async function typed(draw: (document: PDFKit.PDFDocument) => void): Promise<readonly Block[]> {
  const bytes = await new Promise<Buffer>((resolve) => {
    const document = new PDFDocument();
    const parts: Buffer[] = [];
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.fontSize(11);
    draw(document);
    document.end();
  });
  const blocks = await readPdf(bytes);
  assert.ok(!isRefusal(blocks));
  return blocks;
}

const SAYS =
  'Boats are kept in the long shed behind the kitchen, where they are dry, and are painted again every spring by the crew.';
const kinds = (blocks: readonly Block[]) => blocks.map(({ kind, text }) => `${kind}:${text.slice(0, 24)}`);

describe('a PDF of one size of type', () => {
  it('has its headings by their shape: a short line alone before text or a list', async () => {
    assert.deepEqual(
      kinds(await office(['Where boats are kept', SAYS, 'What to bring', '• A rope', '• A lamp', SAYS])),
      [
        'heading:Where boats are kept',
        `paragraph:${SAYS.slice(0, 24)}`,
        'heading:What to bring',
        'item:A rope',
        'item:A lamp',
        `paragraph:${SAYS.slice(0, 24)}`,
      ],
    );
  });

  it('has numbered headings, and keeps numbered points as points', async () => {
    assert.deepEqual(
      kinds(await office([SAYS, '3. Painting the boats', SAYS, '1. Sand the hull', '2. Paint it', SAYS])),
      [
        `paragraph:${SAYS.slice(0, 24)}`,
        'heading:Painting the boats',
        `paragraph:${SAYS.slice(0, 24)}`,
        'item:Sand the hull',
        'item:Paint it',
        `paragraph:${SAYS.slice(0, 24)}`,
      ],
    );
  });

  it('takes no label of a form and no row of a table for a heading, and leaves out the table of contents', async () => {
    const blocks = await office([
      'Name of crew member',
      'Name of boat',
      'Date of birth',
      'Painting the boats .................... 4',
      SAYS,
    ]);
    assert.ok(!blocks.some(({ kind }) => kind === 'heading'), JSON.stringify(kinds(blocks)));
    assert.ok(!blocks.some(({ text }) => text.includes('.....')));
  });

  it('knows the bullets of symbol fonts', () => {
    for (const bullet of ['\uF0B7', '\uF0A7', '\uF0FC', '●', '○', '■', '➢'])
      assert.deepEqual(readMarker(`${bullet} A rope`), { marker: bullet, text: 'A rope' });
    assert.equal(readMarker('\uF0B7'), undefined);
  });
});

describe('a PDF with headings in a type of their own', () => {
  const heading = (document: PDFKit.PDFDocument, text: string) => document.font('Helvetica-Bold').text(text);
  const text = (document: PDFKit.PDFDocument, says: string) => document.font('Helvetica').text(says);

  it('has them as headings, though they are of the size of the text and stand close above it', async () => {
    const blocks = await typed((document) => {
      text(document, SAYS);
      heading(document, 'Who looks after the boats?');
      text(document, SAYS);
      heading(document, 'Review');
      text(document, SAYS);
    });
    assert.deepEqual(kinds(blocks), [
      `paragraph:${SAYS.slice(0, 24)}`,
      'heading:Who looks after the boats?'.slice(0, 32),
      `paragraph:${SAYS.slice(0, 24)}`,
      'heading:Review',
      `paragraph:${SAYS.slice(0, 24)}`,
    ]);
  });

  it('has a title first that was written after the text of its page', async () => {
    const blocks = await typed((document) => {
      document.font('Helvetica').text(SAYS, 72, 200);
      document.fontSize(24).text('The boathouse', 72, 72);
    });
    assert.deepEqual(kinds(blocks), ['heading:The boathouse', `paragraph:${SAYS.slice(0, 24)}`]);
  });

  it('keeps bold words within a paragraph in it', async () => {
    const blocks = await typed((document) => {
      text(document, SAYS);
      document.font('Helvetica').text('All boats are kept by the ', { continued: true });
      document.font('Helvetica-Bold').text('harbour lead', { continued: true });
      document.font('Helvetica').text(' who has the key to the long shed, and to nothing else at all.');
    });
    assert.deepEqual(
      blocks.map(({ kind }) => kind),
      ['paragraph'],
    );
  });

  it('reads two columns side by side as rows, with what runs on below the second', async () => {
    const rows = [
      ['1', 'A word with the rower, away from the others'],
      ['2', 'A seat on the quay for as long as it takes, and then a word with the harbour lead'],
      ['3', 'A letter home'],
    ] as const;
    const blocks = await typed((document) => {
      let top = 100;
      for (const [step, says] of rows) {
        document.font('Helvetica').text(step, 72, top);
        document.text(says, 120, top, { width: 250 });
        top = document.y + 2;
      }
    });
    assert.deepEqual(
      blocks.map(({ kind, text: said }) => `${kind}:${said}`),
      rows.map(([step, says]) => `row:${step}: ${says}`),
    );
  });
});
