/**
 * Whether the groups of a school (tutor groups, or year groups) may be told of beside its other comparisons. Each figure is
 * a sum over cells of pupils who share every group; a set of pupils is safe when sessions can be moved between cells so that
 * no shown sum changes and the set's own sessions do, by enough to hide any nine pupils. Finds such moves, or says no.
 */
import type { Crossing } from './fold.ts';
import { isMany, leastSessions, type Rule } from './suppression.ts';

/** Pupils of one shown group who share disadvantage and support. */
type Cell = {
  readonly group: string;
  readonly kind: string;
  readonly pupils: number;
  readonly possible: number;
  readonly attended: number;
};

/** `up` sessions more could have been attended, `down` fewer. Taken from as moves are found. */
type Room = Map<Cell, { up: number; down: number }>;

/**
 * `groupOf` names the shown group of a crossing; those that are hidden together share a name. What `pp` and `sen` say is
 * left out of the kinds where it is not shown.
 */
export function mayShowGroups(
  crossings: readonly Crossing[],
  groupOf: (crossing: Crossing) => string,
  shown: { readonly pp: boolean; readonly sen: boolean },
  rule: Rule,
): boolean {
  const cells = cellsOf(crossings, groupOf, shown);
  const least = leastSessions(rule);
  const kinds = Map.groupBy(cells, (cell) => cell.kind);
  const sets = [
    ...cells.map((cell) => [cell]),
    ...kinds.values(),
    // Within a group: those of one answer, whatever the other answer is.
    ...[0, 1].flatMap((place) => [
      ...Map.groupBy(cells, (cell) => `${cell.group}|${cell.kind.split('|')[place]}`).values(),
    ]),
  ];
  return sets.every((set) => {
    const total = (pick: (cell: Cell) => number) => set.reduce((sum, cell) => sum + pick(cell), 0);
    const size = { pupils: total((cell) => cell.pupils), possible: total((cell) => cell.possible) };
    const attended = total((cell) => cell.attended);
    const bearsKnowing = isMany(size, rule) && attended >= least && size.possible - attended >= least;
    if (bearsKnowing) return true;
    const needed = Math.min(least, Math.ceil(size.possible / 10) + 1);
    return rangeOf(set, cells, needed) >= needed;
  });
}

function cellsOf(
  crossings: readonly Crossing[],
  groupOf: (crossing: Crossing) => string,
  shown: { readonly pp: boolean; readonly sen: boolean },
): Cell[] {
  const cells = new Map<string, { -readonly [Key in keyof Cell]: Cell[Key] }>();
  for (const crossing of crossings) {
    const group = groupOf(crossing);
    const supported = crossing.sen === 'N' ? 'no' : crossing.sen === 'unknown' ? 'unknown' : 'yes';
    const kind = `${shown.pp ? crossing.pp : ''}|${shown.sen ? supported : ''}`;
    const key = `${group} ${kind}`;
    const cell = cells.get(key) ?? { group, kind, pupils: 0, possible: 0, attended: 0 };
    cell.pupils += crossing.pupils;
    cell.possible += crossing.possible;
    cell.attended += crossing.attended;
    cells.set(key, cell);
  }
  return [...cells.values()];
}

/** By how many sessions, up and down together, the set can be moved; looks no further than `needed`. */
function rangeOf(set: readonly Cell[], cells: readonly Cell[], needed: number): number {
  const rise = moved(set, cells, needed, 1);
  return rise >= needed ? rise : rise + moved(set, cells, needed - rise, -1);
}

function roomIn(cells: readonly Cell[], direction: 1 | -1): Room {
  return new Map(
    cells.map((cell) => {
      const [more, fewer] = [cell.possible - cell.attended, cell.attended];
      return [cell, direction === 1 ? { up: more, down: fewer } : { up: fewer, down: more }];
    }),
  );
}

/**
 * Moves the set one way. A move is four cells: two kinds in two groups, crosswise, which leaves every group's and every
 * kind's sum; or the four kinds of two answers in one group, which leaves both answers' sums. Takes the most at each step.
 */
function moved(set: readonly Cell[], cells: readonly Cell[], needed: number, direction: 1 | -1): number {
  const room = roomIn(cells, direction);
  const inSet = new Set(set);
  const at = new Map(cells.map((cell) => [`${cell.group} ${cell.kind}`, cell]));
  const groups = [...new Set(cells.map((cell) => cell.group))];
  const kinds = [...new Set(cells.map((cell) => cell.kind))];
  let gained = 0;
  const take = (ups: readonly (Cell | undefined)[], downs: readonly (Cell | undefined)[]) => {
    const rising = ups.flatMap((cell) => (cell ? [cell] : []));
    const falling = downs.flatMap((cell) => (cell ? [cell] : []));
    if (rising.length < ups.length || falling.length < downs.length) return;
    const gain =
      rising.filter((cell) => inSet.has(cell)).length - falling.filter((cell) => inSet.has(cell)).length;
    if (gain <= 0) return;
    const most = Math.min(
      ...rising.map((cell) => room.get(cell)?.up ?? 0),
      ...falling.map((cell) => room.get(cell)?.down ?? 0),
    );
    if (most <= 0) return;
    for (const cell of rising) {
      const own = room.get(cell);
      if (own) own.up -= most;
    }
    for (const cell of falling) {
      const own = room.get(cell);
      if (own) own.down -= most;
    }
    gained += gain * most;
  };
  for (const cell of set) {
    const [pp = '', sen = ''] = cell.kind.split('|');
    const other = (kind: string) => at.get(`${cell.group} ${kind}`);
    for (const across of kinds) {
      const [itsPp = '', itsSen = ''] = across.split('|');
      if (itsPp === pp || itsSen === sen) continue;
      take([cell, other(across)], [other(`${pp}|${itsSen}`), other(`${itsPp}|${sen}`)]);
      if (gained >= needed) return gained;
    }
    for (const kind of kinds)
      for (const group of groups) {
        if (kind === cell.kind || group === cell.group) continue;
        take([cell, at.get(`${group} ${kind}`)], [other(kind), at.get(`${group} ${cell.kind}`)]);
        if (gained >= needed) return gained;
      }
  }
  return gained;
}
