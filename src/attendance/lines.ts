/**
 * Cuts CSV text that arrives in chunks into rows with the line each begins on. Knows quotation marks and nothing of
 * columns. A line that never ends is refused before it fills the memory.
 */
import Papa from 'papaparse';

export type LineHandler = {
  /** A row and the line it begins on, from 1. Return false to hear no more. */
  row(cells: readonly string[], line: number): boolean;
  fault(reason: string, line: number): void;
};

export interface LineReader {
  take(text: string): void;
  end(): void;
}

/** A line that has not ended by then is a quotation mark that was never closed, or not a marks file. */
const LONGEST_LINE = 100_000;

export function createLineReader(handler: LineHandler): LineReader {
  let buffer = '';
  let line = 0;
  let started = false;
  let stopped = false;

  function take(text: string): void {
    if (stopped || text === '') return;
    buffer += started ? text : text.replace(/^\uFEFF/, '');
    started = true;
    const end = endOfWholeLines(buffer);
    if (end > 0) {
      const whole = buffer.slice(0, end);
      buffer = buffer.slice(end);
      readLines(whole);
    }
    if (buffer.length <= LONGEST_LINE || stopped) return;
    handler.fault('a line does not end; is a quotation mark left open?', line + 1);
    stopped = true;
    buffer = '';
  }

  function readLines(text: string): void {
    const plain = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
    const parsed = Papa.parse<string[]>(plain, { delimiter: ',', newline: '\n' });
    const broken = new Map(parsed.errors.map((error) => [error.row, error.message]));
    // Text that ends in a newline gives one empty row more than it has lines.
    const last = parsed.data.at(-1);
    const count = parsed.data.length - (last?.length === 1 && last[0] === '' ? 1 : 0);
    const quoted = plain.includes('"');
    for (let index = 0; index < count && !stopped; index += 1) {
      const cells = parsed.data[index] ?? [];
      const start = line + 1;
      line = start;
      if (quoted) for (const cell of cells) line += cell.split('\n').length - 1;
      const fault = broken.size > 0 ? broken.get(index) : undefined;
      if (fault) handler.fault(`the quotation marks do not pair up (${fault.toLowerCase()})`, start);
      else if (cells.length > 1 || cells[0] !== '') stopped = !handler.row(cells, start);
    }
  }

  function end(): void {
    const rest = buffer;
    buffer = '';
    if (!stopped && rest !== '') readLines(rest);
  }

  return { take, end };
}

/** How much of the text ends in a complete line: a newline inside quotation marks ends none. */
function endOfWholeLines(text: string): number {
  let end = text.lastIndexOf('\n') + 1;
  if (!text.includes('"')) return end;
  while (end > 0 && countQuotes(text, end) % 2 === 1) end = text.lastIndexOf('\n', end - 2) + 1;
  return end;
}

function countQuotes(text: string, end: number): number {
  let found = 0;
  for (let at = text.indexOf('"'); at >= 0 && at < end; at = text.indexOf('"', at + 1)) found += 1;
  return found;
}
