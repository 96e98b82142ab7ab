/**
 * An attack on all that one reader may see of a trust, over its surfaces and dates together: schools taken from the trust, a group from
 * all, one week from the next. Each figure counts as the whole number of sessions behind it, and a linear program says for each small
 * group how far its attended sessions are still open.
 */
import { blurEnds, leastSessions } from '../../src/attendance/suppression.ts';
import { type Pupil, type PupilWeek, sum, WEEKS, type World, weekOfPupil } from './disclosure-world.ts';
import type { Highs } from './highs.ts';

/**
 * A figure that was read on some surface. `week`: its place among the world's weeks. `year`: the school year up to that week; `ends`: that
 * hardly a session was missed, or attended, in one of the two groups.
 */
export type Told = {
  readonly school: string | 'trust';
  readonly week: number;
  readonly kind: 'school' | 'gap' | 'send' | 'year' | 'ends';
};

export type PlacedWorld = World & { readonly urn: string };

/**
 * What a trust would tell without a defence: its sum adds up schools that are hidden; its gap groups that are; the school year so far is told
 * of two groups with the weeks in which they are hidden.
 */
export const WEAKNESSES = ['small-schools', 'hidden-gaps', 'hidden-weeks'] as const;
export type Weakness = (typeof WEAKNESSES)[number];

type Members = (pupil: Pupil) => boolean;
/** Attended sessions of the members in some weeks of some schools, together, between two numbers. */
type Row = { readonly parts: readonly Part[]; readonly low: number; readonly high: number };
type Part = { readonly urn: string; readonly week: number; readonly member: Members };

const ALL: Members = () => true;
const GROUPS = {
  gap: [({ pp }: Pupil) => pp === 'yes', ({ pp }: Pupil) => pp === 'no'],
  send: [({ sen }: Pupil) => sen !== 'N', ({ sen }: Pupil) => sen === 'N'],
} as const;
const SMALL = 9;

function weekIn(world: World, index: number, week: number): PupilWeek | undefined {
  const pupil = world.pupils[index];
  return pupil && weekOfPupil(pupil, week, 1);
}

function totalsOf(world: World, week: number, member: Members) {
  const own = world.pupils.flatMap((pupil) => (member(pupil) ? (weekOfPupil(pupil, week, 1) ?? []) : []));
  const possible = sum(own.map((one) => sum(one.possible)));
  const attended = sum(own.map((one) => sum(one.attended)));
  return { possible, attended, pupils: own.length };
}

/** A part's share of a sum as it is shown: undefined where it was blurred, so that the sum tells nothing more of it. */
function isExact(world: World, week: number): boolean {
  const { possible, attended } = totalsOf(world, week, ALL);
  const rule = { threshold: world.threshold, sessions: world.sessions[week] ?? 10 };
  return blurEnds({ possible, absent: possible - attended }, rule).bound === 'exact';
}

function rowsOf(worlds: readonly PlacedWorld[], told: readonly Told[], weakness?: Weakness): Row[] {
  return told.flatMap((one) => rowsFor(worlds, one, weakness));
}

function exactly(parts: readonly (Part & { readonly world: World })[]): Row {
  const attended = sum(parts.map(({ world, week, member }) => totalsOf(world, week, member).attended));
  return { parts, low: attended, high: attended };
}

