/**
 * Folds a grid of marks to group weeks: for each school and week, the sessions of the whole school and of its groups.
 * After this no pupil can be found again; what is kept are counts. Which of them may be shown is decided elsewhere.
 */
import { contentId } from '../kernel/ids.ts';
import { weekdayOf, weekOf } from '../kernel/time.ts';
import type { SessionClass } from './codes.ts';
import { type Context, codeOfCell, type MarksGrid, type PupilMarks } from './marks.ts';

export type GroupType = 'all' | 'pp' | 'sen' | 'year' | 'day';

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
  /** Dates of the week for which the file holds a row. */
  readonly dates: readonly string[];
  /** Cells with a mark of any kind: what a later file must not lose. */
  readonly marks: number;
  readonly groups: readonly GroupWeek[];
  readonly crossings: readonly Crossing[];
  /** The same counts always give the same fingerprint, so that a repeat is known. */
  readonly fingerprint: string;
};

type Group = GroupCounts & {
  readonly type: GroupType | 'crossing';
  readonly key: string;
  lastPupil: number;
};

const COUNTED_AS: Readonly<Record<SessionClass, keyof GroupCounts>> = {
  present: 'present',
  'approved-activity': 'approved',
  authorised: 'authorised',
  unauthorised: 'unauthorised',
  'not-possible': 'notPossible',
  'not-collected': 'notCollected',
};

/** One school's week: its days by number, the sessions in which any of its pupils has a row, its groups. */
type Frame = {
  readonly days: number[];
  readonly sessions: Set<number>;
  readonly groups: Map<string, Group>;
  /** The groups that a mark counts in, by context and weekday: looked up once, since a term has many marks. */
  readonly places: Map<number, readonly Group[]>;
  marks: number;
};

/** School weeks in order of school and week. */
export function foldMarks(grid: MarksGrid): FoldedWeek[] {
  const frames = framesOf(grid);
  const weekdays = grid.dates.map(weekdayOf);
  grid.pupils.forEach((pupil, number) => {
    for (const frame of frames.get(pupil.schoolUrn)?.values() ?? [])
      if (frame.days.some((day) => hasRow(pupil, day))) foldPupil(grid, weekdays, pupil, number, frame);
  });
  return [...frames]
    .toSorted(([left], [right]) => left.localeCompare(right))
    .flatMap(([schoolUrn, ofSchool]) =>
      [...ofSchool]
        .toSorted(([left], [right]) => left.localeCompare(right))
        .map(([week, frame]) => foldedWeek(schoolUrn, week, frame, grid)),
    );
}

function hasRow(pupil: PupilMarks, day: number): boolean {
  return (pupil.contexts[day] ?? 0) !== 0;
}

function framesOf(grid: MarksGrid): Map<string, Map<string, Frame>> {
  const weeks = grid.dates.map(weekOf);
  const frames = new Map<string, Map<string, Frame>>();
  for (const pupil of grid.pupils) {
    let ofSchool = frames.get(pupil.schoolUrn);
    if (!ofSchool) {
      ofSchool = new Map();
      frames.set(pupil.schoolUrn, ofSchool);
    }
    for (let day = 0; day < weeks.length; day += 1) {
      if (!hasRow(pupil, day)) continue;
      const week = weeks[day] ?? '';
      let frame = ofSchool.get(week);
      if (!frame) {
        frame = { days: [], sessions: new Set(), groups: new Map(), places: new Map(), marks: 0 };
        ofSchool.set(week, frame);
      }
      if (!frame.days.includes(day)) frame.days.push(day);
      for (const place of [day * 2, day * 2 + 1]) if (pupil.cells[place]) frame.sessions.add(place);
    }
  }
  return frames;
}

/** A pupil with any row in the week owes a mark for every session that the school held; a session without a row is missing. */
function foldPupil(
  grid: MarksGrid,
  weekdays: readonly number[],
  pupil: PupilMarks,
  number: number,
  frame: Frame,
): void {
  const known = frame.days.find((day) => hasRow(pupil, day)) ?? 0;
  for (const place of frame.sessions) {
    const day = place >> 1;
    const context = (pupil.contexts[day] || pupil.contexts[known] || 1) - 1;
    const groups = groupsOf(frame, context, grid.contexts[context], weekdays[day] ?? 1);
    const cell = pupil.cells[place] ?? 0;
    const rule = codeOfCell(cell);
    if (cell > 1) frame.marks += 1;
    for (const group of groups) {
      if (!rule) {
        group.missing += 1;
        continue;
      }
      group[COUNTED_AS[rule.counts]] += 1;
      if (rule.code === 'N') group.unexplained += 1;
      if (rule.code === 'L') group.lateBefore += 1;
      if (rule.code === 'U') group.lateAfter += 1;
      if (rule.counts === 'not-possible' || rule.counts === 'not-collected') continue;
      if (group.lastPupil !== number) {
        group.lastPupil = number;
        group.pupils += 1;
      }
    }
  }
}

function groupsOf(
  frame: Frame,
  number: number,
  context: Context | undefined,
  weekday: number,
): readonly Group[] {
  const place = number * 8 + weekday;
  const known = frame.places.get(place);
  if (known) return known;
  const groups = [
    groupOf(frame, 'all', 'all'),
    groupOf(frame, 'pp', context?.pp ?? 'unknown'),
    groupOf(frame, 'sen', context?.sen ?? 'unknown'),
    groupOf(frame, 'year', context?.year ?? 'unknown'),
    groupOf(frame, 'day', String(weekday)),
    groupOf(frame, 'crossing', crossingKey(context)),
  ];
  frame.places.set(place, groups);
  return groups;
}

function crossingKey(context: Context | undefined): string {
  const { year, pp, sen } = context ?? { year: 'unknown', pp: 'unknown', sen: 'unknown' };
  return [year, 'unknown', pp, sen].join('|');
}

function crossingOf(group: Group): Crossing {
  const [year = '', form = '', pp = '', sen = ''] = group.key.split('|');
  const attended = group.present + group.approved;
  const possible = attended + group.authorised + group.unauthorised;
  return { year, form, pp, sen, pupils: group.pupils, possible, attended };
}

function groupOf(frame: Frame, type: Group['type'], key: string): Group {
  const name = `${type} ${key}`;
  const known = frame.groups.get(name);
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
  frame.groups.set(name, group);
  return group;
}

function foldedWeek(schoolUrn: string, week: string, frame: Frame, grid: MarksGrid): FoldedWeek {
  const all = [...frame.groups.values()].toSorted((left, right) =>
    `${left.type} ${left.key}`.localeCompare(`${right.type} ${right.key}`),
  );
  const groups = all.flatMap(({ lastPupil, type, ...counts }) =>
    type === 'crossing' || counts.key === 'unknown' ? [] : [{ type, ...counts }],
  );
  const crossings = all.filter((group) => group.type === 'crossing' && group.pupils > 0).map(crossingOf);
  const dates = frame.days.map((day) => grid.dates[day] ?? '').toSorted();
  return {
    schoolUrn,
    week,
    dates,
    marks: frame.marks,
    groups,
    crossings,
    fingerprint: contentId([
      schoolUrn,
      week,
      ...dates,
      ...[...groups, ...crossings].map((group) => JSON.stringify(group)),
    ]),
  };
}
