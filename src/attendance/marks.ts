/**
 * Reads a marks file chunk by chunk, in whichever layout its columns show, into what the figures need. Every problem is
 * kept with its line and column; a file with one problem gives no figures at all. What a session counted as is all that is
 * taken of a mark; names are taken only where the trust's file lets a school show its pupils.
 */
import { columnNames, type ExtraNames } from './aliases.ts';
import { type Header, readHeader } from './columns.ts';
import type { MarksGrid } from './grid.ts';
import { cellOf, createLineReader, type Row } from './lines.ts';
import { type MarksProblem, Problems } from './problems.ts';
import { createPupilRows } from './pupil-rows.ts';
import { createTotalRows, type TotalsWeek } from './totals.ts';

export type { MarksProblem } from './problems.ts';

export type MarksReading =
  | {
      readonly kind: 'problems';
      readonly problems: readonly MarksProblem[];
      readonly more: number;
      readonly rows: number;
    }
  | (Found & { readonly rows: number; readonly notes: readonly string[] });

/** A file that could be read. */
export type Read = Exclude<MarksReading, { kind: 'problems' }>;

type Found =
  | { readonly kind: 'marks'; readonly grid: MarksGrid }
  /** Sessions counted by the school itself, with no pupil in the file. */
  | { readonly kind: 'totals'; readonly weeks: readonly TotalsWeek[] };

export type MarksOptions = {
  /** The trust's schools; marks of any other are refused. */
  readonly schools: ReadonlySet<string>;
  /** The one school that the file must be of, when the sender said so. */
  readonly schoolUrn?: string | undefined;
  /** Local date of the import: no mark can be later. */
  readonly today: string;
  /** Names of columns that the trust added. */
  readonly columns?: ExtraNames | undefined;
  /** The trust says that slashed dates are day/month/year. */
  readonly dayFirst?: boolean | undefined;
  /** The trust says that an empty `pp` or `sen` means no. */
  readonly blankMeansNo?: boolean | undefined;
  /** Schools whose pupils may be shown: only there are names read. */
  readonly named?: ReadonlySet<string> | undefined;
};

export interface MarksReader {
  take(text: string): void;
  finish(): MarksReading;
}

/** What reads the rows of a layout. */
export interface RowReader {
  /** How many cells at the beginning of a row are about the pupil, and so the same in many rows on end. */
  readonly lead: number;
  row(row: Row): void;
  /** Problems that only the whole file shows are reported before this returns. */
  finish(): Found & { readonly notes: readonly string[] };
}

export function createMarksReader(options: MarksOptions): MarksReader {
  const problems = new Problems();
  let rows = 0;
  let header: Header | undefined;
  let reader: RowReader | undefined;

  const lines = createLineReader({
    row: (row) => {
      if (!reader || !header) return readFirst(row);
      if (row.count === header.width) {
        if (isEmpty(row)) {
          lines.passOver();
          return true;
        }
        reader.row(row);
      } else {
        lines.passOver();
        problems.report(row.line, '', `${row.count} cells, the header has ${header.width}`);
      }
      rows += 1;
      return true;
    },
    fault: (reason, line) => problems.report(line, '', reason),
  });

  /** Without a header that can be used, what follows has no meaning. */
  function readFirst(row: Row): boolean {
    const cells = Array.from({ length: row.count }, (_, place) => cellOf(row, place));
    const read = readHeader(cells, {
      schoolGiven: options.schoolUrn !== undefined,
      nameOf: columnNames(options.columns),
    });
    if (read.kind === 'problems') {
      for (const reason of read.problems) problems.report(row.line, '', reason);
      return false;
    }
    header = read;
    reader =
      read.layout === 'totals'
        ? createTotalRows(read, options, problems)
        : createPupilRows(read, options, problems);
    lines.expectLead(reader.lead);
    return true;
  }

  function finish(): MarksReading {
    lines.end();
    if (problems.count === 0 && rows === 0)
      problems.report(0, '', header ? 'the file has a header and no marks' : 'the file is empty');
    const found = reader?.finish();
    if (problems.count > 0 || !found)
      return { kind: 'problems', problems: problems.inOrder(), more: problems.more, rows };
    const dropped = header?.dropped ?? [];
    const notes = dropped.length > 0 ? [`Not needed, dropped unread: ${dropped.join(', ')}.`] : [];
    return { ...found, rows, notes: [...notes, ...found.notes] };
  }

  return { take: (text) => lines.take(text), finish };
}

/** Spreadsheets leave rows of commas behind. */
function isEmpty(row: Row): boolean {
  for (let place = 0; place < row.count; place += 1) if (row.starts[place] !== row.ends[place]) return false;
  return true;
}
