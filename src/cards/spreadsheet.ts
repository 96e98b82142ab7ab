/**
 * Spreadsheets for people: a sheet a subject, each one table whose header row stays in view and stands on every printed page. A cell is
 * a text, a number or a link; none is a formula, whatever somebody wrote. Knows nothing of what the cells say.
 */
import type { Cell, Row, Sheet } from 'write-excel-file/node';
import { isSafeLink } from './elements.ts';
import { sheetParts } from './spreadsheet-parts.ts';

/** `text` opens `url`, where that is a link over https; else `url` stands there as a text. */
export type LinkCell = { readonly text: string; readonly url: string };
export type Value = string | number | LinkCell | undefined;

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type SheetParts = {
  readonly name: string;
  /** What its rows are, for whoever does not see it. */
  readonly description: string;
  /** Each different from the others. */
  readonly header: readonly string[];
  /** In characters, a column each. */
  readonly widths: readonly number[];
  readonly rows: readonly (readonly Value[])[];
};

const FONT_SIZE = 10;
/** Of a line of that size, and above and below it; points. */
const LINE_HEIGHT = 12.75;
const PADDING = 2.25;
/** Excel knows no higher row. */
const MOST_HEIGHT = 409;
/** Excel asks to repair a file with a longer link (2,079 characters). */
const LONGEST_LINK = 2_000;

/** `title`: of the whole file. What writes it is loaded with the first: most instances run for weeks without one. */
export async function spreadsheet(title: string, sheets: readonly SheetParts[]): Promise<Buffer> {
  const { default: writeExcelFile } = await import('write-excel-file/node');
  const links = sheets.map(({ rows }) =>
    rows.flatMap((row, index) =>
      row.flatMap((value, column) => (isLink(value) ? [{ row: index + 1, column, ...value }] : [])),
    ),
  );
  const parts = sheets.map(({ name, description, header, rows }, index) => ({
    name,
    description,
    header,
    rows: rows.length,
    links: links[index] ?? [],
  }));
  return writeExcelFile(sheets.map(sheetOf), {
    fontFamily: 'Arial',
    fontSize: FONT_SIZE,
    features: [await sheetParts(title, parts)],
  }).toBuffer();
}

function isLink(value: Value): value is LinkCell {
  return typeof value === 'object' && opens(value);
}

function opens({ url }: LinkCell): boolean {
  return isSafeLink(url) && url.length <= LONGEST_LINK;
}

function sheetOf({ name, header, widths, rows }: SheetParts): Sheet<Buffer> {
  const height = heightOf(header, widths);
  const heads: Row = header.map((value) => ({
    value,
    type: String,
    fontWeight: 'bold',
    wrap: true,
    alignVertical: 'top',
    height,
  }));
  return {
    sheet: name,
    data: [heads, ...rows.map((row) => rowOf(row, heightOf(row, widths)))],
    columns: widths.map((width) => ({ width })),
    stickyRowsCount: 1,
    orientation: 'landscape',
  };
}

/** With their types said, so that nothing reads words as anything else. */
function rowOf(row: readonly Value[], height: number): Row {
  const look = { alignVertical: 'top', height } as const;
  return row.map((value): Cell => {
    if (value === undefined || value === '') return null;
    if (typeof value === 'number') return { value, type: Number, ...look };
    const drawn = isLink(value) ? LINKED : {};
    return { value: textOf(value), type: String, wrap: true, ...look, ...drawn };
  });
}

const LINKED = { textColor: '#0563C1', textDecoration: { underline: true } } as const;

/** For the longest of its cells: not every program makes a row as high as its words need. */
function heightOf(row: readonly Value[], widths: readonly number[]): number {
  const lines = row.map((value, index) => linesOf(textOf(value), widths[index] ?? 10));
  return Math.min(Math.max(1, ...lines) * LINE_HEIGHT + PADDING, MOST_HEIGHT);
}

function textOf(value: Value): string {
  if (typeof value !== 'object') return String(value ?? '');
  return opens(value) ? value.text : value.url;
}

/** Letters are narrower than the digit that widths are counted in. */
const LETTERS = 1.1;

/** How many lines a column of such a width makes of a text, wrapped at spaces; a longer word is broken. */
function linesOf(text: string, column: number): number {
  const width = Math.floor(column * LETTERS);
  return text.split('\n').reduce((sum, paragraph) => {
    let [lines, used] = [1, 0];
    for (const word of paragraph.split(' ')) {
      if (used > 0 && used + 1 + word.length > width) [lines, used] = [lines + 1, 0];
      const over = Math.ceil(word.length / width) - 1;
      lines += Math.max(0, over);
      used = over > 0 ? word.length % width : used + word.length + (used > 0 ? 1 : 0);
    }
    return sum + lines;
  }, 0);
}
