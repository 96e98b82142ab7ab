/**
 * Lines of a PDF as blocks: larger type is a heading, and so is a type of its own that heads text; a wider gap ends a
 * paragraph; two columns side by side are a table's rows. Knows no file.
 */
import { type Block, isHeadingShaped, readByline, readMarker, rowText } from './block.ts';
import type { Line } from './pdf-lines.ts';

type Shaped = { -readonly [Key in keyof Block]: Block[Key] } & {
  lines: number;
  /** How high on its page it begins. */
  readonly top: number;
  /** Its lines are set in a type that is kept for headings. */
  strong: boolean;
};

const LOWEST = 4;
/** Words of a heading in bold type of the text's own size, which a PDF does not tell from the text. */
const MOST_WORDS = 9;
/** What stands under a heading is a list or says something (characters); a form's next label does not. */
const LEAST_BELOW = 60;
/** Words of a heading that its type tells. */
const MOST_STRONG = 16;

export function blocksOf(lines: readonly Line[]): Block[] {
  const sizes = lines.map((line) => line.size).sort((a, b) => a - b);
  const normal = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const larger = [...new Set(lines.map((line) => Math.round(line.size)))].filter(
    (size) => size > normal * 1.1,
  );
  const levels = larger.sort((a, b) => b - a);
  const headingFonts = fontsOfHeadings(lines);
  const rows = rowsOf(lines);
  const blocks: Shaped[] = [];
  let previous: Line | undefined;
  for (const [at, line] of lines.entries()) {
    const level = levels.indexOf(Math.round(line.size)) + 1;
    const row = rows.get(at);
    const marked = readMarker(line.text);
    const strong = headingFonts.has(line.font ?? '');
    const last = blocks.at(-1);
    const begun = { text: line.text, page: line.page, top: line.y, lines: 1, strong };
    if (row !== undefined && level === 0) blocks.push({ ...begun, kind: 'row', text: row, strong: false });
    else if (rows.isWithin(at)) {
      // Said with the row that it belongs to.
    } else if (last && previous && !marked && runsOn(last, previous, line, strong)) {
      last.text += ` ${line.text}`;
      last.lines += 1;
    } else if (level > 0) blocks.push({ ...begun, kind: 'heading', level: Math.min(level, LOWEST) });
    else if (marked) blocks.push({ ...begun, kind: 'item', ...marked });
    else blocks.push({ ...begun, kind: readByline(line.text) ? 'byline' : 'paragraph' });
    previous = line;
  }
  const below = Math.min(levels.length + 1, LOWEST);
  const ordered = withTitleFirst(blocks);
  return ordered.map((block, at) => {
    const { lines: _, strong: __, top: ___, ...plain } = block;
    return headsWhatFollows(ordered, at) ? { ...plain, kind: 'heading', level: below } : plain;
  });
}

/** A title in a frame of its own is often written after the text of its page; a reader sees it above. */
function withTitleFirst(blocks: readonly Shaped[]): readonly Shaped[] {
  const at = blocks.findIndex(({ kind, level }) => kind === 'heading' && level === 1);
  const [first, title] = [blocks[0], blocks[at]];
  if (!first || !title || title.page !== first.page || title.top <= first.top) return blocks;
  return [title, ...blocks.slice(0, at), ...blocks.slice(at + 1)];
}

/** Whether a line goes on with the words before it. */
function runsOn(last: Shaped, previous: Line, line: Line, strong: boolean): boolean {
  if (readByline(line.text) || last.kind === 'byline' || last.kind === 'row') return false;
  if (Math.abs(previous.size - line.size) >= 0.6) return false;
  // "Monitoring", in a type of its own, begins something; so do the words after it.
  if (strong !== last.strong && startsAnew(last, line, strong)) return false;
  if (previous.page !== line.page) return !/[.:!?]$/.test(previous.text);
  const gap = previous.y - line.y;
  return gap > 0 && gap < line.size * 1.65;
}

