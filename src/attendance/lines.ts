/**
 * Cuts CSV text that arrives in chunks into rows with the line each begins on. Knows quotation marks and nothing of
 * columns. It copies no cell: a row says where its cells stand, since a year's file has fifty million of them. A line that
 * never ends is refused before it fills the memory. Tests hold it to papaparse.
 */

/** Cells without their quotation marks and outer blanks. Good until the handler returns. */
export type Row = {
  readonly text: string;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
  /** No cell was in quotation marks, so the text is as it stood in the file. */
  readonly plain: boolean;
  /** The leading cells that `expectLead` named are those of the plain row before, to the letter. */
  readonly sameLead: boolean;
  /** The line it begins on, from 1. */
  readonly line: number;
};

export type LineHandler = {
  /** Return false to hear no more. */
  row(row: Row): boolean;
  fault(reason: string, line: number): void;
};

export interface LineReader {
  take(text: string): void;
  /** So many cells at the beginning of a row are, as a rule, those of the row before: they are compared, not cut. */
  expectLead(cells: number): void;
  /** The row in hand was not used, so the next one must not be taken for more of it. */
  passOver(): void;
  end(): void;
}

export function cellOf(row: Row, place: number): string {
  return row.text.slice(row.starts[place], row.ends[place]);
}

/** A cell to keep. A part of a long text keeps all of it in memory, and with one part of each chunk the whole file stays. */
export function keptCell(row: Row, place: number): string {
  return Buffer.from(cellOf(row, place)).toString();
}

/** Whether a cell is exactly `text`; makes no copy. */
export function isCell(row: Row, place: number, text: string): boolean {
  const start = row.starts[place] ?? 0;
  return (row.ends[place] ?? 0) - start === text.length && row.text.startsWith(text, start);
}

/** A line that has not ended by then is a quotation mark that was never closed, or not a marks file. */
const LONGEST_LINE = 100_000;
const ENDLESS = 'a line does not end; is a quotation mark left open?';
const UNPAIRED = 'the quotation marks do not pair up';

const QUOTE = 34;
const COMMA = 44;
const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;
const TAB = 9;

type Cells = { -readonly [Part in keyof Row]: Row[Part] };

