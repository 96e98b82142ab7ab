/**
 * Reads a marks file in the long layout, chunk by chunk, into a grid of pupils and days that lives only as long as the
 * import. Every problem is kept with its line and column; a file with one problem gives no figures at all. Names, numbers
 * and dates of birth are never taken out of the text.
 */
import { count as times } from '../kernel/text.ts';
import { weekdayOf } from '../kernel/time.ts';
import { CODES, isLegacy, isMissing } from './codes.ts';
import {
  type Column,
  type Header,
  readDates,
  readHeader,
  readSen,
  readSession,
  readYearGroup,
  readYesNo,
} from './columns.ts';
import { createLineReader } from './lines.ts';
import { isUpn } from './upn.ts';

/** `line` counts from 1, the header; 0 is the file as a whole. */
export type MarksProblem = { readonly line: number; readonly column: string; readonly reason: string };

/** What is said of a pupil on a day: the groups that a mark counts in. `unknown` when the file has no such column. */
export type Context = { readonly year: string; readonly pp: string; readonly sen: string };

/** A pupil's marks: two cells a day, by day number. 0 no row, 1 no mark, from 2 up a code of `CODES`. */
export type PupilMarks = { readonly schoolUrn: string; cells: Uint8Array; contexts: Uint16Array };

export type MarksGrid = {
  readonly pupils: readonly PupilMarks[];
  /** The date of each day number. */
  readonly dates: readonly string[];
  readonly contexts: readonly Context[];
};

export type MarksReading =
  | {
      readonly kind: 'problems';
      readonly problems: readonly MarksProblem[];
      readonly more: number;
      readonly rows: number;
    }
  | {
      readonly kind: 'marks';
      readonly grid: MarksGrid;
      readonly rows: number;
      readonly notes: readonly string[];
    };

export type MarksOptions = {
  /** The trust's schools; marks of any other are refused. */
  readonly schools: ReadonlySet<string>;
  /** The one school that the file must be of, when the sender said so. */
  readonly schoolUrn?: string | undefined;
  /** Local date of the import: no mark can be later. */
  readonly today: string;
};

export interface MarksReader {
  take(text: string): void;
  finish(): MarksReading;
}

/** Enough to mend a file by; the rest is counted. */
const PROBLEMS_KEPT = 500;
const CELL_OF_CODE: ReadonlyMap<string, number> = new Map(CODES.map((rule, index) => [rule.code, index + 2]));
const NO_MARK = 1;

/** The code rule of a cell, or undefined for a cell without a mark. */
export function codeOfCell(cell: number) {
  return CODES[cell - 2];
}

type Day = { readonly number: number; readonly line: number; rows: number };

