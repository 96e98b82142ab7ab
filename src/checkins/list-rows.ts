/**
 * Rows of the trust's SharePoint list as milestones, and what an approved check-in writes back to its row. A row that cannot be
 * read is named with what to mend; the others are taken. Pure; what a milestone must be is the same as for a CSV file.
 */
import type { Trust } from '../config/trust.ts';
import { contentId } from '../kernel/ids.ts';
import { shorten } from '../kernel/text.ts';
import { dateOf } from '../kernel/time.ts';
import type { Term } from '../scheduling/calendar.ts';
import type { Cadence } from './cadence.ts';
import type { FreeCell, HeldCell } from './held-lines.ts';
import { type ImportFacts, type ImportProblem, readCells } from './import.ts';
import type { Answer } from './lifecycle.ts';
import { isCarried, isOver, LISTED, MADE_IN_CHAT, type Milestone, type MilestonePlan } from './milestone.ts';
import { FIELDS, firstRound } from './milestone-form.ts';
import { STATUS_WORDS } from './words.ts';

export type ListSetting = NonNullable<Trust['milestone_list']>;
export type Row = { readonly id: string; readonly fields: Readonly<Record<string, unknown>> };
/** `row`: as the list's ID column shows it. */
export type RowProblem = {
  readonly row: string;
  readonly title: string;
  readonly column?: string;
  readonly reason: string;
  /** The list holds it no more; its milestone goes on. */
  readonly gone?: true;
};

export type RowsRead = {
  readonly plans: readonly MilestonePlan[];
  readonly problems: readonly RowProblem[];
  /** Rows that stand for a milestone made in chat: its id by the row's. */
  readonly ours: ReadonlyMap<string, string>;
};

export type RowFacts = Omit<ImportFacts, 'othersOf' | 'isOver'> & {
  readonly kept: readonly Milestone[];
  readonly today: string;
  readonly termsOf: (schoolUrn: string | undefined) => readonly Term[];
};

export function readRows(rows: readonly Row[], setting: ListSetting, facts: RowFacts): RowsRead {
  const plans: MilestonePlan[] = [];
  const problems: RowProblem[] = [];
  const ours = new Map<string, string>();
  const kept = new Map(facts.kept.map((milestone) => [milestone.id, milestone]));
  const { waymark_id: mark } = setting.columns;
  const own = (row: Row) => (mark === undefined ? '' : textOf(row.fields[mark]));
  const firsts = new Map<string, string>();
  for (const row of rows.toSorted((one, other) => Number(one.id) - Number(other.id)))
    if (!firsts.has(own(row))) firsts.set(own(row), row.id);
  const named = new Set(rows.map(({ id }) => `${LISTED}${id}`));
  const owned = new Map<string, number>();
  for (const milestone of facts.kept) {
    const { id, ownerId } = milestone;
    if (isCarried(milestone, facts.today) && !named.has(id))
      owned.set(ownerId, (owned.get(ownerId) ?? 0) + 1);
  }
  for (const row of rows) {
    const made = own(row);
    const cells = cellsOf(row, setting, facts);
    const title = shorten(cells.get('title') ?? '', 60);
    const refuse = ({ column, reason }: Pick<ImportProblem, 'column' | 'reason'>) =>
      void problems.push({ row: row.id, title, ...(column ? { column } : {}), reason });
    if (made.startsWith(MADE_IN_CHAT)) {
      const reason = kept.has(made)
        ? copied(row.id, firsts.get(made))
        : 'is of no milestone that is known here';
      if (reason === undefined) ours.set(row.id, made);
      else
        refuse({
          column: 'waymark_id',
          reason: `${reason}; empty it, and the row becomes a milestone of its own`,
        });
      continue;
    }
    if (cells.get('next_check_in') === '')
      cells.set('next_check_in', roundOf(cells, kept.get(`${LISTED}${row.id}`), facts));
    const read = readCells(cells, 0, facts, LISTED);
    if ('problems' in read) {
      for (const one of read.problems) refuse(one);
      continue;
    }
    const { plan } = read;
    if (isOver(plan, facts.kept, facts.today)) {
      plans.push(plan);
      continue;
    }
    const count = (owned.get(plan.ownerId) ?? 0) + 1;
    const most = facts.trust.policies.milestones_each;
    if (count > most) {
      refuse({
        column: 'owner',
        reason: `would have ${count} milestones; the trust allows ${most} (policies.milestones_each)`,
      });
      continue;
    }
    owned.set(plan.ownerId, count);
    plans.push(plan);
  }
  return { plans, problems, ours };
}

/** A row that somebody copied carries the mark of the one that it was copied from. */
function copied(row: string, first: string | undefined): string | undefined {
  return first === row ? undefined : `is that of row ${first}, of which this seems to be a copy`;
}

/** The cells that hold somebody's own words; a place is the row's id. */
export function freeCellsOf(
  rows: readonly Row[],
  { columns }: Pick<ListSetting, 'columns'>,
): FreeCell<string>[] {
  return rows.flatMap(({ id, fields }) =>
    (['title', 'measure', 'unit'] as const).map((column) => ({
      place: id,
      column,
      words: textOf(fields[columns[column]]),
    })),
  );
}

