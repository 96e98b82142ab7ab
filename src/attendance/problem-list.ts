/**
 * A file's problems as a CSV that a spreadsheet can open without carrying anything out: what begins like a formula is shown
 * as text. Used for every CSV that leaves Waymark.
 */
import type { MarksProblem } from './problems.ts';

/** What spreadsheets take for the beginning of a formula, also behind blanks and in the wide forms of East Asian type. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** A cell that stays text in every spreadsheet; always in quotation marks, on one line. */
function csvCell(text: string | number): string {
  const plain = String(text).replace(/\p{Cc}+/gu, ' ');
  return `"${(FORMULA.test(plain) ? `'${plain}` : plain).replaceAll('"', '""')}"`;
}

export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** With a byte order mark, so that a spreadsheet reads it as UTF-8. */
export function problemList(problems: readonly MarksProblem[], more: number): string {
  return [
    '\uFEFF',
    csvLine(['line', 'column', 'problem']),
    ...problems.map(({ line, column, reason }) => csvLine([line > 0 ? line : 'file', column, reason])),
    ...(more > 0 ? [csvLine(['', '', `and ${more} more`])] : []),
  ].join('');
}
