/**
 * Spreadsheets for people: a sheet a subject, each with one header row that stays in view. Every cell is a text or a number; none
 * is a formula, whatever somebody wrote. Knows nothing of what the cells say.
 */
import type { Cell, Row, Sheet } from 'write-excel-file/node';

export type Value = string | number | undefined;

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type SheetParts = {
  readonly name: string;
  readonly header: readonly string[];
  /** In characters, a column each. */
  readonly widths: readonly number[];
  readonly rows: readonly (readonly Value[])[];
};

/** What writes it is loaded with the first: most instances run for weeks without one. */
export async function spreadsheet(sheets: readonly SheetParts[]): Promise<Buffer> {
  const { default: writeExcelFile } = await import('write-excel-file/node');
  return writeExcelFile(sheets.map(sheetOf), { fontFamily: 'Arial', fontSize: 10 }).toBuffer();
}

function sheetOf({ name, header, widths, rows }: SheetParts): Sheet<Buffer> {
  const heads: Row = header.map((value) => ({ value, type: String, fontWeight: 'bold', wrap: true }));
  return {
    sheet: name,
    data: [heads, ...rows.map((row) => row.map(cellOf))],
    columns: widths.map((width) => ({ width })),
    stickyRowsCount: 1,
    orientation: 'landscape',
  };
}

/** With its type said, so that nothing reads words as anything else. */
function cellOf(value: Value): Cell {
  if (value === undefined || value === '') return null;
  return typeof value === 'number' ? { value, type: Number } : { value, type: String, wrap: true };
}
