/**
 * Folds a school's week to counts: the sessions of the whole school and of its groups. After this no pupil can be found
 * again. Which of the counts may be shown is decided elsewhere.
 */
import { addDays, mondayOf, weekdayOf, weekOf } from '../kernel/time.ts';
import type { Context, GridPupil, MarksGrid } from './grid.ts';
import { KINDS, type Kind, NONE } from './kinds.ts';
import { daysIn, inOrder, marksIn, SESSIONS, type Sheet, type SheetRow } from './sheet.ts';

export type GroupType = 'all' | 'pp' | 'sen' | 'year' | 'reg' | 'day';

/** `pupils`: those with at least one possible session. `unexplained`: N, part of unauthorised. */
export type GroupCounts = {
  pupils: number;
  present: number;
  approved: number;
  authorised: number;
  unauthorised: number;
  unexplained: number;
  lateBefore: number;
  lateAfter: number;
  notPossible: number;
  notCollected: number;
  missing: number;
};

export type GroupWeek = Readonly<GroupCounts> & { readonly type: GroupType; readonly key: string };

/**
 * Pupils of a week who share every group, with their sessions: no more than decides which groups may be shown beside each
 * other. `unknown` where the file does not say.
 */
export type Crossing = {
  readonly year: string;
  readonly form: string;
  readonly pp: string;
  readonly sen: string;
  readonly pupils: number;
  readonly possible: number;
  readonly attended: number;
};

export type FoldedWeek = {
  readonly schoolUrn: string;
  readonly week: string;
  /** Dates of the week for which a row is held. */
  readonly dates: readonly string[];
  /** Cells with a mark of any kind. */
  readonly marks: number;
  readonly groups: readonly GroupWeek[];
  readonly crossings: readonly Crossing[];
  /** The same marks always give the same fingerprint, so that a repeat is known. */
  readonly fingerprint: string;
};

/** A week of a school in a file: the day number of each weekday, -1 where the file has none. */
export type WeekInGrid = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly days: Int16Array;
  readonly pupils: readonly GridPupil[];
};

/** How a pupil is told apart from here on. */
export type Pseudonyms = {
  readonly pupil: (schoolUrn: string, id: string) => string;
  readonly upn: (upn: string) => string;
  readonly compulsory: (pupil: GridPupil, date: string) => boolean;
};

