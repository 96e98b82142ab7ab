/**
 * PDF through unpdf (PDF.js). Lines are rebuilt from positions: larger type is a heading, a wider gap ends a paragraph.
 * Every block knows its page. Refuses files with a password, broken files, and scans without text.
 */
import { extractTextItems, getDocumentProxy, type StructuredTextItem } from 'unpdf';
import { messageOf, type Refusal, refuse } from '../../kernel/errors.ts';
import { type Block, isHeadingShaped, readByline, readMarker } from './block.ts';

type Line = { text: string; y: number; size: number; page: number };

/** Above a trust's longest handbook; beyond it the text alone would fill the index. */
const MAX_PAGES = 600;

/** Within so many bytes of the end a whole PDF says that it ends. */
const ENDING = 2_048;

/** Type smaller than this (points) is there to be found, not to be read. */
const SMALLEST = 2;

/** `smallest`: type that is for readers. Refuses `encrypted`, `corrupt`, `too-large`, `empty`. */
export async function readPdf(bytes: Buffer, smallest = SMALLEST): Promise<Block[] | Refusal> {
  if (!bytes.subarray(0, 1024).includes('%PDF-')) return refuse('corrupt', 'it is not a PDF');
  // PDF.js would read what there is of half a file and say nothing of the rest.
  if (!bytes.subarray(-ENDING).includes('%%EOF')) return refuse('corrupt', 'its end is missing');
  try {
    const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      if (document.numPages > MAX_PAGES) return refuse('too-large', `it has more than ${MAX_PAGES} pages`);
      const { items } = await extractTextItems(document);
      const lines = withoutFurniture(
        items.flatMap((page, index) =>
          linesOf(
            page.filter((item) => item.fontSize >= smallest),
            index + 1,
          ),
        ),
      );
      if (lines.length === 0) return refuse('empty', 'it holds no text; a scan must be read (OCR) first');
      return blocksOf(lines);
    } finally {
      await document.cleanup();
    }
  } catch (error) {
    const said = messageOf(error);
    if (/password/i.test(said)) return refuse('encrypted', 'it is protected by a password');
    return refuse('corrupt', `it cannot be read as a PDF (${said.slice(0, 80)})`);
  }
}

function linesOf(items: readonly StructuredTextItem[], page: number): Line[] {
  const lines: Line[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last && Math.abs(last.y - item.y) < Math.max(2, item.fontSize * 0.3)) {
      last.text += item.str;
      if (item.str.trim()) last.size = Math.max(last.size, item.fontSize);
    } else if (item.str.trim()) {
      lines.push({ text: item.str, y: item.y, size: item.fontSize, page });
    }
  }
  return lines.map((line) => ({ ...line, text: line.text.replace(/\s+/g, ' ').trim() }));
}

/**
 * Page numbers, and running heads that stand on most pages. The first and last line of a page may differ in their numbers from
 * page to page ("Handbook · page 1 of 3"); lines between must be the same, or rows of a table would go.
 */
function withoutFurniture(lines: readonly Line[]): Line[] {
  const pages = new Map<string, Set<number>>();
  const count = Math.max(0, ...lines.map((line) => line.page));
  const keyOf = (line: Line, at: number) => {
    const isEdge = lines[at - 1]?.page !== line.page || lines[at + 1]?.page !== line.page;
    return isEdge ? `edge ${line.text.replace(/\d+/g, '#')}` : line.text;
  };
  lines.forEach((line, at) => {
    for (const key of new Set([keyOf(line, at), line.text]))
      pages.set(key, (pages.get(key) ?? new Set()).add(line.page));
  });
  const isOnMost = (key: string) => count > 2 && (pages.get(key)?.size ?? 0) > count / 2;
  return lines.filter(
    (line, at) =>
      !/^(?:page )?\d{1,3}(?: of \d+)?$/i.test(line.text) &&
      !/\bpage \d{1,3} of \d{1,3}$/i.test(line.text) &&
      !CONTENTS.test(line.text) &&
      !isOnMost(line.text) &&
      !isOnMost(keyOf(line, at)),
  );
}

/** A line of the table of contents: a heading, dots, a page. What it names stands further on. */
const CONTENTS = /\.{6,}\s*\d{0,3}$|…{3,}\s*\d{0,3}$/;

function blocksOf(lines: readonly Line[]): Block[] {
  const sizes = lines.map((line) => line.size).sort((a, b) => a - b);
  const normal = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const larger = [...new Set(lines.map((line) => Math.round(line.size)))].filter(
    (size) => size > normal * 1.1,
  );
  const levels = larger.sort((a, b) => b - a);
  const blocks: Shaped[] = [];
  let previous: Line | undefined;
  for (const line of lines) {
    const level = levels.indexOf(Math.round(line.size)) + 1;
    const marked = readMarker(line.text);
    const gap = previous && previous.page === line.page ? previous.y - line.y : 0;
    const last = blocks.at(-1);
    const sameSize = previous && Math.abs(previous.size - line.size) < 0.6;
    const turnsPage = previous && previous.page !== line.page && !/[.:!?]$/.test(previous.text);
    if (
      last &&
      sameSize &&
      !marked &&
      !readByline(line.text) &&
      last.kind !== 'byline' &&
      (turnsPage || (gap > 0 && gap < line.size * 1.65))
    ) {
      last.text += ` ${line.text}`;
      last.lines += 1;
    } else if (level > 0)
      blocks.push({ kind: 'heading', level: Math.min(level, 4), text: line.text, page: line.page, lines: 1 });
    else if (marked) blocks.push({ kind: 'item', ...marked, page: line.page, lines: 1 });
    else {
      const kind = readByline(line.text) ? 'byline' : 'paragraph';
      blocks.push({ kind, text: line.text, page: line.page, lines: 1 });
    }
    previous = line;
  }
  const below = Math.min(levels.length + 1, LOWEST);
  return blocks.map((block, at) => {
    const { lines: _, ...plain } = block;
    return headsWhatFollows(blocks, at) ? { ...plain, kind: 'heading', level: below } : plain;
  });
}

type Shaped = { -readonly [Key in keyof Block]: Block[Key] } & { lines: number };
const LOWEST = 4;
/** Words of a heading in bold type of the text's own size, which a PDF does not tell from the text. */
const MOST_WORDS = 9;
/** What stands under a heading is a list or says something (characters); a form's next label does not. */
const LEAST_BELOW = 60;

/** A short line alone, shaped like a heading, before text or a list: in most offices' PDFs bold type of one size. */
function headsWhatFollows(blocks: readonly Shaped[], at: number): boolean {
  const [before, block, next] = [blocks[at - 1], blocks[at], blocks[at + 1]];
  if (!block || block.lines > 1 || !next || !isHeadingShaped(block.text)) return false;
  if (block.text.split(/\s+/).length > MOST_WORDS || !/\p{L}{3}/u.test(block.text)) return false;
  if (before && isRow(before)) return false;
  const says =
    next.kind === 'paragraph' && !isRow(next) && (next.text.length >= LEAST_BELOW || /:$/.test(next.text));
  if (block.kind === 'paragraph') return says || (next.kind === 'item' && next.marker !== undefined);
  // "3. Roles": a number alone before a paragraph heads it; among others it is a point of a list.
  const numbered = /^\(?\d/.test(block.marker ?? '');
  return block.kind === 'item' && numbered && before?.kind !== 'item' && says;
}

/** One line that ends nowhere: a row of a table, or another label. */
function isRow({ kind, lines, text }: Shaped): boolean {
  return kind === 'paragraph' && lines === 1 && !/[.:;!?…]["”’')]*$/.test(text);
}
