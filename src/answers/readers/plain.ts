/**
 * Plain text: headings, lists and bylines are found by shape, since nothing marks them. Lines cut at a fixed width are
 * joined again; lines that come back many times ("Read more") are navigation and leave a break. Pure.
 */
import { type Block, isHeadingShaped, readByline, readMarker } from './block.ts';

type Line = { readonly text: string; readonly page?: number };

/** A line said this often is a page's furniture, not its content. */
const FURNITURE = 3;

/** Pages are separated by form feeds; a text without any has no page numbers. */
export function readPlain(text: string): Block[] {
  const pages = text.replace(/\r\n?/g, '\n').replaceAll('\u00a0', ' ').split('\f');
  const lines = pages.flatMap((page, index) =>
    page.split('\n').map((line) => ({
      text: line.replace(/\s+/g, ' ').trim(),
      ...(pages.length > 1 ? { page: index + 1 } : {}),
    })),
  );
  return withTitles(withBylines(shape(join(lines))));
}

/** One entry a paragraph: lines of a text that was cut at a width are put together again. */
function join(lines: readonly Line[]): Line[] {
  const widest = Math.max(0, ...lines.map((line) => line.text.length));
  const cut = widest >= 50 && widest <= 120;
  const joined: Line[] = [];
  let last: { text: string; page?: number } | undefined;
  let width = 0;
  for (const line of lines) {
    if (!line.text) {
      last = undefined;
      continue;
    }
    const runsOn =
      last && !readMarker(line.text) && (/^\p{Ll}/u.test(line.text) || cut) && width > widest * 0.6;
    if (last && runsOn && widest <= 400) {
      last.text += ` ${line.text}`;
    } else {
      last = { ...line };
      joined.push(last);
    }
    width = line.text.length;
  }
  return joined;
}

function shape(lines: readonly Line[]): Block[] {
  const times = new Map<string, number>();
  for (const { text } of lines) times.set(text.toLowerCase(), (times.get(text.toLowerCase()) ?? 0) + 1);
  const isFurniture = (text: string) =>
    (times.get(text.toLowerCase()) ?? 0) >= FURNITURE && text.split(' ').length <= 4 && !readByline(text);
  return lines.map((line, index): Block => {
    const page = line.page === undefined ? {} : { page: line.page };
    const next = lines[index + 1]?.text;
    if (isFurniture(line.text)) return { kind: 'break', text: '' };
    if (readByline(line.text) || saidTwice(line.text)) return { kind: 'byline', text: line.text, ...page };
    const marked = readMarker(line.text);
    if (marked) {
      const alone = !next || !readMarker(next);
      const before = lines[index - 1]?.text;
      const first = !before || !readMarker(before);
      const numbered = /[\d\p{L}]/u.test(marked.marker);
      if (numbered && alone && first && next && isHeadingShaped(marked.text)) {
        return { kind: 'heading', level: 2, ...marked, ...page };
      }
      return { kind: 'item', ...marked, ...page };
    }
    if (next && isHeadingShaped(line.text)) return { kind: 'heading', level: 2, text: line.text, ...page };
    return { kind: 'paragraph', text: line.text, ...page };
  });
}

/** Listings on web pages print themes and author twice on one line. */
function saidTwice(text: string): boolean {
  const half = (text.length - 1) / 2;
  return text.length > 12 && Number.isInteger(half) && text.slice(0, half) === text.slice(half + 1);
}

const NAME_SHAPED = /^(?:By )?\p{Lu}[\p{L}'’.-]+(?: (?:(?:de|van|von|and) )?\p{Lu}[\p{L}'’.-]*){1,4}$/u;

/** Name, then title, then text, many times over: a listing whose names are bylines. */
function withBylines(blocks: readonly Block[]): Block[] {
  const isPair = (index: number) =>
    blocks[index]?.kind === 'heading' &&
    !blocks[index]?.marker &&
    NAME_SHAPED.test(blocks[index]?.text ?? '') &&
    blocks[index + 1]?.kind === 'heading' &&
    blocks[index + 2]?.kind === 'paragraph';
  const pairs = blocks.filter((_, index) => isPair(index)).length;
  if (pairs < FURNITURE) return [...blocks];
  return blocks.map((block, index) =>
    isPair(index) ? { kind: 'byline', text: block.text, leads: true } : block,
  );
}

/** The first heading, and the first after a dated byline, are titles of works. */
function withTitles(blocks: readonly Block[]): Block[] {
  let ended = true;
  return blocks.map((block) => {
    if (block.kind === 'heading' && ended) {
      ended = false;
      return { ...block, level: 1 };
    }
    if (block.kind === 'byline' && readByline(block.text)?.date) ended = true;
    return block;
  });
}
