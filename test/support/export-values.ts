/** Families of broken exports in which a value cannot be read, or can be read in two ways. */
import {
  at,
  byLine,
  type Family,
  FIRST,
  MONDAY,
  refusedFor,
  setting,
  skipping,
  soundRows,
  spoilt,
  text,
  utf8,
} from './export-rows.ts';

export const VALUES: readonly Family[] = [
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
];
