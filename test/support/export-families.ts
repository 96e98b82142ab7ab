/**
 * Families of broken exports, each from a seed: what schools' systems, spreadsheets and cut connections do to a marks file.
 * Each says what must come of it, and carries a build with one defence left out, in which it must be seen to go wrong.
 */
import type { ImportReceipt } from '../../src/attendance/imports.ts';
import type { MarksProblem } from '../../src/attendance/problems.ts';
import type { Seeded } from '../../src/kernel/seeded.ts';
import { addDays } from '../../src/kernel/time.ts';

export const FIRST = '900001';
export const SECOND = '900002';
const MONDAY = '2026-11-16';
const HEADER = [
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

type Row = Record<(typeof HEADER)[number], string>;
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
const lineOf = (index: number) => index + 2;
const refusedAt = (line: number, reason: RegExp) => ({
  kind: 'refused' as const,
  names: (problem: MarksProblem) =>
    problem.line === line && reason.test(`${problem.column} ${problem.reason}`),
});
const refusedFor = (reason: RegExp) => ({
  kind: 'refused' as const,
  names: (problem: MarksProblem) => reason.test(`${problem.column} ${problem.reason}`),
});
const utf8 = (content: string) => Buffer.from(content, 'utf8');
/** Lines taken one by one, as a build that skips or mends them would. */
const byLine = (change: (cells: string[], index: number) => string[] | undefined) => (bytes: Buffer) =>
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
const skipping = (keep: (cells: readonly string[]) => boolean) =>
  byLine((cells) => (keep(cells) ? cells : undefined));

/** One cell of one row changed so that the row cannot be used. */
function spoilt(
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

const at = (name: (typeof HEADER)[number]) => HEADER.indexOf(name);
const setting = (name: (typeof HEADER)[number], value: string | ((now: string) => string)) =>
  byLine((cells) => cells.with(at(name), typeof value === 'string' ? value : value(cells[at(name)] ?? '')));

export const FAMILIES: readonly Family[] = [
  {
    name: 'cut off in the middle of a line',
    broken: skipping((cells) => cells.length === HEADER.length && cells.at(-1) !== ''),
    make: (random) => {
      const rows = soundRows(random);
      const whole = text(rows);
      const lines = whole.split('\n');
      const last = random.whole(1, rows.length);
      const before = lines.slice(0, last).join('\n').length + 1;
      const cut = before + random.whole(1, (lines[last] ?? '').length - 1);
      return {
        bytes: utf8(whole.slice(0, cut)),
        expected: refusedAt(last + 1, /cells, the header has|must be|is not|is empty|code/),
      };
    },
  },
  {
    name: 'rows in any order',
    broken: byLine((cells, index) => (index % 7 === 3 ? undefined : cells)),
    make: (random) => {
      const rows = soundRows(random, [FIRST, SECOND]);
      const mixed = rows
        .map((row) => ({ row, key: random.next() }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ row }) => row);
      return { bytes: utf8(text(mixed)), expected: { kind: 'imported', sessions: sessionsOf(rows) } };
    },
  },
  {
    name: 'columns in any order',
    broken: (bytes) => utf8(bytes.toString('utf8').replace(/^.*\n/, `${HEADER.join(',')}\n`)),
    make: (random) => {
      const rows = soundRows(random);
      const last = HEADER.length - 1;
      const header = [...HEADER]
        .map((name) => ({ name, key: random.next() }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ name }) => name as string);
      // Never the usual order by chance.
      if (header[0] === HEADER[0]) header.push(header.shift() ?? '');
      return {
        bytes: utf8(text(rows, header.slice(0, last + 1))),
        expected: { kind: 'imported', sessions: sessionsOf(rows) },
      };
    },
  },
  {
    name: 'in UTF-16, with or without its mark',
    broken: (bytes) => utf8(bytes.toString('latin1')),
    make: (random) => {
      const rows = soundRows(random);
      const little = Buffer.from(`${random.chance(0.5) ? '\uFEFF' : ''}${text(rows)}`, 'utf16le');
      return {
        bytes: random.chance(0.5) ? little : little.swap16(),
        expected: { kind: 'imported', sessions: sessionsOf(rows), note: /UTF-16/ },
      };
    },
  },
  {
    name: 'in Windows-1252',
    broken: (bytes) => utf8(bytes.toString('latin1')),
    make: (random) => {
      const rows = soundRows(random).map((row) => ({ ...row, forename: 'Zo\u00eb', surname: 'O\u2019Hara' }));
      const bytes = Buffer.from(text(rows).replaceAll('\u2019', '\u0092'), 'latin1');
      return { bytes, expected: { kind: 'imported', sessions: sessionsOf(rows), note: /Windows-1252/ } };
    },
  },
  {
    name: 'in two encodings at once, or one nobody knows',
    broken: (bytes) => utf8(bytes.toString('utf8').replaceAll('\uFFFD', '')),
    make: (random) => {
      const rows = soundRows(random).map((row, index) => ({
        ...row,
        forename: index === 0 ? 'Zo\u00c3\u00ab' : random.pick(['Zo\u00eb', 'Ren\u00a7']),
      }));
      return {
        bytes: Buffer.from(text(rows), 'latin1'),
        expected: refusedFor(/encoding|Windows-1252|UTF-8/),
      };
    },
  },
  {
    name: 'not a CSV at all',
    broken: () => utf8(text([])),
    make: (random) => {
      const start = random.pick([
        'PK\x03\x04',
        '%PDF-1.7',
        '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
        '<!DOCTYPE html>',
      ]);
      return {
        bytes: Buffer.from(`${start}${'x,y,z\n'.repeat(random.whole(5, 50))}`, 'latin1'),
        expected: refusedFor(/not a CSV/),
      };
    },
  },
  spoilt(
    'a formula for a mark',
    'mark',
    ['=1+1', '@SUM(A1)', '+cmd|x', '-2+3'],
    /mark .* is not an attendance code/,
    setting('mark', (mark) => (mark.length > 2 ? '' : mark)),
  ),
  spoilt(
    'a formula for a tutor group',
    'reg_group',
    ['=HYPERLINK(1)', '@x', '=cmd|x!A1'],
    /reg_group .* is not the name of a tutor group/,
    setting('reg_group', '5A'),
  ),
  spoilt(
    'a school that is not the trust’s',
    'school_urn',
    ['999999', '', 'Harbour'],
    /school_urn .* is not one of the trust/,
    skipping((cells) => cells[0] === FIRST),
  ),
  spoilt(
    'no pupil',
    'pupil_id',
    ['', ' '],
    /pupil_id is empty/,
    skipping((cells) => (cells[at('pupil_id')] ?? '').trim() !== ''),
  ),
  spoilt(
    'a code that is none',
    'mark',
    ['i', 'QQ', 'C9', '//', 'present'],
    /mark .* is not an attendance code/,
    setting('mark', (mark) => (/^([/\\IOMUN]|Y4)$/.test(mark) ? mark : '')),
  ),
  spoilt(
    'half a day that is none',
    'session',
    ['XM', 'noon', '', '3'],
    /session must be AM or PM/,
    skipping((cells) => /^[AP]M$/.test(cells[at('session')] ?? '')),
  ),
  spoilt(
    'a pupil number with a wrong letter',
    'upn',
    ['A801200005001', 'B80120000500', 'I801200005001'],
    /upn has a wrong check letter/,
    setting('upn', ''),
  ),
  spoilt(
    'a date that is none, a weekend, or to come',
    'date',
    ['2026-11-31', 'someday', '2026-11-21', '2026-12-07', '46342'],
    /date .*(is not a date|is a weekend|has not come yet)/,
    skipping((cells) => /^2026-11-(1[6-9]|20)$/.test(cells[at('date')] ?? '')),
  ),
  spoilt(
    'minutes that are none',
    'minutes_late',
    ['five', '-3', '1e3', '99999'],
    /minutes_late must be whole minutes/,
    setting('minutes_late', ''),
  ),
  spoilt(
    'an unknown year, group or need',
    'sen',
    ['X', '', 'maybe'],
    /sen must be N, K or E/,
    setting('sen', 'N'),
  ),
  {
    name: 'dates that can be read two ways',
    broken: byLine((cells) =>
      cells.with(at('date'), (cells[at('date')] ?? '').split('/').toReversed().join('-')),
    ),
    make: (random) => {
      const rows = soundRows(random)
        .filter((row) => row.date === MONDAY)
        .map((row) => ({ ...row, date: '03/11/2026' }));
      return {
        bytes: utf8(text(rows)),
        expected: refusedFor(/date .*can be read as day\/month or month\/day/),
      };
    },
  },
  {
    name: 'dates written in two ways',
    broken: byLine((cells) =>
      cells.with(at('date'), (cells[at('date')] ?? '').split('/').toReversed().join('-')),
    ),
    make: (random) => {
      const rows = soundRows(random);
      const index = random.whole(1, rows.length - 1);
      const mixed = rows.map((row, place) =>
        place < index ? row : { ...row, date: row.date.split('-').toReversed().join('/') },
      );
      return { bytes: utf8(text(mixed)), expected: refusedFor(/date .*written in two ways/) };
    },
  },
  {
    name: 'a line of ten megabytes',
    broken: (bytes) =>
      utf8(
        bytes
          .toString('utf8')
          .split('\n')
          .filter((line) => line.length < 1_000)
          .join('\n'),
      ),
    make: (random) => {
      const rows = soundRows(random);
      const index = random.whole(0, rows.length - 1);
      const long = random.chance(0.5) ? 'x'.repeat(10_000_000) : `"${'y\n'.repeat(5_000_000)}`;
      const spoil = rows.map((row, place) => (place === index ? { ...row, surname: long } : row));
      return { bytes: utf8(text(spoil)), expected: refusedAt(lineOf(index), /a line does not end/) };
    },
  },
  {
    name: 'a quotation mark left open',
    broken: (bytes) => utf8(bytes.toString('utf8').replaceAll('"', '')),
    make: (random) => {
      const rows = soundRows(random);
      const index = random.whole(0, rows.length - 1);
      const spoil = rows.map((row, place) =>
        place === index ? { ...row, surname: random.pick(['"Quillfeather', '"Quill"feather']) } : row,
      );
      return {
        bytes: utf8(text(spoil)),
        expected: refusedAt(lineOf(index), /quotation marks do not pair up/),
      };
    },
  },
  {
    name: 'a row twice, the same or with another mark',
    broken: (bytes) => {
      const seen = new Set<string>();
      return skipping((cells) => {
        const key = [1, 7, 8].map((place) => cells[place]).join();
        return !seen.has(key) && seen.add(key).size > 0;
      })(bytes);
    },
    make: (random) => {
      const rows = soundRows(random);
      const index = random.whole(0, rows.length - 1);
      const again = { ...(rows[index] ?? rows[0]), ...(random.chance(0.5) ? { mark: 'I' } : {}) } as Row;
      return {
        bytes: utf8(text([...rows, again])),
        expected: refusedAt(lineOf(rows.length), /gives this pupil.s session a second time/),
      };
    },
  },
  {
    name: 'two schools in one file',
    broken: setting('school_urn', FIRST),
    make: (random) => {
      const rows = soundRows(random, [FIRST, SECOND]);
      return { bytes: utf8(text(rows)), expected: { kind: 'imported', sessions: sessionsOf(rows) } };
    },
  },
  {
    name: 'a column missing',
    broken: (bytes) =>
      utf8(
        bytes
          .toString('utf8')
          .split('\n')
          .map((line, index) =>
            line === ''
              ? line
              : `${line},${index === 0 ? 'mark,session,date,pupil_id' : `/,AM,${MONDAY},${index}`}`,
          )
          .join('\n'),
      ),
    make: (random) => {
      const gone = random.pick(['pupil_id', 'date', 'session', 'mark'] as const);
      // A pupil's number would stand in for `pupil_id`, so it goes too.
      const header = HEADER.filter((name) => name !== gone && name !== 'upn');
      return {
        bytes: utf8(text(soundRows(random), header)),
        expected: refusedFor(new RegExp(`the column ${gone} is missing`)),
      };
    },
  },
  {
    name: 'columns that nobody needs',
    broken: (bytes) =>
      utf8(
        bytes
          .toString('utf8')
          .split('\n')
          .map((line) => line.split(',').slice(0, HEADER.length).join(','))
          .join('\n'),
      ),
    make: (random) => {
      const rows = soundRows(random);
      const extra = text(rows)
        .split('\n')
        .map((line, index) =>
          line === '' ? line : `${line},${index === 0 ? 'religion,comment' : '=1+1,Marigold was late'}`,
        )
        .join('\n');
      return {
        bytes: utf8(extra),
        expected: { kind: 'imported', sessions: sessionsOf(rows), note: /dropped unread: religion, comment/ },
      };
    },
  },
  {
    name: 'the same week again, whole or in part',
    // A build that knows pupils by the order in which they come.
    broken: byLine((cells, index) => cells.with(1, String(10_000 + index))),
    make: (random) => {
      const rows = soundRows(random);
      const from = random.whole(0, rows.length - 1);
      const part = random.chance(0.5) ? rows : rows.slice(from);
      return {
        again: utf8(text(rows)),
        bytes: utf8(text(part)),
        expected: { kind: 'imported', sessions: sessionsOf(rows) },
      };
    },
  },
  {
    name: 'another sign between the cells',
    broken: (bytes) => utf8(bytes.toString('utf8').replace(/[;\t]/g, ',')),
    make: (random) => ({
      bytes: utf8(text(soundRows(random)).replaceAll(',', random.pick([';', '\t']))),
      expected: refusedFor(/not separated by commas/),
    }),
  },
  {
    name: 'zero bytes and other signs of a bad disk',
    broken: (bytes) => utf8(bytes.toString('utf8').replaceAll('\0', '')),
    make: (random) => {
      const content = text(soundRows(random));
      const place = random.whole(40, content.length - 1);
      return {
        bytes: utf8(`${content.slice(0, place)}\0\0\0${content.slice(place)}`),
        expected: refusedFor(/characters that no CSV has/),
      };
    },
  },
  {
    name: 'totals that do not add up',
    broken: byLine((cells) => cells.with(5, String(Number(cells[6]) + Number(cells[7]) + Number(cells[8])))),
    make: (random) => {
      const header =
        'school_urn,week_commencing,group_type,group,pupils,possible,attended,authorised,unauthorised';
      const attended = random.whole(400, 500);
      const row = `${FIRST},${MONDAY},all,all,60,${attended + 30 + random.whole(1, 9)},${attended},20,10`;
      return {
        bytes: utf8(`${header}\n${row}\n`),
        expected: refusedAt(2, /attended, authorised and unauthorised make/),
      };
    },
  },
  {
    name: 'a week that does not begin on Monday',
    broken: byLine((cells) => cells.with(1, MONDAY)),
    make: (random) => {
      const header =
        'pupil_id,week_commencing,MonAM,MonPM,TueAM,TuePM,WedAM,WedPM,ThuAM,ThuPM,FriAM,FriPM,school_urn';
      const row = `1,${random.pick(['2026-11-17', '2026-11-18', '2026-11-12'])},/,\\,/,\\,/,\\,/,\\,/,\\,${FIRST}`;
      return {
        bytes: utf8(`${header}\n${row}\n`),
        expected: refusedFor(/week_commencing .* is not a Monday/),
      };
    },
  },
];

export type Told = Pick<ImportReceipt, 'notes'>;