export function createMarksReader(options: MarksOptions): MarksReader {
  const problems: MarksProblem[] = [];
  let more = 0;
  let line = 0;
  let rows = 0;
  let header: Header | undefined;
  const pupils = new Map<string, PupilMarks>();
  const days = new Map<string, Day>();
  const contexts = new Map<string, number>();
  /** What the cells said, to the number of what it means: a term repeats the same few. */
  const contextsRead = new Map<string, number>();
  const upns = new Map<string, string>();
  const legacy = new Map<string, { date: string; count: number }>();

  const report = (column: string, reason: string, at = line) => {
    if (problems.length < PROBLEMS_KEPT) problems.push({ line: at, column, reason });
    else more += 1;
  };

  const lines = createLineReader({
    row: (cells, at) => {
      line = at;
      if (header) readRow(cells, header);
      else return readFirst(cells);
      return true;
    },
    fault: (reason, at) => report('', reason, at),
  });

  /** Without a header that can be used, what follows has no meaning. */
  function readFirst(cells: readonly string[]): boolean {
    const read = readHeader(cells, options.schoolUrn !== undefined);
    if (read.kind === 'header') header = read;
    else for (const reason of read.problems) report('', reason);
    return read.kind === 'header';
  }

  function readRow(cells: readonly string[], { at, width }: Header): void {
    rows += 1;
    if (cells.length !== width) {
      report('', `${cells.length} cells, the header has ${width}`);
      return;
    }
    const cell = (name: Column) => (at[name] < 0 ? '' : (cells[at[name]] ?? '').trim());
    const schoolUrn = at.school_urn < 0 ? (options.schoolUrn ?? '') : cell('school_urn');
    const before = problems.length + more;
    if (!options.schools.has(schoolUrn))
      report('school_urn', `${quote(schoolUrn)} is not one of the trust’s schools`);
    else if (options.schoolUrn !== undefined && schoolUrn !== options.schoolUrn)
      report('school_urn', `is not ${options.schoolUrn}, the school this file was sent for`);
    const id = cell('pupil_id');
    if (id === '') report('pupil_id', 'is empty');
    const session = readSession(cell('session'));
    if (session === undefined) report('session', 'must be AM or PM');
    const mark = cell('mark');
    const code = isMissing(mark) ? NO_MARK : CELL_OF_CODE.get(mark);
    if (code === undefined) report('mark', `${quote(mark)} is not an attendance code`);
    if (at.minutes_late >= 0 && !/^\d{0,3}$/.test(cell('minutes_late')))
      report('minutes_late', 'must be whole minutes or empty');
    const key = `${schoolUrn} ${id}`;
    checkUpn(key, cell('upn'));
    const context = contextOf(cell, at);
    const date = cell('date');
    const day = dayOf(date);
    if (
      problems.length + more > before ||
      session === undefined ||
      code === undefined ||
      context === undefined
    )
      return;
    const old = code > NO_MARK && codeOfCell(code)?.to !== undefined ? mark : undefined;
    if (old) legacy.set(old, { date, count: (legacy.get(old)?.count ?? 0) + 1 });
    placeMark(pupilOf(key, schoolUrn), day, session, code, context);
  }

  /** The same pupil must keep one number; a wrong check letter is a slip of the keyboard. The number itself is not kept. */
  function checkUpn(key: string, upn: string): void {
    if (upn === '') return;
    const known = upns.get(key);
    if (known === undefined) {
      upns.set(key, upn);
      if (!isUpn(upn)) report('upn', 'has a wrong check letter or shape');
    } else if (known !== upn) report('upn', 'is not the one given for this pupil further up');
  }

  function contextOf(cell: (name: Column) => string, at: Header['at']): number | undefined {
    const said = `${cell('year_group')},${cell('pp')},${cell('sen')}`;
    const seen = contextsRead.get(said);
    if (seen !== undefined) return seen;
    const year = at.year_group < 0 ? 'unknown' : readYearGroup(cell('year_group'));
    if (year === undefined) report('year_group', `${quote(cell('year_group'))} is not a year group`);
    const pp = at.pp < 0 ? 'unknown' : readYesNo(cell('pp'));
    if (pp === undefined) report('pp', 'must be Y or N');
    const sen = at.sen < 0 ? 'unknown' : readSen(cell('sen'));
    if (sen === undefined) report('sen', 'must be N, K or E');
    if (year === undefined || pp === undefined || sen === undefined) return undefined;
    const key = `${year} ${pp} ${sen}`;
    const number = contexts.get(key) ?? contexts.size + 1;
    contexts.set(key, number);
    contextsRead.set(said, number);
    return number;
  }

  function dayOf(date: string): Day {
    const known = days.get(date);
    if (known) {
      known.rows += 1;
      return known;
    }
    const day = { number: days.size, line, rows: 1 };
    days.set(date, day);
    return day;
  }

  function pupilOf(key: string, schoolUrn: string): PupilMarks {
    const known = pupils.get(key);
    if (known) return known;
    const pupil = { schoolUrn, cells: new Uint8Array(64), contexts: new Uint16Array(32) };
    pupils.set(key, pupil);
    return pupil;
  }

  function placeMark(pupil: PupilMarks, day: Day, session: number, code: number, context: number): void {
    while (pupil.contexts.length <= day.number) {
      pupil.cells = grown(pupil.cells, new Uint8Array(pupil.cells.length * 2));
      pupil.contexts = grown(pupil.contexts, new Uint16Array(pupil.contexts.length * 2));
    }
    const place = day.number * 2 + session;
    if (pupil.cells[place] !== 0) report('session', 'gives this pupil’s session a second time');
    else if (pupil.contexts[day.number] !== 0 && pupil.contexts[day.number] !== context)
      report('', 'puts this pupil in other groups than the other half of the day');
    else {
      pupil.cells[place] = code;
      pupil.contexts[day.number] = context;
    }
  }

  function finish(): MarksReading {
    lines.end();
    if (problems.length === 0 && rows === 0)
      report('', header ? 'the file has a header and no marks' : 'the file is empty', 0);
    const texts = [...days.keys()];
    const reading = readDates(texts);
    if ('problem' in reading) report('date', reading.problem, days.get(reading.example)?.line ?? 0);
    const dates = 'dates' in reading ? reading.dates : new Map<string, string>();
    if ('dates' in reading) for (const text of texts) checkDate(text, dates.get(text));
    if (problems.length > 0)
      return { kind: 'problems', problems: problems.toSorted((a, b) => a.line - b.line), more, rows };
    return {
      kind: 'marks',
      grid: {
        pupils: [...pupils.values()],
        dates: texts.map((text) => dates.get(text) ?? ''),
        contexts: [...contexts.keys()].map((key) => {
          const [year = '', pp = '', sen = ''] = key.split(' ');
          return { year, pp, sen };
        }),
      },
      rows,
      notes: notesOf(dates),
    };
  }

  function checkDate(text: string, date: string | undefined): void {
    const day = days.get(text);
    const lines = day && day.rows > 1 ? ` (${day.rows} lines)` : '';
    if (date === undefined)
      report('date', `${quote(text)} is not a date such as 2026-11-23${lines}`, day?.line);
    else if (weekdayOf(date) > 5) report('date', `${text} is a weekend${lines}`, day?.line);
    else if (date > options.today) report('date', `${text} has not come yet${lines}`, day?.line);
  }

  function notesOf(dates: ReadonlyMap<string, string>): string[] {
    const notes: string[] = [];
    if (header && header.dropped.length > 0)
      notes.push(`Not needed, dropped unread: ${header.dropped.join(', ')}.`);
    if (header && header.at.pp < 0) notes.push('There is no column pp, so the gap cannot be worked out.');
    for (const [mark, { date, count }] of legacy) {
      const rule = codeOfCell(CELL_OF_CODE.get(mark) ?? 0);
      if (rule && isLegacy(rule, dates.get(date) ?? ''))
        notes.push(`Old code ${mark} (${times(count, 'mark')}): ended on ${rule.to}, still read.`);
    }
    return notes;
  }

  return { take: (text) => lines.take(text), finish };
}

function grown<Cells extends Uint8Array | Uint16Array>(from: Cells, into: Cells): Cells {
  into.set(from);
  return into;
}

/** Words of the file in a message: short, and without anything that could act in a card or a terminal. */
function quote(text: string): string {
  const plain = text.replace(/[^\p{L}\p{N} .,:/\\#?-]/gu, '?');
  return `"${plain.length > 12 ? `${plain.slice(0, 12)}…` : plain}"`;
}
