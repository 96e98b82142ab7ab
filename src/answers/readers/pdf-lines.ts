/**
 * A PDF's pieces of text as the lines that a reader sees: put together by their height on the page, with their type, and
 * without what stands on every page. Knows no file and no block.
 */

/** A piece of text as PDF.js gives it; places and sizes in points from the lower left corner. */
export type Piece = {
  readonly str: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  /** The file's own short name of the type; it tells one from another and says nothing else. */
  readonly font: string;
};

export type Line = {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly page: number;
  /** The type that all its words are set in; absent where they are set in several. */
  readonly font?: string;
  /** Where a line is two texts with a wide gap between them: both, and where the second begins. */
  readonly cells?: { readonly first: string; readonly second: string; readonly x: number };
};

export function linesOf(pieces: readonly Piece[], page: number): Line[] {
  const rows: Piece[][] = [];
  for (const piece of pieces) {
    const row = rows.at(-1);
    const above = row?.[0];
    if (row && above && Math.abs(above.y - piece.y) < Math.max(2, piece.size * 0.3)) row.push(piece);
    else if (piece.str.trim()) rows.push([piece]);
  }
  return rows.map((row) => lineOf(row, page));
}

function lineOf(row: readonly Piece[], page: number): Line {
  const said = row.filter(({ str }) => str.trim());
  const [first] = said;
  const fonts = new Set(said.filter(({ str }) => /[\p{L}\p{N}]/u.test(str)).map(({ font }) => font));
  const [font] = fonts;
  const cells = cellsOf(said);
  return {
    text: tidy(row.map(({ str }) => str).join('')),
    x: first?.x ?? 0,
    y: first?.y ?? 0,
    size: Math.max(0, ...said.map(({ size }) => size)),
    page,
    ...(font && fonts.size === 1 ? { font } : {}),
    ...(cells ? { cells } : {}),
  };
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The gap that parts two columns, in widths of the type. */
const COLUMN_GAP = 1.5;

function cellsOf(said: readonly Piece[]): Line['cells'] {
  const starts = said.flatMap((piece, at) => {
    const before = said[at - 1];
    return before && piece.x - (before.x + before.width) > piece.size * COLUMN_GAP ? [at] : [];
  });
  const [at, more] = starts;
  const second = at === undefined ? undefined : said[at];
  if (at === undefined || more !== undefined || !second) return undefined;
  const text = (pieces: readonly Piece[]) => tidy(pieces.map(({ str }) => str).join(' '));
  return { first: text(said.slice(0, at)), second: text(said.slice(at)), x: second.x };
}

/**
 * Page numbers, and running heads that stand on most pages. The first and last line of a page may differ in their numbers from
 * page to page ("Handbook · page 1 of 3"); lines between must be the same, or rows of a table would go.
 */
export function withoutFurniture(lines: readonly Line[]): Line[] {
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
