/**
 * Reads the aggregate layout: sessions by school, week and group as the school's own system counted them, with no pupil in
 * the file. It checks that each row adds up and that groups fit into their school; what a figure shows is decided later.
 */
import { addDays, weekOf } from '../kernel/time.ts';
import { remembering } from './cell-readers.ts';
import { type Header, readRegGroup, readSen, readYearGroup, readYesNo } from './columns.ts';
import { dateReader } from './date-column.ts';
import type { GroupType, GroupWeek } from './fold.ts';
import { cellOf, type Row } from './lines.ts';
import type { MarksOptions, RowReader } from './marks.ts';
import { type Problems, quote } from './problems.ts';

export type TotalsWeek = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly monday: string;
  readonly groups: readonly GroupWeek[];
};

const COUNTS = [
  'pupils',
  'possible',
  'attended',
  'authorised',
  'unauthorised',
  'late_before',
  'late_after',
  'missing',
  'not_possible',
] as const;
type Counts = Record<(typeof COUNTS)[number], number>;

type Line = {
  readonly urn: string;
  readonly day: number;
  readonly line: number;
  readonly type: GroupType;
  readonly key: string;
  readonly counts: Counts;
};

const TYPES: Readonly<Record<string, GroupType>> = {
  all: 'all',
  school: 'all',
  whole_school: 'all',
  pp: 'pp',
  pupil_premium: 'pp',
  sen: 'sen',
  send: 'sen',
  year: 'year',
  year_group: 'year',
  reg: 'reg',
  reg_group: 'reg',
  tutor_group: 'reg',
  day: 'day',
  weekday: 'day',
};
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];
/** Ten sessions a week and no more: more means two weeks in one row. */
const SESSIONS_A_WEEK = 10;

export function createTotalRows(header: Header, options: MarksOptions, problems: Problems): RowReader {
  const { at } = header;
  const dates = dateReader({ column: 'week_commencing', daysEach: 5, options, problems });
  const school = remembering((text) => (options.schools.has(text) ? text : undefined));
  const read: Line[] = [];
  const others = new Set<string>();

  function readRow(row: Row): void {
    const { line } = row;
    const before = problems.count;
    const urn = at.school_urn < 0 ? options.schoolUrn : school(row, at.school_urn);
    if (urn === undefined)
      problems.report(
        line,
        'school_urn',
        `${quote(cellOf(row, at.school_urn))} is not one of the trust’s schools`,
      );
    else if (options.schoolUrn !== undefined && urn !== options.schoolUrn)
      problems.report(line, 'school_urn', `is not ${options.schoolUrn}, the school this file was sent for`);
    const day = dates.take(row, at.week_commencing);
    const name = cellOf(row, at.group_type).toLowerCase().replace(/[ -]+/g, '_');
    const type = TYPES[name];
    if (!type) {
      if (/^[a-z0-9_]{1,20}$/.test(name)) others.add(name);
      else problems.report(line, 'group_type', `${quote(name)} is not a kind of group`);
      return;
    }
    const key = keyOf(type, cellOf(row, at.group));
    if (key === undefined)
      problems.report(line, 'group', `${quote(cellOf(row, at.group))} is not a group of this kind`);
    const counts = readCounts(row);
    if (counts) for (const reason of contradictions(counts)) problems.report(line, '', reason);
    if (problems.count > before || !counts || key === undefined || urn === undefined) return;
    read.push({ urn, day, line, type, key, counts });
  }

  function readCounts(row: Row): Counts | undefined {
    const before = problems.count;
    const counts = Object.fromEntries(
      COUNTS.map((name) => {
        const text = at[name] < 0 ? '0' : cellOf(row, at[name]);
        if (!/^\d{1,6}$/.test(text)) problems.report(row.line, name, `${quote(text)} is not a whole number`);
        return [name, Number(text)];
      }),
    ) as Counts;
    return problems.count === before ? counts : undefined;
  }

  return {
    lead: 0,
    row: readRow,
    finish: () => {
      const found = dates.finish(() => false);
      const weeks = problems.count > 0 ? [] : weeksOf(read, found.dates, problems);
      const notes = others.size > 0 ? [`Groups not needed, dropped unread: ${[...others].join(', ')}.`] : [];
      if (!read.some(({ type }) => type === 'day'))
        notes.push(
          'There are no rows for days, so every session of the calendar that is neither possible nor not_possible here counts as a mark that is missing.',
        );
      if (!read.some(({ type }) => type === 'pp'))
        notes.push('There are no rows for pp, so the gap cannot be worked out.');
      else if (!read.some(({ type, key }) => type === 'pp' && key === 'no'))
        notes.push('There are no rows for pupils who are not pp: the rest of the school is taken for them.');
      return { kind: 'totals', weeks, notes };
    },
  };
}

/** Identities of DfE's own files: possible = attended + authorised + unauthorised. */
function contradictions(counts: Counts): string[] {
  const { pupils, possible, attended, authorised, unauthorised } = counts;
  const problems: string[] = [];
  if (attended + authorised + unauthorised !== possible)
    problems.push(
      `attended, authorised and unauthorised make ${attended + authorised + unauthorised}, possible is ${possible}`,
    );
  if (possible > pupils * SESSIONS_A_WEEK)
    problems.push(`${possible} sessions are more than ten for each of ${pupils} pupils`);
  if (counts.late_before > attended) problems.push('more were late before registers closed than attended');
  if (counts.late_after > unauthorised)
    problems.push('more were late after registers closed than were absent without leave');
  return problems;
}