function startsAnew(last: Shaped, line: Line, strong: boolean): boolean {
  if (!strong) return isHeadingText(last.text) && !/^\p{Ll}/u.test(line.text);
  return (last.kind === 'item' || /[.:;!?)”"’]$/.test(last.text)) && isHeadingText(line.text);
}

function isHeadingText(text: string): boolean {
  const shown = text.replace(/[?:]$/, '');
  return isHeadingShaped(shown) && shown.split(/\s+/).length <= MOST_STRONG && /\p{L}{3}/u.test(shown);
}

/** Types, not the text's own, whose runs of lines mostly look like headings: a bold paragraph is one run. */
function fontsOfHeadings(lines: readonly Line[]): ReadonlySet<string> {
  const characters = new Map<string, number>();
  const runs: { readonly font: string; text: string }[] = [];
  for (const [at, { font = '', text }] of lines.entries()) {
    characters.set(font, (characters.get(font) ?? 0) + text.length);
    const run = runs.at(-1);
    if (run && font && lines[at - 1]?.font === font) run.text += ` ${text}`;
    else if (font) runs.push({ font, text });
  }
  characters.delete('');
  const [main] = [...characters].sort((a, b) => b[1] - a[1])[0] ?? [];
  const byFont = Map.groupBy(runs, ({ font }) => font);
  return new Set(
    [...byFont].flatMap(([font, all]) => {
      const shaped = all.filter(({ text }) => isHeadingText(readMarker(text)?.text ?? text));
      return font !== main && shaped.length >= all.length * MOSTLY ? [font] : [];
    }),
  );
}
const MOSTLY = 0.5;

/** A heading by its type; or a short line alone, shaped like one, before text or a list, as in offices' PDFs of one type. */
function headsWhatFollows(blocks: readonly Shaped[], at: number): boolean {
  const [before, block, next] = [blocks[at - 1], blocks[at], blocks[at + 1]];
  if (!block || !next || block.kind === 'heading' || block.kind === 'row') return false;
  if (block.strong && !next.strong && isHeadingOf(block, next)) return true;
  if (block.lines > 1 || !isHeadingShaped(block.text)) return false;
  if (block.text.split(/\s+/).length > MOST_WORDS || !/\p{L}{3}/u.test(block.text)) return false;
  if (before && isLabel(before)) return false;
  const says =
    next.kind === 'paragraph' && !isLabel(next) && (next.text.length >= LEAST_BELOW || /:$/.test(next.text));
  if (block.kind === 'paragraph') return says || (next.kind === 'item' && next.marker !== undefined);
  // "3. Roles": a number alone before a paragraph heads it; among others it is a point of a list.
  const numbered = /^\(?\d/.test(block.marker ?? '');
  return block.kind === 'item' && numbered && before?.kind !== 'item' && says;
}

/** A heading is no bullet of a list, and no sentence goes on below it. */
function isHeadingOf(block: Shaped, next: Shaped): boolean {
  const bulleted = block.marker !== undefined && !/^\(?\d/.test(block.marker);
  const goesOn = next.kind === 'paragraph' && /^\p{Ll}/u.test(next.text);
  return next.kind !== 'heading' && !bulleted && !goesOn && isHeadingText(block.text);
}

/** One line that ends nowhere: a row of a table, or another label. */
function isLabel({ kind, lines, text, strong }: Shaped): boolean {
  return kind === 'paragraph' && lines === 1 && !strong && !/[.:;!?…]["”’')]*$/.test(text);
}

/** Points by which two columns may differ and be one. */
const SAME_COLUMN = 4;
/** A table has so many rows at least. */
const LEAST_ROWS = 3;

type Rows = {
  /** The words of the row that begins at a line, by the line's place. */
  readonly get: (at: number) => string | undefined;
  readonly isWithin: (at: number) => boolean;
};

/** Tables of two columns: lines of two texts whose second begins at one place, with what runs on below either. */
function rowsOf(lines: readonly Line[]): Rows {
  const texts = new Map<number, string>();
  const within = new Set<number>();
  for (let at = 0; at < lines.length; at += 1) {
    const table = tableFrom(lines, at);
    if (table.rows.length < LEAST_ROWS) continue;
    for (const { at: place, first, second } of table.rows) texts.set(place, rowText([], [first, second]));
    for (let place = at; place < table.end; place += 1) if (!texts.has(place)) within.add(place);
    at = table.end - 1;
  }
  return { get: (at) => texts.get(at), isWithin: (at) => within.has(at) };
}

function tableFrom(lines: readonly Line[], from: number) {
  const rows: { at: number; first: string; second: string }[] = [];
  const column = lines[from]?.cells?.x;
  let end = from;
  if (column === undefined || readMarker(lines[from]?.text ?? '')) return { rows, end };
  for (; end < lines.length; end += 1) {
    const line = lines[end];
    const row = rows.at(-1);
    if (!line || line.page !== lines[from]?.page) break;
    if (line.cells && Math.abs(line.cells.x - column) <= SAME_COLUMN && !readMarker(line.text))
      rows.push({ at: end, first: line.cells.first, second: line.cells.second });
    else if (row && !line.cells && Math.abs(line.x - column) <= SAME_COLUMN) row.second += ` ${line.text}`;
    else break;
  }
  return { rows, end };
}
