/**
 * PDF through unpdf (PDF.js). Lines are rebuilt from positions (pdf-lines.ts) and read as blocks (pdf-blocks.ts); every block
 * knows its page. Refuses files with a password, broken files, and scans without text.
 */
import { getDocumentProxy } from 'unpdf';
import { messageOf, type Refusal, refuse } from '../../kernel/errors.ts';
import type { Block } from './block.ts';
import { blocksOf } from './pdf-blocks.ts';
import { type Line, linesOf, type Piece, withoutFurniture } from './pdf-lines.ts';

/** Above a trust's longest handbook; beyond it the text alone would fill the index. */
const MAX_PAGES = 600;

/** Within so many bytes of the end a whole PDF says that it ends. */
const ENDING = 2_048;

/** Type smaller than this (points) is there to be found, not to be read. */
const SMALLEST = 2;

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

/** `smallest`: type that is for readers. Refuses `encrypted`, `corrupt`, `too-large`, `empty`. */
export async function readPdf(bytes: Buffer, smallest = SMALLEST): Promise<Block[] | Refusal> {
  if (!bytes.subarray(0, 1024).includes('%PDF-')) return refuse('corrupt', 'it is not a PDF');
  // PDF.js would read what there is of half a file and say nothing of the rest.
  if (!bytes.subarray(-ENDING).includes('%%EOF')) return refuse('corrupt', 'its end is missing');
  try {
    const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      if (document.numPages > MAX_PAGES) return refuse('too-large', `it has more than ${MAX_PAGES} pages`);
      const lines: Line[] = [];
      for (let page = 1; page <= document.numPages; page += 1) {
        const pieces = await piecesOf(document, page);
        lines.push(
          ...linesOf(
            pieces.filter(({ size }) => size >= smallest),
            page,
          ),
        );
      }
      const kept = withoutFurniture(lines);
      if (kept.length === 0) return refuse('empty', 'it holds no text; a scan must be read (OCR) first');
      return blocksOf(kept);
    } finally {
      await document.cleanup();
    }
  } catch (error) {
    const said = messageOf(error);
    if (/password/i.test(said)) return refuse('encrypted', 'it is protected by a password');
    return refuse('corrupt', `it cannot be read as a PDF (${said.slice(0, 80)})`);
  }
}

async function piecesOf(document: PdfDocument, number: number): Promise<Piece[]> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  return items.flatMap((item) => {
    if (!('str' in item)) return [];
    const [, , c = 0, d = 0, x = 0, y = 0] = item.transform as number[];
    return [{ str: item.str, x, y, width: item.width, size: Math.hypot(c, d), font: item.fontName }];
  });
}
