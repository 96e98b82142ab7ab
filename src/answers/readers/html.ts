/**
 * Simple HTML, such as mammoth makes of a Word file: headings, paragraphs, lists and tables become blocks; scripts, styles,
 * attributes and what is hidden are dropped. It reads words out and never renders, so nothing in the markup can act.
 */
import { type Block, isHeadingShaped, readByline, readMarker, rowText } from './block.ts';
import { shownHtml } from './shown-html.ts';

const PART =
  /<(\/?)(h[1-6]|p|li|ol|ul|dl|dt|dd|tr|td|th|br|div|table|blockquote|section|article|hr)\b[^<>]*>/gi;

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  pound: '£',
};

function plainWords(html: string): string {
  return html
    .replace(/<[^<>]*>/g, '')
    .replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
      if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? whole;
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : '';
    })
    .replace(/\s+/g, ' ')
    .trim();
}

/** `shown`: what of the page is for readers. */
export function readHtml(html: string, shown: (html: string) => string = shownHtml): Block[] {
  const blocks: Block[] = [];
  const lists: { ordered: boolean; count: number; within?: string }[] = [];
  const cells: string[] = [];
  let headers: string[] = [];
  let open = 'p';
  let term = '';
  let headerRow = false;
  const source = shown(html);
  const put = (text: string) => {
    if (!text) return;
    if (/^h[1-6]$/.test(open)) blocks.push({ kind: 'heading', level: Number(open[1]), text });
    else if (open === 'td' || open === 'th') cells.push(text);
    else if (open === 'dt') term = text;
    else if (open === 'dd' && term) {
      blocks.push({ kind: 'row', text: rowText([], [term, text]) });
      term = '';
    } else if (open === 'li') {
      const list = lists.at(-1);
      if (list) list.count += 1;
      const within = list?.within ? { within: list.within } : {};
      blocks.push({ kind: 'item', marker: list?.ordered ? `${list.count}.` : '•', text, ...within });
    } else blocks.push(paragraph(text));
  };
  let from = 0;
  for (const match of source.matchAll(PART)) {
    const closing = match[1] === '/';
    const tag = (match[2] ?? '').toLowerCase();
    if (tag === 'br') continue;
    put(plainWords(source.slice(from, match.index)));
    from = match.index + match[0].length;
    if (tag === 'ol' || tag === 'ul') {
      if (closing) lists.pop();
      else {
        const point = lists.length > 0 ? blocks.at(-1) : undefined;
        const within = point?.kind === 'item' ? { within: point.text } : {};
        lists.push({ ordered: tag === 'ol', count: 0, ...within });
      }
      open = 'p';
    } else if (tag === 'table') {
      headers = [];
    } else if (tag === 'tr') {
      if (closing && cells.length > 0) {
        if (headerRow) headers = [...cells];
        else blocks.push({ kind: 'row', text: rowText(headers, cells) });
      }
      cells.length = 0;
      headerRow = false;
    } else if (tag === 'th' && !closing) {
      headerRow = true;
      open = 'th';
    } else if (tag === 'p' && ['li', 'td', 'th', 'dt', 'dd'].includes(open)) {
      // A paragraph inside an item or a cell is that item's or cell's text.
    } else open = closing ? 'p' : tag;
  }
  put(plainWords(source.slice(from)));
  return boldLinesAsHeadings(blocks);
}

function paragraph(text: string): Block {
  const marked = readMarker(text);
  if (marked) return { kind: 'item', ...marked };
  return { kind: readByline(text) ? 'byline' : 'paragraph', text };
}

/** A file without any heading style still has lines that read as headings. */
function boldLinesAsHeadings(blocks: readonly Block[]): Block[] {
  if (blocks.some((block) => block.kind === 'heading')) return [...blocks];
  return blocks.map((block, index) =>
    block.kind === 'paragraph' && blocks[index + 1] && isHeadingShaped(block.text)
      ? { kind: 'heading', level: index === 0 ? 1 : 2, text: block.text }
      : block,
  );
}