function rowsFor(worlds: readonly PlacedWorld[], { school, week, kind }: Told, weakness?: Weakness): Row[] {
  const ofTrust = school === 'trust';
  const some = worlds.filter(({ urn }) => ofTrust || urn === school);
  const part = (world: PlacedWorld, member: Members, at = week) => ({
    world,
    urn: world.urn,
    week: at,
    member,
  });
  if (kind === 'ends')
    return some.flatMap((world) =>
      GROUPS.gap.map((member) => bounded(world, week, member)).filter(({ low, high }) => low < high),
    );
  if (kind === 'year')
    return some.flatMap((world) => {
      const weeks = Array.from({ length: week + 1 }, (_, at) => at);
      const shown = weeks.filter((at) => world.releases[at]?.school && isExact(world, at));
      const hidden = weakness === 'hidden-weeks' ? GROUPS.gap : [];
      return [
        exactly(shown.map((at) => part(world, ALL, at))),
        ...hidden.map((member) => exactly(weeks.map((at) => part(world, member, at)))),
      ];
    });
  if (kind === 'school') {
    if (!ofTrust)
      return some.map((world) =>
        isExact(world, week) ? exactly([part(world, ALL)]) : bounded(world, week, ALL),
      );
    const added = some.filter(
      (world) => weakness === 'small-schools' || (world.releases[week]?.school && isExact(world, week)),
    );
    return [exactly(added.map((world) => part(world, ALL)))];
  }
  const shown = some.filter((world) => !ofTrust || weakness === 'hidden-gaps' || world.releases[week]?.gap);
  return GROUPS[kind].map((member) => exactly(shown.map((world) => part(world, member))));
}

/** So many or more, so many or fewer: whoever knows the rule knows from where it is said. */
function bounded(world: PlacedWorld, week: number, member: Members): Row {
  const { possible, attended } = totalsOf(world, week, member);
  const edge = leastSessions({ threshold: world.threshold, sessions: world.sessions[week] ?? 10 }) - 1;
  const parts = [{ urn: world.urn, week, member }];
  if (possible - attended <= edge) return { parts, low: possible - edge, high: possible };
  if (attended <= edge) return { parts, low: 0, high: edge };
  return { parts, low: attended, high: attended };
}

/** A group of one to nine pupils of a school, in a week or in all of them. */
type Candidate = {
  readonly urn: string;
  readonly name: string;
  readonly pupils: ReadonlySet<number>;
  readonly weeks: readonly number[];
};

function candidatesIn(world: PlacedWorld): Candidate[] {
  const weeks = Array.from({ length: WEEKS }, (_, week) => week);
  const has = (index: number, week: number) => weekIn(world, index, week) !== undefined;
  const found: Candidate[] = [];
  const known = new Set<string>();
  const add = (name: string, members: readonly number[], own: readonly number[]) => {
    const key = `${members.join()} ${own.join()}`;
    if (members.length === 0 || members.length > SMALL || known.has(key)) return;
    known.add(key);
    found.push({ urn: world.urn, name, pupils: new Set(members), weeks: own });
  };
  const describe = [
    () => 'all',
    ({ pp }: Pupil) => `pp ${pp}`,
    ({ sen }: Pupil) => `needs ${sen !== 'N'}`,
    ({ pp, sen }: Pupil) => `pp ${pp}, needs ${sen !== 'N'}`,
  ];
  for (const week of weeks) {
    const there = world.pupils.map((_, index) => index).filter((index) => has(index, week));
    for (const say of describe)
      for (const [name, members] of Map.groupBy(there, (index) => say(world.pupils[index] as Pupil))) {
        add(`${name} in week ${week}`, members, [week]);
        add(`${name} in every week`, members, weeks);
      }
    add(
      `joined in week ${week}`,
      there.filter((index) => week > 0 && !has(index, week - 1)),
      [week],
    );
    add(
      `leaving after week ${week}`,
      there.filter((index) => week < WEEKS - 1 && !has(index, week + 1)),
      [week],
    );
  }
  return found;
}

/** Pupils of a week who are the same to every figure; a group's own stand apart. */
type Cell = {
  readonly urn: string;
  readonly week: number;
  readonly inGroup: boolean;
  readonly sample: Pupil;
  possible: number;
  attended: number;
};