function keyOf(type: GroupType, text: string): string | undefined {
  const word = text.toLowerCase();
  switch (type) {
    case 'all':
      return 'all';
    case 'pp':
      return (
        readYesNo(text) ??
        ({ pp: 'yes', 'not pp': 'no', other: 'no', others: 'no' } as Record<string, string>)[word]
      );
    case 'sen':
      return readSen(text);
    case 'year':
      return readYearGroup(text);
    case 'reg':
      return text === '' ? undefined : readRegGroup(text);
    case 'day': {
      const place = DAYS.indexOf(word.slice(0, 3)) + 1 || Number(/^[1-5]$/.exec(word)?.[0] ?? 0);
      return place > 0 ? String(place) : undefined;
    }
  }
}

function weeksOf(lines: readonly Line[], dates: readonly string[], problems: Problems): TotalsWeek[] {
  const weeks = new Map<
    string,
    { urn: string; monday: string; line: number; groups: Map<string, GroupWeek> }
  >();
  for (const one of lines) {
    const monday = dates[one.day] ?? '';
    const place = `${one.urn} ${monday}`;
    const week = weeks.get(place) ?? { urn: one.urn, monday, line: one.line, groups: new Map() };
    weeks.set(place, week);
    const name = `${one.type} ${one.key}`;
    if (week.groups.has(name)) problems.report(one.line, 'group', 'gives this group’s week a second time');
    week.groups.set(name, groupOf(one));
  }
  return [...weeks.values()].map(({ urn, monday, line, groups }) => {
    const all = groups.get('all all');
    if (all) for (const rest of restsOf(all, groups)) groups.set(`${rest.type} ${rest.key}`, rest);
    const list = [...groups.values()].toSorted((left, right) =>
      `${left.type} ${left.key}`.localeCompare(`${right.type} ${right.key}`),
    );
    if (!all)
      problems.report(
        line,
        'group_type',
        `school ${urn}, week of ${monday}: there is no row for the whole school (all)`,
      );
    else
      for (const reason of misfits(all, list))
        problems.report(line, '', `school ${urn}, week of ${monday}: ${reason}`);
    return { schoolUrn: urn, week: weekOf(monday), monday, groups: list };
  });
}

/** Those who are not named by a yes-or-no row are the rest of the school: the sender is told that they are taken so. */
const RESTS = [
  { type: 'pp', named: ['yes'], rest: 'no' },
  { type: 'sen', named: ['E', 'K'], rest: 'N' },
] as const;

function restsOf(all: GroupWeek, groups: ReadonlyMap<string, GroupWeek>): GroupWeek[] {
  return RESTS.flatMap(({ type, named, rest }): GroupWeek[] => {
    const own = named.flatMap((key) => groups.get(`${type} ${key}`) ?? []);
    if (own.length === 0 || groups.has(`${type} ${rest}`)) return [];
    const left = own.reduce(less, all);
    return Object.values(left).some((value) => typeof value === 'number' && value < 0)
      ? []
      : [{ ...left, type, key: rest }];
  });
}

function less(whole: GroupWeek, part: GroupWeek): GroupWeek {
  return {
    type: whole.type,
    key: whole.key,
    pupils: whole.pupils - part.pupils,
    present: whole.present - part.present,
    approved: whole.approved - part.approved,
    authorised: whole.authorised - part.authorised,
    unauthorised: whole.unauthorised - part.unauthorised,
    unexplained: whole.unexplained - part.unexplained,
    lateBefore: whole.lateBefore - part.lateBefore,
    lateAfter: whole.lateAfter - part.lateAfter,
    notPossible: whole.notPossible - part.notPossible,
    notCollected: whole.notCollected - part.notCollected,
    missing: whole.missing - part.missing,
  };
}

/** Groups of one kind hold different pupils, so together they cannot have more than the school. */
function misfits(all: GroupWeek, groups: readonly GroupWeek[]): string[] {
  const sessions = (group: GroupWeek) => group.present + group.authorised + group.unauthorised;
  return (['pp', 'sen', 'year', 'reg', 'day'] as const).flatMap((type) => {
    const ofType = groups.filter((group) => group.type === type);
    const sum = ofType.reduce((total, group) => total + sessions(group), 0);
    return sum > sessions(all)
      ? [`the groups of ${type} have ${sum} sessions, the whole school ${sessions(all)}`]
      : [];
  });
}

function groupOf({ type, key, counts }: Line): GroupWeek {
  return {
    type,
    key,
    pupils: counts.pupils,
    present: counts.attended,
    approved: 0,
    authorised: counts.authorised,
    unauthorised: counts.unauthorised,
    unexplained: 0,
    lateBefore: counts.late_before,
    lateAfter: counts.late_after,
    notPossible: counts.not_possible,
    notCollected: 0,
    missing: counts.missing,
  };
}

/** The days of a week of totals: those that have rows of their own, or all five when none has. */
export function datesOf(week: TotalsWeek): string[] {
  const days = week.groups.filter((group) => group.type === 'day').map((group) => Number(group.key));
  return (days.length > 0 ? days : [1, 2, 3, 4, 5]).map((day) => addDays(week.monday, day - 1));
}