export function createLineReader(handler: LineHandler): LineReader {
  let buffer = '';
  let started = false;
  let stopped = false;
  let leadCells = 0;
  /** The leading cells of the row before, with the comma after them; of length 0 when there are none to go by. */
  let lead = new Uint16Array(256);
  let leadLength = 0;
  let rowStart = 0;
  let scanned = 0;
  let unused = false;
  const row: Cells = {
    text: '',
    starts: new Int32Array(64),
    ends: new Int32Array(64),
    count: 0,
    plain: true,
    sameLead: false,
    line: 1,
  };

  /**
   * The line that the chunk before broke off is finished by itself, so that the chunk can be read as it came: every look into
   * a joined string costs a way through its parts.
   */
  function take(text: string): void {
    if (stopped || text === '') return;
    let from = 0;
    if (!started && text.startsWith('\uFEFF')) from = 1;
    started = true;
    if (buffer !== '') {
      const end = text.indexOf('\n') + 1;
      const line = buffer + text.slice(0, end);
      if (end > 0 && scan(line, 0, false) === line.length) from = end;
      else if (!stopped) {
        const rest = end > 0 ? line.slice(scanned) + text.slice(end) : buffer + text;
        buffer = rest.slice(scan(rest, 0, false));
        endless();
        return;
      }
    }
    if (stopped) return;
    buffer = text.slice(scan(text, from, false));
    endless();
  }

  function endless(): void {
    if (buffer.length > LONGEST_LINE) stop(ENDLESS);
  }

  function end(): void {
    if (!stopped && buffer !== '') scan(buffer, 0, true);
    buffer = '';
  }

  function stop(reason: string): void {
    if (!stopped) handler.fault(reason, row.line);
    stopped = true;
    buffer = '';
  }

  /** Hands on every complete row from a place on; returns where the first incomplete one begins. */
  function scan(text: string, start: number, final: boolean): number {
    scanned = start;
    while (scanned < text.length && !stopped) {
      const next = scanRow(text, scanned, final);
      if (next < 0) return scanned;
      if (next - scanned > LONGEST_LINE) stop(ENDLESS);
      scanned = next;
    }
    return scanned;
  }

  /** Where the row after the one at `from` begins; -1 when this one is not complete. */
  function scanRow(text: string, from: number, final: boolean): number {
    row.text = text;
    row.count = 0;
    row.plain = true;
    row.sameLead = beginsAsBefore(text, from);
    let start = from;
    if (!row.sameLead) leadLength = 0;
    else {
      // Where the cells of the row before stood, moved to here.
      const shift = from - rowStart;
      for (let place = 0; place < leadCells; place += 1) {
        row.starts[place] = (row.starts[place] ?? 0) + shift;
        row.ends[place] = (row.ends[place] ?? 0) + shift;
      }
      row.count = leadCells;
      start = from + leadLength;
    }
    rowStart = from;
    for (let at = start; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code > COMMA) continue;
      if (code === COMMA) {
        put(start, at);
        start = at + 1;
      } else if (code === LINE_FEED || code === RETURN) {
        // The line feed of a cut pair may come with the next chunk.
        if (code === RETURN && at + 1 === text.length && !final) return -1;
        put(start, at);
        return finish(text, from, at, 1);
      } else if (code === QUOTE && at === start) return scanQuoted(text, from, final);
    }
    if (!final) return -1;
    put(start, text.length);
    return finish(text, from, text.length, 1);
  }

  function finish(text: string, from: number, at: number, lines: number): number {
    const blank = row.count === 1 && row.starts[0] === row.ends[0];
    if (at - from <= LONGEST_LINE && !blank) stopped = !handler.row(row);
    keepLead(text, from);
    if (at - from <= LONGEST_LINE) row.line += lines;
    return text.charCodeAt(at) === RETURN && text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
  }

  /** The cells of an incomplete row are cut again with the next chunk, so only a row that was handed on is gone by. */
  function keepLead(text: string, from: number): void {
    const used = !unused;
    unused = false;
    if (used && row.sameLead) return;
    leadLength = 0;
    if (!used || !row.plain || leadCells === 0 || row.count <= leadCells) return;
    const length = text.indexOf(',', row.ends[leadCells - 1]) + 1 - from;
    if (length > lead.length) lead = new Uint16Array(length * 2);
    for (let at = 0; at < length; at += 1) lead[at] = text.charCodeAt(from + at);
    leadLength = length;
  }

  /** From the end, where the number of a pupil stands rather than that of the school. */
  function beginsAsBefore(text: string, from: number): boolean {
    if (leadLength === 0 || from + leadLength > text.length) return false;
    for (let at = leadLength - 1; at >= 0; at -= 1) if (text.charCodeAt(from + at) !== lead[at]) return false;
    return true;
  }

  function put(start: number, end: number): void {
    let first = start;
    let last = end;
    while (first < last && isBlank(row.text.charCodeAt(first))) first += 1;
    while (first < last && isBlank(row.text.charCodeAt(last - 1))) last -= 1;
    if (row.count === row.starts.length) {
      row.starts = doubled(row.starts);
      row.ends = doubled(row.ends);
    }
    row.starts[row.count] = first;
    row.ends[row.count] = last;
    row.count += 1;
  }

  /** A row with a quoted cell, read into a text of its own: a doubled quotation mark in it stands for one. */
  function scanQuoted(text: string, from: number, final: boolean): number {
    const cells: string[] = [];
    let lines = 1;
    let at = from;
    for (;;) {
      let cell: string;
      if (text.charCodeAt(at) === QUOTE) {
        const close = closingQuote(text, at + 1);
        if (close < 0) {
          if (!final && text.length - from <= LONGEST_LINE) return -1;
          return broken(final && text.length - from <= LONGEST_LINE ? UNPAIRED : ENDLESS, text.length, lines);
        }
        if (close + 1 === text.length && !final) return -1;
        cell = text.slice(at + 1, close).replaceAll('""', '"');
        lines += linesIn(text, at, close);
        at = close + 1;
        while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
        if (at === text.length && !final) return -1;
        if (at < text.length && !isEnd(text.charCodeAt(at))) {
          const next = endOfLine(text, at);
          if (next < 0 && !final) return -1;
          return broken(UNPAIRED, next < 0 ? text.length : next, lines);
        }
      } else {
        const start = at;
        while (at < text.length && !isEnd(text.charCodeAt(at))) at += 1;
        cell = text.slice(start, at);
      }
      cells.push(cell);
      const code = at < text.length ? text.charCodeAt(at) : LINE_FEED;
      if (code === COMMA) {
        at += 1;
        continue;
      }
      if (at === text.length && !final) return -1;
      if (code === RETURN && at + 1 === text.length && !final) return -1;
      row.text = cells.join(',');
      row.plain = false;
      row.sameLead = false;
      row.count = 0;
      let start = 0;
      for (const one of cells) {
        put(start, start + one.length);
        start += one.length + 1;
      }
      return finish(text, from, at, lines);
    }
  }

  function broken(reason: string, next: number, lines: number): number {
    if (reason === ENDLESS) stop(reason);
    else handler.fault(reason, row.line);
    row.line += lines;
    return next;
  }

  return {
    take,
    end,
    expectLead: (cells) => {
      leadCells = cells;
    },
    passOver: () => {
      unused = true;
    },
  };
}

function doubled(places: Int32Array): Int32Array {
  const more = new Int32Array(places.length * 2);
  more.set(places);
  return more;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function isEnd(code: number): boolean {
  return code === COMMA || code === LINE_FEED || code === RETURN;
}

/** The quotation mark that closes a cell: not one of a pair. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text.charCodeAt(at) === LINE_FEED) return at + 1;
    if (text.charCodeAt(at) === RETURN && at + 1 < text.length)
      return text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
  }
  return -1;
}

/** Line ends between two places, as a text editor counts them. */
function linesIn(text: string, from: number, to: number): number {
  let found = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || (code === RETURN && text.charCodeAt(at + 1) !== LINE_FEED)) found += 1;
  }
  return found;
}