function cellsOf(worlds: readonly PlacedWorld[], candidate?: Candidate): Cell[] {
  const cells = new Map<string, Cell>();
  for (const world of worlds)
    for (let week = 0; week < WEEKS; week += 1)
      world.pupils.forEach((pupil, index) => {
        const own = weekIn(world, index, week);
        if (!own) return;
        const inGroup =
          candidate?.urn === world.urn && candidate.weeks.includes(week) && candidate.pupils.has(index);
        const key = [world.urn, week, pupil.pp, pupil.sen !== 'N', inGroup].join(' ');
        const cell = cells.get(key) ?? {
          urn: world.urn,
          week,
          inGroup,
          sample: pupil,
          possible: 0,
          attended: 0,
        };
        cell.possible += sum(own.possible);
        cell.attended += sum(own.attended);
        cells.set(key, cell);
      });
  return [...cells.values()];
}

/** Sessions may be exchanged between pupils whom no figure tells apart: then the group varies whatever else is known. */
function variesByExchange(cells: readonly Cell[], possible: number): boolean {
  const absent = (cell: Cell) => cell.possible - cell.attended;
  const width = cells
    .filter(({ inGroup }) => inGroup)
    .map((cell) => {
      const twin = cells.find(
        (other) =>
          !other.inGroup &&
          other.urn === cell.urn &&
          other.week === cell.week &&
          other.sample.pp === cell.sample.pp &&
          (other.sample.sen !== 'N') === (cell.sample.sen !== 'N'),
      );
      return twin ? Math.min(absent(cell), twin.attended) + Math.min(cell.attended, absent(twin)) : 0;
    });
  return sum(width) >= possible / 10;
}

/** Between the least and the most sessions that the group may have attended. */
function widthOf(cells: readonly Cell[], rows: readonly Row[], highs: Highs): number {
  const value = (direction: 'max' | 'min'): number => {
    const goal = cells.flatMap(({ inGroup }, place) => (inGroup ? [`+ x${place}`] : []));
    const lines = rows.flatMap(({ parts, low, high }, index) => {
      const terms = cells.flatMap((cell, place) =>
        parts.some(({ urn, week, member }) => urn === cell.urn && week === cell.week && member(cell.sample))
          ? [`+ x${place}`]
          : [],
      );
      if (terms.length === 0) return [];
      return low === high
        ? [`r${index}: ${terms.join(' ')} = ${low}`]
        : [`l${index}: ${terms.join(' ')} >= ${low}`, `h${index}: ${terms.join(' ')} <= ${high}`];
    });
    const bounds = cells.map(({ possible }, place) => `0 <= x${place} <= ${possible}`);
    const text = `${direction}\n obj: ${goal.join('\n ')}\nSubject To\n${lines.join('\n')}\nBounds\n${bounds.join('\n')}\nEnd\n`;
    const { Status, Columns } = highs.solve(text, { presolve: 'off' });
    if (Status !== 'Optimal') throw new Error(`the program is ${Status}`);
    return sum(cells.map(({ inGroup }, place) => (inGroup ? (Columns[`x${place}`]?.Primal ?? 0) : 0)));
  };
  return value('max') - value('min');
}

export type Differenced = {
  readonly groups: number;
  readonly programs: number;
  readonly recovered: readonly string[];
};

/** Groups whose sessions are known within a tenth, by all that was told. With a weakness, by what a trust without a defence would tell. */
export function difference(
  worlds: readonly PlacedWorld[],
  told: readonly Told[],
  highs: Highs,
  weakness?: Weakness,
): Differenced {
  const rows = rowsOf(worlds, told, weakness);
  const recovered: string[] = [];
  let [groups, programs] = [0, 0];
  for (const world of worlds)
    for (const candidate of candidatesIn(world)) {
      groups += 1;
      const near = cellsOf([world], candidate);
      const possible = sum(near.flatMap((cell) => (cell.inGroup ? [cell.possible] : [])));
      if (variesByExchange(near, possible)) continue;
      programs += 1;
      const width = widthOf(cellsOf(worlds, candidate), rows, highs);
      if (width < possible / 10 - 1e-6)
        recovered.push(
          `${world.urn}: ${candidate.name}, ${candidate.pupils.size} pupils, within ${width.toFixed(2)} of ${possible}`,
        );
    }
  return { groups, programs, recovered };
}
