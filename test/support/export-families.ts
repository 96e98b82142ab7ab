/**
 * Families of broken exports, each from a seed: what schools' systems, spreadsheets and cut connections do to a marks file.
 * Each says what must come of it, and carries a build with one defence left out, in which it must be seen to go wrong.
 */

import {
  byLine,
  type Family,
  FIRST,
  HEADER,
  lineOf,
  MONDAY,
  type Row,
  refusedAt,
  refusedFor,
  SECOND,
  sessionsOf,
  setting,
  skipping,
  soundRows,
  text,
  utf8,
} from './export-rows.ts';
import { VALUES } from './export-values.ts';

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
  ...VALUES,
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
