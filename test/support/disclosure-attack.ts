/**
 * The attack: for every small group of pupils that somebody could name, how tightly do the facts bound its attended
 * sessions? A linear program answers; it is asked only where no exchange of sessions between pupils of the same description
 * shows already that the group may vary enough. The attacker knows everybody's description and possible sessions.
 */

import { seeded } from '../../src/kernel/seeded.ts';
import { type Defence, type Fact, factsOf, type Trait } from './disclosure-facts.ts';
import { type Pupil, type PupilWeek, sum, WEEKS, type World, weekOfPupil } from './disclosure-world.ts';
import type { Highs } from './highs.ts';

/** A group of one to nine pupils in one version of a week. */
type Candidate = { readonly name: string; readonly version: 1 | 2; readonly members: ReadonlySet<number> };

export type Recovered = {
  readonly week: number;
  readonly group: string;
  readonly pupils: number;
  readonly possible: number;
  /** Between the least and the most sessions that the group may have attended. */
  readonly width: number;
};

export type Attacked = {
  readonly groups: number;
  readonly programs: number;
  readonly recovered: Recovered[];
};

const SMALL = 9;
/** Programs are solved in tenths of sessions' accuracy and better; this is far under a tenth of one session. */
const SLACK = 1e-6;
/** One alone pays for its setting up, all together for a basis that grows with them: 4 to 8 took least time. */
const PROGRAMS_AT_ONCE = 6;

export function attack(world: World, seed: number, highs: Highs, without?: Defence): Attacked {
  const recovered: Recovered[] = [];
  let groups = 0;
  let programs = 0;
  for (let week = 0; week < WEEKS; week += 1) {
    const facts = factsOf(world, week, without);
    if (facts.length === 0) continue;
    const candidates = candidatesIn(world, week, seed, facts);
    groups += candidates.length;
    const parts = partsOf(world, week, facts);
    const known = { parts, whole: wholeOf(parts) };
    const open = candidates.filter((candidate) => !variesByExchange(world, week, known, candidate));
    if (open.length === 0) continue;
    programs += open.length;
    const widths: number[] = [];
    for (let at = 0; at < open.length; at += PROGRAMS_AT_ONCE)
      widths.push(...widthsOf(week, known, facts, open.slice(at, at + PROGRAMS_AT_ONCE), highs));
    open.forEach((candidate, index) => {
      const width = widths[index] ?? 0;
      const possible = possibleOf(world, week, candidate);
      if (width < possible / 10 - SLACK)
        recovered.push({ week, group: candidate.name, pupils: candidate.members.size, possible, width });
    });
  }
  return { groups, programs, recovered };
}

function possibleOf(world: World, week: number, { members, version }: Candidate): number {
  return sum(
    [...members].map((index) => {
      const pupil = world.pupils[index];
      return sum((pupil && weekOfPupil(pupil, week, version)?.possible) ?? []);
    }),
  );
}

const DESCRIPTIONS: readonly (readonly Trait[])[] = [
  ['pp'],
  ['sen'],
  ['pp', 'sen'],
  ['year'],
  ['year', 'pp'],
  ['year', 'sen'],
  ['year', 'pp', 'sen'],
  ['form'],
  ['form', 'pp'],
  ['form', 'sen'],
  ['form', 'pp', 'sen'],
];

/** Groups by description, those who came or went, those whose marks were corrected, and some that have no name. */
function candidatesIn(world: World, week: number, seed: number, facts: readonly Fact[]): Candidate[] {
  const { pupils } = world;
  const random = seeded(seed * 31 + week);
  const there = (index: number, at = week, version: 1 | 2 = 1) => {
    const pupil = pupils[index];
    return pupil !== undefined && weekOfPupil(pupil, at, version) !== undefined;
  };
  const present = pupils.map((_, index) => index).filter((index) => there(index));
  const sessionsOf = (index: number) => {
    const pupil = pupils[index];
    return sum((pupil && weekOfPupil(pupil, week, 1)?.possible) ?? []);
  };
  const found: Candidate[] = [];
  // The same pupils often have several names; one program for them is enough.
  const known = new Set<string>();
  const add = (name: string, members: readonly number[], version: 1 | 2 = 1) => {
    const key = `${version} ${members.toSorted((a, b) => a - b).join()}`;
    if (members.length === 0 || members.length > SMALL || known.has(key)) return;
    known.add(key);
    found.push({ name, version, members: new Set(members) });
  };
  const said = (pupil: Pupil | undefined, traits: readonly Trait[]) =>
    traits.map((trait) => (trait === 'sen' ? pupil?.sen !== 'N' : pupil?.[trait])).join(' ');
  for (const traits of DESCRIPTIONS)
    for (const [name, members] of Map.groupBy(present, (index) => said(pupils[index], traits))) {
      add(`${traits.join(' ')} ${name}`, members);
      // All but those with the fewest sessions, of a group that is hardly big enough.
      if (members.length <= SMALL || members.length >= 13) continue;
      const most = members.toSorted((a, b) => sessionsOf(b) - sessionsOf(a)).slice(0, SMALL);
      add(`most of ${traits.join(' ')} ${name}`, most);
    }
  add(
    'joined',
    present.filter((index) => week > 0 && !there(index, week - 1)),
  );
  add(
    'leaving',
    present.filter((index) => week < WEEKS - 1 && !there(index, week + 1)),
  );
  const corrected = present.filter((index) => pupils[index]?.after[week] !== undefined);
  add('corrected', corrected);
  add(
    'taken off',
    corrected.filter((index) => pupils[index]?.after[week] === 'gone'),
  );
  if (facts.some((fact) => fact.version !== 1))
    add(
      'corrected, afterwards',
      corrected.filter((index) => there(index, week, 2)),
      2,
    );
  for (const size of [1, 3, SMALL])
    add(
      `any ${size}`,
      Array.from(
        new Set(Array.from({ length: size }, () => present[random.whole(0, present.length - 1)] ?? 0)),
      ),
    );
  return found;
}

