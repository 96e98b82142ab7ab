/**
 * Which pupils of a tutor group a tutor should greet first: who came back, who is clear of a line again, who is near one,
 * who crossed it. Transitions, never standing lists, at most five, disadvantaged pupils first. Pure: pseudonyms in, and
 * out; for the private view alone, and nothing of it decides anything about a child.
 */
import { isPersistent, pool, type Totals } from './engine.ts';
import { KINDS } from './kinds.ts';
import type { Sheet, SheetRow } from './sheet.ts';

/** `returned`: in all week after a week mostly away. `left`, `near`, `crossed`: the line of one day in ten of the year. */
export type MovementKind = 'returned' | 'left' | 'near' | 'crossed';

export type Movement = {
  readonly pupil: string;
  readonly kind: MovementKind;
  /** Of the school year so far. */
  readonly toDate: Totals;
  readonly disadvantaged: boolean;
  /** The tutor group that the pupil is in. */
  readonly group: string;
};

export type WeekSheet = { readonly week: string; readonly sheet: Sheet };

/** Fewer possible sessions than this say too little about a child to name one (research: short time on roll misleads). */
export const LEAST_SESSIONS = 20;
const MOST = 5;
/** Strengths are said first. */
const ORDER: readonly MovementKind[] = ['returned', 'left', 'near', 'crossed'];

const ATTENDED = new Set(['present', 'late', 'approved']);
const ABSENT = new Set(['authorised', 'unauthorised', 'unexplained', 'late-after']);

/** Tutor groups by name; `all` is every one of the school. */
export type Groups = readonly string[] | 'all';

/** Movements of the last of `sheets`, the school year's in order, of the pupils who are in these groups in it: at most five. */
export function movementsOf(sheets: readonly WeekSheet[], groups: Groups): Movement[] {
  return foundIn(sheets, groups, kindOf)
    .sort(
      (left, right) => Number(right.disadvantaged) - Number(left.disadvantaged) || place(left) - place(right),
    )
    .slice(0, MOST)
    .sort((left, right) => place(left) - place(right));
}

/** Everybody who crossed the line of one day in ten in the last of the weeks, either way: `left` first. */
export function crossedIn(sheets: readonly WeekSheet[], groups: Groups): Movement[] {
  return foundIn(sheets, groups, lineOf).sort((left, right) => place(left) - place(right));
}

type KindOf = (
  before: Totals,
  toDate: Totals,
  week: Totals,
  lastWeek: Totals | undefined,
) => MovementKind | undefined;

function foundIn(sheets: readonly WeekSheet[], groups: Groups, kindOf: KindOf): Movement[] {
  const last = sheets.at(-1);
  if (!last) return [];
  const earlier = sheets.slice(0, -1).map(({ sheet }) => totalsByPupil(sheet));
  const before = earlier.at(-1);
  return last.sheet.rows.flatMap((row): Movement[] => {
    const context = contextOf(row, last.sheet);
    if (!context || (groups !== 'all' && !groups.includes(context.reg))) return [];
    const week = totalsIn(row);
    const toDateBefore = pool(earlier.flatMap((totals) => totals.get(row.pupil) ?? []));
    const toDate = pool([toDateBefore, week]);
    const kind = kindOf(toDateBefore, toDate, week, before?.get(row.pupil));
    const disadvantaged = context.pp === 'yes';
    return kind ? [{ pupil: row.pupil, kind, toDate, disadvantaged, group: context.reg }] : [];
  });
}

function place({ kind }: Movement): number {
  return ORDER.indexOf(kind);
}

function kindOf(
  before: Totals,
  toDate: Totals,
  week: Totals,
  lastWeek: Totals | undefined,
): MovementKind | undefined {
  if (!saysEnough(before, toDate)) return undefined;
  const wasAway =
    lastWeek !== undefined && lastWeek.possible >= 4 && lastWeek.absent * 2 >= lastWeek.possible;
  if (wasAway && week.possible >= 4 && week.absent === 0) return 'returned';
  const line = lineOf(before, toDate);
  if (line) return line;
  return !isPersistent(toDate) && isNear(toDate) && !isNear(before) ? 'near' : undefined;
}

function lineOf(before: Totals, toDate: Totals): 'left' | 'crossed' | undefined {
  if (!saysEnough(before, toDate)) return undefined;
  const [was, is] = [isPersistent(before), isPersistent(toDate)];
  if (was === is) return undefined;
  return is ? 'crossed' : 'left';
}

function saysEnough(before: Totals, toDate: Totals): boolean {
  return toDate.possible >= LEAST_SESSIONS && before.possible > 0;
}

/** Eight in a hundred missed: two short of the line of ten (attendance of 92%, this project's own mark). */
function isNear({ absent, possible }: Totals): boolean {
  return absent * 100 >= possible * 8;
}

function totalsByPupil(sheet: Sheet): Map<string, Totals> {
  return new Map(sheet.rows.map((row) => [row.pupil, totalsIn(row)]));
}

function totalsIn(row: SheetRow): Totals {
  let [possible, absent] = [0, 0];
  for (const cell of row.cells) {
    const kind = KINDS[cell] ?? 'none';
    if (ABSENT.has(kind)) absent += 1;
    if (ABSENT.has(kind) || ATTENDED.has(kind)) possible += 1;
  }
  return { possible, absent };
}

/** The groups a pupil counts in on the last day of the week on which there is a row. */
function contextOf(row: SheetRow, sheet: Sheet) {
  const day = row.contexts.findLast((one) => one !== 0);
  return day === undefined ? undefined : sheet.contexts[day - 1];
}
