/**
 * Makes the sample trust's DOCX and PDF documents from the readable Markdown in `document-sources/`. Run it after changing
 * a source: `npx node samples/make-documents.ts`. The bytes are the same on each run (a test compares them with what is
 * committed), so dates and ids are fixed. Knows headings, paragraphs, lists and tables; nothing else stands in a source.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Document,
  HeadingLevel,
  LevelFormat,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { lexer, type Token, type Tokens } from 'marked';
import PDFDocument from 'pdfkit';

const SOURCES = join(import.meta.dirname, 'document-sources');
const OUTPUT = join(import.meta.dirname, 'documents');

/** Which source becomes which document. The Markdown and text documents are written by hand in `documents/`. */
const MADE: readonly (readonly [source: string, output: string])[] = [
  ['strategy-2026-27.md', 'strategy-2026-27.docx'],
  ['strategy-2025-26.md', 'strategy-2025-26.pdf'],
  ['attendance-guidance-tutors.md', 'attendance-guidance-tutors.docx'],
  ['staff-handbook.md', 'staff-handbook.pdf'],
  ['executive-risk-note.md', 'executive-risk-note.pdf'],
];
const MADE_AT = new Date('2026-09-01T08:00:00Z');

/** A piece of a line with its weight. */
type Run = { readonly text: string; readonly bold: boolean; readonly italics: boolean };
type Block =
  | { readonly kind: 'heading'; readonly depth: 1 | 2 | 3; readonly runs: readonly Run[] }
  | { readonly kind: 'paragraph'; readonly runs: readonly Run[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Run[])[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] };

/** Makes all documents. Returns each file's name and bytes; writes nothing. */
export async function makeDocuments(): Promise<ReadonlyMap<string, Buffer>> {
  const made = new Map<string, Buffer>();
  for (const [source, output] of MADE) {
    const blocks = readBlocks(readFileSync(join(SOURCES, source), 'utf8'));
    made.set(output, output.endsWith('.docx') ? await makeDocx(blocks) : await makePdf(blocks));
  }
  return made;
}

function readBlocks(markdown: string): Block[] {
  return lexer(markdown).flatMap((token): Block[] => {
    switch (token.type) {
      case 'space':
        return [];
      case 'heading':
        return [{ kind: 'heading', depth: depthOf(token as Tokens.Heading), runs: readRuns(token.tokens) }];
      case 'paragraph':
        return [{ kind: 'paragraph', runs: readRuns(token.tokens) }];
      case 'list': {
        const list = token as Tokens.List;
        return [
          { kind: 'list', ordered: list.ordered, items: list.items.map((item) => readRuns(item.tokens)) },
        ];
      }
      case 'table': {
        const table = token as Tokens.Table;
        return [
          {
            kind: 'table',
            rows: [table.header, ...table.rows].map((row) => row.map((cell) => plain(cell.tokens))),
          },
        ];
      }
      default:
        throw new Error(`A source holds a ${token.type}; write it as headings, paragraphs, lists and tables`);
    }
  });
}

function depthOf(heading: Tokens.Heading): 1 | 2 | 3 {
  return heading.depth === 1 ? 1 : heading.depth === 2 ? 2 : 3;
}

function readRuns(tokens: readonly Token[] = [], style = { bold: false, italics: false }): Run[] {
  return tokens.flatMap((token): Run[] => {
    if (token.type === 'strong') return readRuns(token.tokens, { ...style, bold: true });
    if (token.type === 'em') return readRuns(token.tokens, { ...style, italics: true });
    if ('tokens' in token && token.tokens?.length) return readRuns(token.tokens, style);
    return [{ text: 'text' in token ? String(token.text) : token.raw, ...style }];
  });
}

function plain(tokens: readonly Token[]): string {
  return readRuns(tokens)
    .map((run) => run.text)
    .join('');
}

function titleOf(blocks: readonly Block[]): string {
  const first = blocks[0];
  if (first?.kind !== 'heading') throw new Error('A source begins with its title');
  return first.runs.map((run) => run.text).join('');
}

const HEADINGS = {
  1: HeadingLevel.TITLE,
  2: HeadingLevel.HEADING_1,
  3: HeadingLevel.HEADING_2,
} as const;

async function makeDocx(blocks: readonly Block[]): Promise<Buffer> {
  const lists = blocks.filter((block) => block.kind === 'list' && block.ordered);
  const document = new Document({
    title: titleOf(blocks),
    numbering: {
      config: lists.map((_, index) => ({
        reference: `list-${index}`,
        levels: [{ level: 0, format: LevelFormat.DECIMAL, text: '%1.' }],
      })),
    },
    sections: [{ children: blocks.flatMap((block) => docxBlock(block, lists.indexOf(block))) }],
  });
  const properties = `<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${titleOf(blocks)}</dc:title><dcterms:created xsi:type="dcterms:W3CDTF">${MADE_AT.toISOString()}</dcterms:created></cp:coreProperties>`;
  return withFixedTimes(
    await Packer.toBuffer(document, undefined, [{ path: 'docProps/core.xml', data: properties }]),
  );
}