/** Rows with such cells are problems and no plans; a title that is held back is repeated nowhere. */
export function withoutHeld(read: RowsRead, held: readonly HeldCell<string>[]): RowsRead {
  const own = held.filter(({ place }) => !read.ours.has(place));
  const rows = new Set(own.map(({ place }) => place));
  const titles = new Set(own.filter(({ column }) => column === 'title').map(({ place }) => place));
  const shown = read.problems.map((problem) =>
    titles.has(problem.row) ? { ...problem, title: '' } : problem,
  );
  const reasons = own.map(({ place, column, reason }) => ({ row: place, title: '', column, reason }));
  return {
    ...read,
    plans: read.plans.filter(({ id }) => !rows.has(id.slice(LISTED.length))),
    problems: [...shown, ...reasons],
  };
}

/** The form's, and what only a list or a file says. */
const CELLS = [...FIELDS.filter(isCell), 'team', 'reviewer', 'next_check_in'] as const;

/** A form asks in two fields what a cell says in one. */
function isCell(name: (typeof FIELDS)[number]): name is Exclude<typeof name, 'reviewer' | 'reader'> {
  return name !== 'reviewer' && name !== 'reader';
}

function cellsOf(row: Row, { columns }: ListSetting, { trust }: RowFacts): Map<string, string> {
  const zone = trust.trust.zone;
  const cells = new Map<string, string>([['id', row.id]]);
  for (const name of CELLS) {
    // Who reads it is said by a list that has a column for it, and by no other.
    if (name === 'reviewer' && columns.reviewer === undefined) continue;
    const text = textOf(row.fields[columns[name] ?? '']);
    const isDay = name === 'due' || name === 'next_check_in';
    cells.set(name, isDay ? dayOf(text, zone) : text);
  }
  const direction = cells.get('direction') ?? '';
  const known = DIRECTION_WORDS.find(([words]) => words.test(direction));
  if (known) cells.set('direction', known[1]);
  return cells;
}

/** As a person writes it in a list of choices. */
const DIRECTION_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^higher\b/i, 'higher'],
  [/^lower\b/i, 'lower'],
  [/^(?:by[- ]date|reach\b)/i, 'by-date'],
  [/^(?:yes[- /]*no|done\b)/i, 'yes-no'],
];

/** A day of a list comes as the instant of its midnight where the site is. */
function dayOf(text: string, zone: string): string {
  return /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text))
    ? dateOf(new Date(text), zone)
    : text;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Where the list names none: the round it has, else the first one of its rhythm. */
function roundOf(
  cells: ReadonlyMap<string, string>,
  kept: Milestone | undefined,
  { trust, today, termsOf }: RowFacts,
): string {
  const due = cells.get('due') ?? '';
  const cadence = (cells.get('cadence') || 'half-termly') as Cadence;
  if (kept && kept.cadence === cadence && kept.due === due) return kept.firstRound;
  const school = trust.schools.find(
    ({ urn, name }) => urn === cells.get('school') || name === cells.get('school'),
  );
  return ['half-termly', 'fortnightly', 'term-end'].includes(cadence) && due > today
    ? firstRound(cadence, due, today, termsOf(school?.urn))
    : today;
}

export type Write = {
  readonly fields: Readonly<Record<string, string | number | null>>;
  readonly mark: string;
};

/** What the row of an approved check-in says; `mark` tells one content from another. Only columns that the trust named. */
export function writeOf(
  { columns }: ListSetting,
  approved: { readonly answer: Answer; readonly date: string },
): Write {
  const { answer, date } = approved;
  return marked(
    (
      [
        [columns.status, STATUS_WORDS[answer.status]],
        [columns.value, answer.value ?? null],
        [columns.last_words, answer.note],
        [columns.approved_on, date],
      ] as const
    ).flatMap(([name, value]) => (name === undefined ? [] : [[name, value] as const])),
  );
}

/** What the row of a milestone says that was closed in chat; nothing where no column takes it. */
export function closingOf({ columns }: ListSetting): Write | undefined {
  return columns.status === undefined ? undefined : marked([[columns.status, 'Closed']]);
}

/** A milestone made in chat, as its row of the list says it. */
export function rowOf(
  { columns }: ListSetting,
  milestone: Milestone,
  words: {
    readonly school: string;
    readonly team: string;
    readonly owner: string;
    readonly reviewer: string;
  },
): Write {
  return marked([
    [columns.title, milestone.title],
    [columns.strand, milestone.strand],
    [columns.school, words.school],
    ...(columns.team === undefined ? [] : [[columns.team, words.team] as const]),
    [columns.owner, words.owner],
    ...(columns.reviewer === undefined ? [] : [[columns.reviewer, words.reviewer] as const]),
    [columns.measure, milestone.measure],
    [columns.unit, milestone.unit],
    [columns.target, milestone.target],
    [columns.direction, milestone.direction ?? 'higher'],
    [columns.due, milestone.due],
    [columns.cadence, milestone.cadence ?? 'half-termly'],
    ...(columns.waymark_id ? [[columns.waymark_id, milestone.id] as const] : []),
  ]);
}

function marked(pairs: readonly (readonly [string, string | number | null])[]): Write {
  return { fields: Object.fromEntries(pairs), mark: contentId([JSON.stringify(pairs)]) };
}