/** School weeks in order of school and week. */
export function weeksInGrid(grid: MarksGrid): WeekInGrid[] {
  const weeks = new Map<string, Int16Array>();
  grid.dates.forEach((date, day) => {
    const week = weekOf(date);
    const days = weeks.get(week) ?? new Int16Array(5).fill(-1);
    days[weekdayOf(date) - 1] = day;
    weeks.set(week, days);
  });
  const schools = Map.groupBy(grid.pupils, (pupil) => pupil.schoolUrn);
  return [...schools].toSorted(byName).flatMap(([schoolUrn, pupils]) =>
    [...weeks].toSorted(byName).flatMap(([week, days]): WeekInGrid[] => {
      const there = pupils.filter((pupil) =>
        days.some((day) => day >= 0 && (pupil.contexts[day] ?? 0) !== 0),
      );
      return there.length > 0 ? [{ schoolUrn, week, days, pupils: there }] : [];
    }),
  );
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

export function sheetOf(grid: MarksGrid, part: WeekInGrid, names: Pseudonyms): Sheet {
  const monday = mondayOf(part.week);
  const rows = part.pupils.map((pupil): SheetRow => {
    const cells = new Uint8Array(SESSIONS);
    const contexts = new Uint16Array(5);
    part.days.forEach((day, weekday) => {
      if (day < 0) return;
      cells[weekday * 2] = pupil.cells[day * 2] ?? NONE;
      cells[weekday * 2 + 1] = pupil.cells[day * 2 + 1] ?? NONE;
      contexts[weekday] = pupil.contexts[day] ?? 0;
    });
    const known = pupil.born !== '' || pupil.compulsory !== 'unknown';
    return {
      pupil: names.pupil(pupil.schoolUrn, pupil.id),
      upn: pupil.upn === '' ? '' : names.upn(pupil.upn),
      compulsory: known ? (names.compulsory(pupil, monday) ? 'yes' : 'no') : 'unknown',
      cells,
      contexts,
    };
  });
  return inOrder({ contexts: grid.contexts, rows });
}

type Group = GroupCounts & {
  readonly type: GroupType | 'crossing';
  readonly key: string;
  lastPupil: number;
};
type Count = Exclude<keyof GroupCounts, 'pupils'>;

/** The counts that a session of each kind is part of. */
const COUNTED_IN: Readonly<Record<Kind, readonly Count[]>> = {
  none: ['missing'],
  missing: ['missing'],
  present: ['present'],
  late: ['present', 'lateBefore'],
  approved: ['approved'],
  authorised: ['authorised'],
  unauthorised: ['unauthorised'],
  unexplained: ['unauthorised', 'unexplained'],
  'late-after': ['unauthorised', 'lateAfter'],
  'not-possible': ['notPossible'],
  'not-collected': ['notCollected'],
};
const COUNTS_OF_KIND = KINDS.map((kind) => COUNTED_IN[kind]);
const POSSIBLE = KINDS.map((kind) => !['none', 'missing', 'not-possible', 'not-collected'].includes(kind));

/** A pupil with any row in the week owes a mark for every session that the school held; a session without a row is missing. */
export function foldSheet(sheet: Sheet): Pick<FoldedWeek, 'groups' | 'crossings'> {
  const groups = new Map<string, Group>();
  const places = new Map<number, readonly Group[]>();
  const held = Array.from({ length: SESSIONS }, (_, place) =>
    sheet.rows.some(({ cells }) => cells[place] !== NONE),
  );
  sheet.rows.forEach((row, number) => {
    const usual = row.contexts.find((context) => context !== 0) ?? 0;
    for (let place = 0; place < SESSIONS; place += 1) {
      if (!held[place]) continue;
      const day = place >> 1;
      const context = row.contexts[day] || usual;
      const kind = row.cells[place] ?? NONE;
      for (const group of groupsOf(groups, places, sheet.contexts[context - 1], context, day + 1)) {
        for (const count of COUNTS_OF_KIND[kind] ?? []) group[count] += 1;
        if (!POSSIBLE[kind] || group.lastPupil === number) continue;
        group.lastPupil = number;
        group.pupils += 1;
      }
    }
  });
  const all = [...groups.values()].sort((left, right) =>
    `${left.type} ${left.key}` < `${right.type} ${right.key}` ? -1 : 1,
  );
  return {
    groups: all.flatMap(({ lastPupil, type, ...counts }) =>
      type === 'crossing' || counts.key === 'unknown' || counts.key === '' ? [] : [{ type, ...counts }],
    ),
    crossings: all.filter((group) => group.type === 'crossing' && group.pupils > 0).map(crossingOf),
  };
}

/** The groups that a session counts in, by context and weekday: looked up once, since a week has many. */
function groupsOf(
  groups: Map<string, Group>,
  places: Map<number, readonly Group[]>,
  context: Context | undefined,
  number: number,
  weekday: number,
): readonly Group[] {
  const place = number * 8 + weekday;
  const known = places.get(place);
  if (known) return known;
  const found = [
    groupOf(groups, 'all', 'all'),
    groupOf(groups, 'pp', context?.pp ?? 'unknown'),
    groupOf(groups, 'sen', context?.sen ?? 'unknown'),
    groupOf(groups, 'year', context?.year ?? 'unknown'),
    groupOf(groups, 'reg', context?.reg ?? ''),
    groupOf(groups, 'day', String(weekday)),
    groupOf(groups, 'crossing', crossingKey(context)),
  ];
  places.set(place, found);
  return found;
}

/** A separator that no tutor group's name has. */
function crossingKey(context: Context | undefined): string {
  const { year, reg, pp, sen } = context ?? { year: 'unknown', reg: '', pp: 'unknown', sen: 'unknown' };
  return [year, reg || 'unknown', pp, sen].join('|');
}

function crossingOf(group: Group): Crossing {
  const [year = '', form = '', pp = '', sen = ''] = group.key.split('|');
  const attended = group.present + group.approved;
  const possible = attended + group.authorised + group.unauthorised;
  return { year, form, pp, sen, pupils: group.pupils, possible, attended };
}

function groupOf(groups: Map<string, Group>, type: Group['type'], key: string): Group {
  const name = `${type} ${key}`;
  const known = groups.get(name);
  if (known) return known;
  const group: Group = {
    type,
    key,
    lastPupil: -1,
    pupils: 0,
    present: 0,
    approved: 0,
    authorised: 0,
    unauthorised: 0,
    unexplained: 0,
    lateBefore: 0,
    lateAfter: 0,
    notPossible: 0,
    notCollected: 0,
    missing: 0,
  };
  groups.set(name, group);
  return group;
}

/** A week's counts from its sheet; `fingerprint` is made of the sheet's bytes. */
export function foldWeek(schoolUrn: string, week: string, sheet: Sheet, fingerprint: string): FoldedWeek {
  const monday = mondayOf(week);
  return {
    schoolUrn,
    week,
    dates: daysIn(sheet).map((day) => addDays(monday, day)),
    marks: marksIn(sheet),
    ...foldSheet(sheet),
    fingerprint,
  };
}
