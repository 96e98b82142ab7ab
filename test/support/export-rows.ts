/**
 * What families of broken exports are made of: sound rows from a seed, what must come of a file, and the ways in which a build
 * without a defence would read it.
 */
import type { MarksProblem } from '../../src/attendance/problems.ts';
import type { Seeded } from '../../src/kernel/seeded.ts';
import { addDays } from '../../src/kernel/time.ts';

export const FIRST = '900001';
export const SECOND = '900002';
export const MONDAY = '2026-11-16';
export const HEADER = [
  'school_urn',
  'pupil_id',
  'upn',
  'surname',
  'forename',
  'year_group',
  'reg_group',
  'date',
  'session',
  'mark',
  'minutes_late',
  'pp',
  'sen',
] as const;
/** Names that must never be seen outside the file. */
export const NAMES = ['Quillfeather', 'Brackenbury', 'Marigold', 'Thaddeus'] as const;

export type Row = Record<(typeof HEADER)[number], string>;
export type Base = { readonly rows: Row[]; readonly header: readonly string[] };

/** Sessions that a school must have been given, as `attended/possible`; by URN. */
export type Sessions = Readonly<Record<string, string>>;

export type Export = {
  readonly bytes: Buffer;
  /** Taken, with these sessions and a note that matches; or refused, with a problem that matches. */
  readonly expected:
    | { readonly kind: 'imported'; readonly sessions: Sessions; readonly note?: RegExp }
    | { readonly kind: 'refused'; readonly names: (problem: MarksProblem) => boolean };
  /** Sent once before, and must change nothing now. */
  readonly again?: Buffer;
};

export type Family = {
  readonly name: string;
  readonly make: (random: Seeded) => Export;
  /** The same file as a build without the defence would read it. */
  readonly broken: (bytes: Buffer) => Buffer;
};

/** A week of a school or two, of which every row is sound. */
export function soundRows(random: Seeded, schools: readonly string[] = [FIRST]): Row[] {
  const pupils = random.whole(2, 7);
  return schools.flatMap((school_urn) =>
    Array.from({ length: pupils }, (_, index) => {
      const who = {
        school_urn,
        pupil_id: String(100 + index),
        upn: '',
        surname: random.pick(['Quillfeather', 'Brackenbury']),
        forename: random.pick(['Marigold', 'Thaddeus']),
        year_group: String(1 + (index % 6)),
        reg_group: '5A',
        pp: random.pick(['Y', 'N']),
        sen: random.pick(['N', 'K', 'E']),
      };
      return [0, 1, 2, 3, 4].flatMap((day) =>
        (['AM', 'PM'] as const).map((session): Row => {
          const mark = random.chance(0.15)
            ? random.pick(['I', 'O', 'M', 'U', 'Y4', 'N'])
            : session === 'AM'
              ? '/'
              : '\\';
          return { ...who, date: addDays(MONDAY, day), session, mark, minutes_late: '' };
        }),
      );
    }).flat(),
  );
}

export function text(rows: readonly Row[], header: readonly string[] = HEADER, end = '\n'): string {
  return (
    [
      header.join(','),
      ...rows.map((row) => header.map((name) => row[name as keyof Row] ?? '').join(',')),
    ].join(end) + end
  );
}

export function sessionsOf(rows: readonly Row[]): Sessions {
  const found: Record<string, string> = {};
  for (const urn of new Set(rows.map((row) => row.school_urn))) {
    const marks = rows.filter((row) => row.school_urn === urn).map((row) => row.mark);
    const attended = marks.filter((mark) => ['/', '\\', 'L', 'V', 'B'].includes(mark)).length;
    const possible = marks.filter((mark) => !['Y4', '#', 'X', 'D', ''].includes(mark)).length;
    found[urn] = `${attended}/${possible}`;
  }
  return found;
}

/** Line of a row in the file, after the header. */
export const lineOf = (index: number) => index + 2;
export const refusedAt = (line: number, reason: RegExp) => ({
  kind: 'refused' as const,
  names: (problem: MarksProblem) =>
    problem.line === line && reason.test(`${problem.column} ${problem.reason}`),
});
export const refusedFor = (reason: RegExp) => ({
  kind: 'refused' as const,
  names: (problem: MarksProblem) => reason.test(`${problem.column} ${problem.reason}`),
});
export const utf8 = (content: string) => Buffer.from(content, 'utf8');
/** Lines taken one by one, as a build that skips or mends them would. */
export const byLine = (change: (cells: string[], index: number) => string[] | undefined) => (bytes: Buffer) =>
  utf8(
    bytes
      .toString('utf8')
      .split('\n')
      .flatMap((line, index) => {
        if (index === 0 || line === '') return [line];
        const cells = change(line.split(','), index);
        return cells ? [cells.join(',')] : [];
      })
      .join('\n'),
  );
export const skipping = (keep: (cells: readonly string[]) => boolean) =>
  byLine((cells) => (keep(cells) ? cells : undefined));

/** One cell of one row changed so that the row cannot be used. */
export function spoilt(
  name: string,
  column: (typeof HEADER)[number],
  values: readonly [string, ...string[]],
  reason: RegExp,
  broken: Family['broken'],
): Family {
  return {
    name,
    broken,
    make: (random) => {
      const rows = soundRows(random);
      const index = random.whole(0, rows.length - 1);
      const spoil = rows.map((row, at) => (at === index ? { ...row, [column]: random.pick(values) } : row));
      return { bytes: utf8(text(spoil)), expected: refusedAt(lineOf(index), reason) };
    },
  };
}

export const at = (name: (typeof HEADER)[number]) => HEADER.indexOf(name);
export const setting = (name: (typeof HEADER)[number], value: string | ((now: string) => string)) =>
  byLine((cells) => cells.with(at(name), typeof value === 'string' ? value : value(cells[at(name)] ?? '')));