type Cell = { key: string; inGroup: boolean; possible: number; attended: number; sample: Pupil };
/** What a pupil adds to a cell; a pupil whose marks changed adds to one cell a version. */
type Part = {
  readonly key: string;
  readonly version: 0 | 1 | 2;
  readonly own: PupilWeek;
  readonly pupil: Pupil;
};

/**
 * Pupils who are the same to every fact. Sessions of those whose marks did not change are one and the same in both
 * versions. Worked out once a week; `cellsOf` then takes a group's pupils out of them.
 */
function partsOf(world: World, week: number, facts: readonly Fact[]): readonly (readonly Part[])[] {
  const traits = [...new Set(facts.flatMap((fact) => fact.traits))];
  const both = facts.some((fact) => fact.version !== 1);
  return world.pupils.map((pupil) => {
    const changed = both && pupil.after[week] !== undefined;
    return (changed ? ([1, 2] as const) : ([0] as const)).flatMap((version): Part[] => {
      const own = weekOfPupil(pupil, week, version === 2 ? 2 : 1);
      const key = [version, ...traits.map((trait) => pupil[trait])].join('|');
      return own ? [{ key, version, own, pupil }] : [];
    });
  });
}

function wholeOf(parts: readonly (readonly Part[])[]): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const part of parts.flat()) addTo(cells, part, false, 1);
  return cells;
}

function addTo(cells: Map<string, Cell>, { key, own, pupil }: Part, inGroup: boolean, sign: 1 | -1): void {
  const name = `${key}|${inGroup}`;
  const cell = cells.get(name) ?? { key: name, inGroup, possible: 0, attended: 0, sample: pupil };
  cells.set(name, {
    ...cell,
    possible: cell.possible + sign * sum(own.possible),
    attended: cell.attended + sign * sum(own.attended),
  });
}

/** The cells with a group's pupils apart from the others. */
function cellsOf({ parts, whole }: WeekCells, { members, version }: Candidate): Cell[] {
  const cells = new Map(whole);
  for (const index of members)
    for (const part of parts[index] ?? [])
      if (part.version === 0 || part.version === version) {
        addTo(cells, part, false, -1);
        addTo(cells, part, true, 1);
      }
  return [...cells.values()].filter((cell) => cell.possible > 0);
}

type WeekCells = { readonly parts: readonly (readonly Part[])[]; readonly whole: ReadonlyMap<string, Cell> };

function variesByExchange(world: World, week: number, known: WeekCells, candidate: Candidate): boolean {
  const cells = cellsOf(known, candidate);
  let width = 0;
  for (const cell of cells.filter((one) => one.inGroup)) {
    const twin = cells.find((one) => one.key === cell.key.replace(/true$/, 'false'));
    if (!twin) continue;
    const absent = (one: Cell) => one.possible - one.attended;
    width += Math.min(absent(cell), twin.attended) + Math.min(cell.attended, absent(twin));
  }
  return width >= possibleOf(world, week, candidate) / 10;
}

/** One program for a few groups: for each two schools that fit the facts, as far apart in its sessions as can be. */
function widthsOf(
  week: number,
  known: WeekCells,
  facts: readonly Fact[],
  candidates: readonly Candidate[],
  highs: Highs,
): number[] {
  const goal: string[] = [];
  const rows: string[] = [];
  const bounds: string[] = [];
  const own: string[][] = [];
  candidates.forEach((candidate, number) => {
    const cells = cellsOf(known, candidate);
    for (const side of ['u', 'd']) {
      const name = (place: number) => `${side}${number}_${place}`;
      cells.forEach((cell, place) => {
        bounds.push(`0 <= ${name(place)} <= ${cell.possible}`);
      });
      facts.forEach((fact, index) => {
        const terms = cells.flatMap((cell, place) => {
          if (!fact.member(cell.sample)) return [];
          const at = cell.key[0];
          // Version 1 of changed pupils, version 2 of them, or the unchanged, who are in both.
          const factor =
            fact.version === 'moved'
              ? { 0: 0, 1: -1, 2: 1 }[at ?? '0']
              : at === '0' || at === String(fact.version)
                ? 1
                : 0;
          return factor ? [`${factor > 0 ? '+' : '-'} ${name(place)}`] : [];
        });
        if (terms.length === 0) return;
        if (fact.low === fact.high) rows.push(`c${side}${number}_${index}: ${terms.join(' ')} = ${fact.low}`);
        else {
          rows.push(`l${side}${number}_${index}: ${terms.join(' ')} >= ${fact.low}`);
          rows.push(`h${side}${number}_${index}: ${terms.join(' ')} <= ${fact.high}`);
        }
      });
      cells.forEach((cell, place) => {
        if (cell.inGroup) goal.push(`${side === 'u' ? '+' : '-'} ${name(place)}`);
      });
    }
    own.push(cells.flatMap((cell, place) => (cell.inGroup ? [String(place)] : [])));
  });
  const text = `max\n obj: ${goal.join('\n ')}\nSubject To\n${rows.join('\n')}\nBounds\n${bounds.join('\n')}\nEnd\n`;
  // So small that looking for something to leave out costs more than it saves.
  const solution = highs.solve(text, { presolve: 'off' });
  if (solution.Status !== 'Optimal') throw new Error(`The program of week ${week} is ${solution.Status}`);
  const value = (name: string) => solution.Columns[name]?.Primal ?? 0;
  return candidates.map((_, number) =>
    sum((own[number] ?? []).map((place) => value(`u${number}_${place}`) - value(`d${number}_${place}`))),
  );
}
