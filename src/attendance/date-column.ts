/**
 * The date column of a file: numbers its days as they come, and at the end turns them into dates, all together. Reports a
 * date that is none, a weekend, a Monday that is not one, and a mark that would lie in the future.
 */
import { count } from '../kernel/text.ts';
import { addDays, weekdayOf } from '../kernel/time.ts';
import { readDates } from './dates.ts';
import { isCell, keptCell, type Row } from './lines.ts';
import type { MarksOptions } from './marks.ts';
import { type Problems, quote } from './problems.ts';

type Seen = {
  readonly text: string;
  readonly first: number;
  readonly line: number;
  rows: number;
  /** The date that came after it the last time: files go through the days in the same order for every pupil. */
  next: Seen | undefined;
};

export type FoundDates = {
  /** The date of each day number; empty where it could not be read. */
  readonly dates: readonly string[];
  /** Dates of birth by how they were written. */
  readonly births: ReadonlyMap<string, string>;
};

export interface DateColumn {
  /** The number of the day, or of the week's first. */
  take(row: Row, place: number): number;
  birth(text: string, line: number): void;
  days(): number;
  finish(isMarked: (day: number) => boolean): FoundDates;
}

export function dateReader(parts: {
  readonly column: 'date' | 'week_commencing';
  readonly daysEach: 1 | 5;
  readonly options: MarksOptions;
  readonly problems: Problems;
}): DateColumn {
  const { column, daysEach, options, problems } = parts;
  const seen = new Map<string, Seen>();
  const births = new Map<string, number>();
  let last: Seen | undefined;

  function take(row: Row, place: number): number {
    if (!last || !isCell(row, place, last.text)) {
      const next = last?.next && isCell(row, place, last.next.text) ? last.next : find(row, place);
      if (last) last.next = next;
      last = next;
    }
    last.rows += 1;
    return last.first;
  }

  function find(row: Row, place: number): Seen {
    const text = keptCell(row, place);
    const known = seen.get(text);
    if (known) return known;
    const fresh = { text, first: seen.size * daysEach, line: row.line, rows: 0, next: undefined };
    if (seen.size < MOST_DATES) seen.set(text, fresh);
    return fresh;
  }

  function finish(isMarked: (day: number) => boolean): FoundDates {
    if (seen.size >= MOST_DATES) problems.report(0, column, `has more than ${MOST_DATES} different dates`);
    const reading = readDates([...seen.keys()], {
      dayFirst: options.dayFirst,
      today: options.today,
      weekdays: true,
    });
    if ('problem' in reading) {
      problems.report(seen.get(reading.example)?.line ?? 0, column, reading.problem);
      return { dates: [], births: new Map() };
    }
    const taken = new Map<string, string>();
    const dates: string[] = [];
    for (const one of seen.values()) {
      const date = reading.dates.get(one.text);
      check(one, date, isMarked);
      const twin = date && taken.get(date);
      if (twin)
        problems.report(
          one.line,
          column,
          `dates are written in two ways (${quote(twin)} and ${quote(one.text)})`,
        );
      if (date) taken.set(date, one.text);
      for (let day = 0; day < daysEach; day += 1) dates.push(date ? addDays(date, day) : '');
    }
    return { dates, births: readBirths() };
  }

  function check(one: Seen, date: string | undefined, isMarked: (day: number) => boolean): void {
    const lines = one.rows > 1 ? ` (${count(one.rows, 'line')})` : '';
    const report = (reason: string) => problems.report(one.line, column, `${reason}${lines}`);
    if (date === undefined) report(`${quote(one.text)} is not a date such as 2026-11-23`);
    else if (daysEach === 5 && weekdayOf(date) !== 1) report(`${one.text} is not a Monday`);
    else if (weekdayOf(date) > 5) report(`${one.text} is a weekend`);
    else if (date > options.today) report(`${one.text} has not come yet`);
    else
      for (let day = 1; day < daysEach; day += 1)
        if (addDays(date, day) > options.today && isMarked(one.first + day))
          report(`${addDays(date, day)} has marks and has not come yet`);
  }

  function readBirths(): Map<string, string> {
    const texts = [...births.keys()];
    const reading = readDates(texts, { dayFirst: options.dayFirst, today: options.today, weekdays: false });
    if ('problem' in reading) {
      problems.report(
        births.get(reading.example) ?? 0,
        'dob',
        'dates of birth can be read in two ways; write them like 2015-11-23',
      );
      return new Map();
    }
    for (const [text, line] of births) {
      const date = reading.dates.get(text);
      if (date === undefined || date < '1990-01-01' || date > options.today)
        problems.report(line, 'dob', 'is not a date of birth such as 2015-11-23');
    }
    return new Map(reading.dates);
  }

  return {
    take,
    birth: (text, line) => {
      if (!births.has(text) && births.size < MOST_DATES * 10) births.set(text, line);
    },
    days: () => seen.size * daysEach,
    finish,
  };
}

/** Twelve school years of days: more is no marks file. */
const MOST_DATES = 2_400;
