/**
 * Folds a school's week to counts: the sessions of the whole school and of its groups. After this no pupil can be found
 * again. Which of the counts may be shown is decided elsewhere.
 */
import { addDays, mondayOf } from '../kernel/time.ts';
import type { Context } from './grid.ts';
import { KINDS, type Kind, NONE } from './kinds.ts';
import { daysIn, marksIn, SESSIONS, type Sheet } from './sheet.ts';

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

type Group = GroupCounts & { readonly type: GroupType; readonly key: string; lastPupil: number };
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

/** The groups of one context, and the context itself as the group of those who share all of them. */
type Place = { readonly context: Context; readonly groups: readonly Group[]; readonly own: Group };

/** A pupil with any row in the week owes a mark for every session that the school held; a session without a row is missing. */
function foldSheet(sheet: Sheet): Pick<FoldedWeek, 'groups' | 'crossings'> {
  const groups = new Map<string, Group>();
  const places = sheet.contexts.map((context) => placeOf(groups, context));
  const days = [1, 2, 3, 4, 5].map((weekday) => groupOf(groups, 'day', String(weekday)));
  const held = Array.from({ length: SESSIONS }, (_, place) =>
    sheet.rows.some(({ cells }) => cells[place] !== NONE),
  );
  // First by context, day and kind, then once for each of those that occurs: a week has many more sessions than these.
  const counts = new Uint32Array(places.length * CELLS);
  sheet.rows.forEach((row, number) => {
    const usual = row.contexts.find((context) => context !== 0) ?? 0;
    let before = -1;
    for (let place = 0; place < SESSIONS; place += 1) {
      if (!held[place]) continue;
      const day = place >> 1;
      const context = (row.contexts[day] || usual) - 1;
      const kind = row.cells[place] ?? NONE;
      const cell = context * CELLS + day * KINDS.length + kind;
      counts[cell] = (counts[cell] ?? 0) + 1;
      if (!POSSIBLE[kind]) continue;
      const ofDay = days[day];
      if (ofDay) attend(ofDay, number);
      if (context === before) continue;
      before = context;
      const at = places[context];
      if (!at) continue;
      attend(at.own, number);
      for (const group of at.groups) attend(group, number);
    }
  });
  places.forEach((place, context) => {
    for (let cell = 0; cell < CELLS; cell += 1) {
      const sessions = counts[context * CELLS + cell] ?? 0;
      if (sessions === 0) continue;
      const day = days[Math.floor(cell / KINDS.length)];
      for (const count of COUNTS_OF_KIND[cell % KINDS.length] ?? []) {
        for (const group of place.groups) group[count] += sessions;
        place.own[count] += sessions;
        if (day) day[count] += sessions;
      }
    }
  });
  return {
    groups: [...groups.values()]
      .filter((group) => isOpen(group, held) && isNamed(group))
      .map(({ lastPupil, ...group }) => group)
      .sort(byName),
    // In the order of the sheet's contexts, which is always the same.
    crossings: places.filter(({ own }) => own.pupils > 0).map(crossingOf),
  };
}

const CELLS = 5 * KINDS.length;

/** Counts a pupil once, however many of their sessions a group has. */
function attend(group: Group, pupil: number): void {
  if (group.lastPupil === pupil) return;
  group.lastPupil = pupil;
  group.pupils += 1;
}

/** A day of which the file has no session is no group of the week. */
function isOpen({ type, key }: Group, held: readonly boolean[]): boolean {
  const day = Number(key) - 1;
  return type !== 'day' || held[day * 2] === true || held[day * 2 + 1] === true;
}

function isNamed({ key }: Group): boolean {
  return key !== 'unknown' && key !== '';
}

function byName(left: GroupWeek, right: GroupWeek): number {
  return `${left.type} ${left.key}` < `${right.type} ${right.key}` ? -1 : 1;
}

function placeOf(groups: Map<string, Group>, context: Context): Place {
  return {
    context,
    groups: [
      groupOf(groups, 'all', 'all'),
      groupOf(groups, 'pp', context.pp),
      groupOf(groups, 'sen', context.sen),
      groupOf(groups, 'year', context.year),
      groupOf(groups, 'reg', context.reg),
    ],
    own: emptyGroup('all', ''),
  };
}

function crossingOf({ context, own }: Place): Crossing {
  const attended = own.present + own.approved;
  const possible = attended + own.authorised + own.unauthorised;
  const { year, reg, pp, sen } = context;
  return { year, form: reg || 'unknown', pp, sen, pupils: own.pupils, possible, attended };
}

function groupOf(groups: Map<string, Group>, type: GroupType, key: string): Group {
  const name = `${type} ${key}`;
  const known = groups.get(name);
  if (known) return known;
  const group = emptyGroup(type, key);
  groups.set(name, group);
  return group;
}

function emptyGroup(type: GroupType, key: string): Group {
  return {
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