function docxBlock(block: Block, orderedList: number): (Paragraph | Table)[] {
  const runs = (pieces: readonly Run[]) => pieces.map((run) => new TextRun({ ...run }));
  switch (block.kind) {
    case 'heading':
      return [new Paragraph({ heading: HEADINGS[block.depth], children: runs(block.runs) })];
    case 'paragraph':
      return [new Paragraph({ children: runs(block.runs), spacing: { after: 160 } })];
    case 'list':
      return block.items.map(
        (item) =>
          new Paragraph({
            children: runs(item),
            spacing: { after: 80 },
            ...(block.ordered
              ? { numbering: { reference: `list-${orderedList}`, level: 0 } }
              : { bullet: { level: 0 } }),
          }),
      );
    case 'table':
      return [
        new Table({
          width: { size: 100, type: WidthType.PERCENTAGE },
          rows: block.rows.map(
            (row, index) =>
              new TableRow({
                ...(index === 0 ? { tableHeader: true } : {}),
                children: row.map(
                  (cell) =>
                    new TableCell({
                      children: [
                        new Paragraph({ children: [new TextRun({ text: cell, bold: index === 0 })] }),
                      ],
                    }),
                ),
              }),
          ),
        }),
        new Paragraph({}),
      ];
  }
}

/** A DOCX is a zip whose entries carry the time of making: sets each to 1 January 1980, in both places it is kept. */
function withFixedTimes(zip: Buffer): Buffer {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let entry = 0; entry < zip.readUInt16LE(end + 10); entry += 1) {
    zip.writeUInt32LE(0x0021_0000, at + 12);
    zip.writeUInt32LE(0x0021_0000, zip.readUInt32LE(at + 42) + 10);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return zip;
}

const SIZES = { 1: 20, 2: 15, 3: 12 } as const;

async function makePdf(blocks: readonly Block[]): Promise<Buffer> {
  const title = titleOf(blocks);
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 64,
    bufferPages: true,
    lang: 'en-GB',
    info: { Title: title, CreationDate: MADE_AT },
  });
  const bytes = new Promise<Buffer>((resolve, reject) => {
    const parts: Buffer[] = [];
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', () => resolve(Buffer.concat(parts)));
    pdf.on('error', reject);
  });
  for (const block of blocks) pdfBlock(pdf, block);
  const { count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pdf.switchToPage(page);
    pdf.page.margins.bottom = 0;
    pdf.font('Helvetica').fontSize(8);
    pdf.text(`${title} · page ${page + 1} of ${count}`, 64, pdf.page.height - 40, { lineBreak: false });
  }
  pdf.end();
  return bytes;
}

function pdfBlock(pdf: PDFKit.PDFDocument, block: Block): void {
  switch (block.kind) {
    case 'heading':
      if (pdf.y > pdf.page.height - 150) pdf.addPage();
      pdf.moveDown(block.depth === 1 ? 0 : 0.6);
      pdfRuns(
        pdf,
        block.runs.map((run) => ({ ...run, bold: true })),
        SIZES[block.depth],
      );
      pdf.moveDown(0.3);
      return;
    case 'paragraph':
      pdfRuns(pdf, block.runs, 10.5);
      pdf.moveDown(0.6);
      return;
    case 'list':
      block.items.forEach((item, index) => {
        const mark = { text: block.ordered ? `${index + 1}. ` : '• ', bold: false, italics: false };
        pdfRuns(pdf, [mark, ...item], 10.5, 14);
        pdf.moveDown(0.25);
      });
      pdf.moveDown(0.4);
      return;
    case 'table':
      pdf.font('Helvetica').fontSize(10);
      pdf.table({ data: block.rows.map((row) => [...row]) });
      pdf.moveDown(0.8);
  }
}

function pdfRuns(pdf: PDFKit.PDFDocument, runs: readonly Run[], size: number, indent = 0): void {
  const left = pdf.page.margins.left + indent;
  const width = pdf.page.width - left - pdf.page.margins.right;
  runs.forEach((run, index) => {
    pdf.font(run.bold ? 'Helvetica-Bold' : run.italics ? 'Helvetica-Oblique' : 'Helvetica').fontSize(size);
    const options = { width, continued: index < runs.length - 1, lineGap: 2 };
    if (index === 0) pdf.text(run.text, left, pdf.y, options);
    else pdf.text(run.text, options);
  });
  pdf.x = pdf.page.margins.left;
}

if (import.meta.main) {
  for (const [name, bytes] of await makeDocuments()) writeFileSync(join(OUTPUT, name), bytes);
}
