/**
 * Reads milestones from a CSV file: one a line, every problem with its line and column, nothing taken when there is one. Pure;
 * who a name or an address means is given. What a milestone must be is `config/trust.ts`'s shape, as for `trust.yaml`.
 */
import Papa from 'papaparse';
import { MilestoneShape, type Trust } from '../config/trust.ts';
import { fold } from '../kernel/text.ts';
import { FREE_COLUMNS, type FreeCell, type HeldCell } from './held-lines.ts';
import { IMPORTED, type MilestonePlan, planOf } from './milestone.ts';
import { LINE_MANAGER, ruleFrom, ruleProblem } from './reader-rule.ts';

export type ImportProblem = { readonly line: number; readonly column?: string; readonly reason: string };
export type ImportRead =
  | { readonly kind: 'plans'; readonly plans: readonly MilestonePlan[] }
  | { readonly kind: 'problems'; readonly problems: readonly ImportProblem[] };

export type ImportFacts = {
  readonly trust: Trust;
  /** The id of one member of staff by id, address or full name; undefined for nobody or several. */
  readonly personFor: (words: string) => string | undefined;
  /** Milestones that each person has beside those of the file. */
  readonly othersOf: (personId: string, importedIds: ReadonlySet<string>) => number;
  /** A milestone of the file that asks nothing of its owner any more. */
  readonly isOver: (plan: MilestonePlan) => boolean;
};

const NEEDED = ['id', 'title', 'strand', 'owner', 'measure', 'unit', 'target', 'due', 'next_check_in'];
const OPTIONAL = ['direction', 'school', 'team', 'reviewer', 'cadence', 'every_weeks', 'ask_in'];
const NUMBERS = new Set(['target', 'every_weeks']);
const ID = /^[a-z0-9][a-z0-9-]{0,60}$/;
const MOST_ROWS = 5_000;

export function readMilestoneFile(text: string, facts: ImportFacts): ImportRead {
  const { columns, rows } = tableIn(text);
  const wrong = headerProblems(columns);
  if (wrong.length > 0) return { kind: 'problems', problems: wrong };
  const problems: ImportProblem[] = [];
  const plans: (MilestonePlan & { readonly line: number })[] = [];
  for (const { row, line } of rows) {
    if (plans.length + problems.length >= MOST_ROWS) {
      problems.push({ line, reason: `is beyond ${MOST_ROWS} lines; split the file` });
      break;
    }
    const found = readRow(row, columns, line, facts);
    if ('problems' in found) problems.push(...found.problems);
    else plans.push({ ...found.plan, line });
  }
  if (plans.length === 0 && problems.length === 0) problems.push({ line: 1, reason: 'has no milestone' });
  problems.push(...repeated(plans), ...tooMany(plans, facts));
  problems.sort((one, other) => one.line - other.line);
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'plans', plans: plans.map(({ line: _line, ...plan }) => plan) };
}

/** The cells of a file that hold somebody's own words, by their lines; of a file that is not one of milestones, none. */
export function freeCellsIn(text: string): FreeCell<number>[] {
  const { columns, rows } = tableIn(text);
  if (headerProblems(columns).length > 0) return [];
  return rows.slice(0, MOST_ROWS).flatMap(({ row, line }) =>
    FREE_COLUMNS.map((column) => ({
      place: line,
      column,
      words: (row[columns.indexOf(column)] ?? '').trim(),
    })),
  );
}

/** What was read, with the lines that are held back as problems like any other. */
export function withHeld(read: ImportRead, held: readonly HeldCell<number>[]): ImportRead {
  if (held.length === 0) return read;
  const problems = [
    ...(read.kind === 'problems' ? read.problems : []),
    ...held.map(({ place, column, reason }) => ({ line: place, column, reason })),
  ].sort((one, other) => one.line - other.line);
  return { kind: 'problems', problems };
}

/** Lines with nothing on them are left out; a cell of several lines counts as so many. */
function tableIn(text: string): {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly row: readonly string[]; readonly line: number }[];
} {
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: false });
  const [header = [], ...given] = data;
  const rows: { row: readonly string[]; line: number }[] = [];
  let line = 2 + linesWithin(header);
  for (const row of given) {
    if (row.some((cell) => cell.trim() !== '')) rows.push({ row, line });
    line += 1 + linesWithin(row);
  }
  return { columns: header.map((name) => fold(name).replace(/[ -]/g, '_')), rows };
}

function headerProblems(columns: readonly string[]): ImportProblem[] {
  const known = [...NEEDED, ...OPTIONAL];
  const missing = NEEDED.filter((name) => !columns.includes(name));
  const unknown = columns.filter((name) => !known.includes(name));
  return [
    ...(missing.length > 0 ? [{ line: 1, reason: `lacks the columns ${missing.join(', ')}` }] : []),
    ...(unknown.length > 0
      ? [
          {
            line: 1,
            reason: `has columns that are not known: ${unknown.join(', ')}; known are ${known.join(', ')}`,
          },
        ]
      : []),
  ];
}

function readRow(
  row: readonly string[],
  columns: readonly string[],
  line: number,
  facts: ImportFacts,
): { readonly plan: MilestonePlan } | { readonly problems: ImportProblem[] } {
  const over: ImportProblem[] =
    row.length > columns.length
      ? [{ line, column: '', reason: `has ${row.length} cells for ${columns.length} columns` }]
      : [];
  const cells = new Map(columns.map((name, index) => [name, (row[index] ?? '').trim()]));
  const read = readCells(cells, line, facts, IMPORTED);
  if (over.length === 0) return read;
  return { problems: 'problems' in read ? [...over, ...read.problems] : over };
}

/** One milestone from its cells by column, trimmed. Ids are kept apart under `prefix`. */
export function readCells(
  cells: ReadonlyMap<string, string>,
  line: number,
  { trust, personFor }: Pick<ImportFacts, 'trust' | 'personFor'>,
  prefix: string,
): { readonly plan: MilestonePlan } | { readonly problems: ImportProblem[] } {
  const cell = (name: string) => cells.get(name) ?? '';
  const problems: ImportProblem[] = [];
  const refuse = (column: string, reason: string) => void problems.push({ line, column, reason });
  const written: Record<string, unknown> = {};
  for (const [name, value] of cells) {
    if (value !== '') written[name] = NUMBERS.has(name) ? Number(value.replace(/[,\s]/g, '')) : value;
  }
  const id = cell('id').replace(new RegExp(`^${prefix}`), '');
  if (id !== '' && !ID.test(id)) refuse('id', 'may hold small letters, figures and hyphens');
  if (trust.milestones.some((milestone) => milestone.id === id))
    refuse('id', 'is in trust.yaml; change it there');
  const owner = personFor(cell('owner'));
  if (cell('owner') !== '' && owner === undefined)
    refuse('owner', `is nobody on the staff, or several: "${cell('owner')}"; give the address`);
  const school = trust.schools.find(
    ({ urn, name }) => urn === cell('school') || fold(name) === fold(cell('school')),
  );
  if (cell('school') !== '' && !school) refuse('school', `is no school of the trust: "${cell('school')}"`);
  const team = trust.teams.find(({ id, name }) => id === cell('team') || fold(name) === fold(cell('team')));
  if (cell('team') !== '' && !team) refuse('team', `is no team of the trust: "${cell('team')}"`);
  if (cell('team') !== '' && cell('school') !== '')
    refuse('team', 'is given beside school: keep one of them');
  const reviewer = cells.has('reviewer') ? reviewerIn(cell('reviewer'), personFor) : undefined;
  if (reviewer === null)
    refuse(
      'reviewer',
      `is nobody on the staff, or several: "${cell('reviewer')}"; write line manager, head, priority lead, or an address`,
    );
  const place = { ...(school ? { schoolUrn: school.urn } : {}), ...(team ? { teamId: team.id } : {}) };
  const wrong = owner && reviewer ? ruleProblem(trust, { ...place, ownerId: owner, reviewer }) : undefined;
  if (wrong) refuse('reviewer', wrong.reason);
  const strands = trust.priorities.flatMap((priority) => priority.strands.map((strand) => strand.id));
  if (cell('strand') !== '' && !strands.includes(cell('strand')))
    refuse('strand', `is no strand of a priority: "${cell('strand')}"; there are ${strands.join(', ')}`);
  if (cell('ask_in') === 'channel' && !school && !team?.channel)
    refuse('ask_in', 'is channel, and no school or team is named that has one');
  const weekly =
    cell('cadence') === 'weekly' ? 'cadence' : Number(cell('every_weeks')) === 1 && 'every_weeks';
  if (weekly) refuse(weekly, 'is weekly, which its owner must agree to: name that one in trust.yaml');
  if (cell('cadence') !== '' && cell('every_weeks') !== '')
    refuse('every_weeks', 'is given beside cadence: keep one of them');
  const parsed = MilestoneShape.safeParse({
    ...written,
    id: `${prefix}${id}`,
    ...(owner ? { owner } : {}),
    ...(school ? { school: school.urn } : {}),
    ...(team ? { team: team.id } : {}),
    ...(reviewer ? { reviewer } : {}),
  });
  for (const { path, message } of parsed.error?.issues ?? []) {
    const column = String(path[0] ?? '');
    refuse(
      column,
      cell(column) === ''
        ? 'is empty'
        : Number.isNaN(written[column]) && NUMBERS.has(column)
          ? 'must be a number'
          : message,
    );
  }
  if (id === '') refuse('id', 'is empty');
  return parsed.success && problems.length === 0 ? { plan: planOf(parsed.data) } : { problems };
}

/** Null: the words are no rule and nobody's name. An empty cell is the line manager. */
function reviewerIn(words: string, personFor: ImportFacts['personFor']): string | null {
  if (words === '') return LINE_MANAGER;
  return ruleFrom(words) ?? personFor(words) ?? null;
}

function repeated(plans: readonly (MilestonePlan & { readonly line: number })[]): ImportProblem[] {
  const first = new Map<string, number>();
  return plans.flatMap(({ id, line }) => {
    const before = first.get(id);
    if (before === undefined) first.set(id, line);
    return before === undefined ? [] : [{ line, column: 'id', reason: `is also on line ${before}` }];
  });
}

function tooMany(
  plans: readonly (MilestonePlan & { readonly line: number })[],
  { trust, othersOf, isOver }: ImportFacts,
): ImportProblem[] {
  const most = trust.policies.milestones_each;
  const ids = new Set(plans.map(({ id }) => id));
  const held = new Map<string, number>();
  return plans.flatMap(({ line, ...plan }) => {
    const { ownerId } = plan;
    if (isOver(plan)) return [];
    const now = (held.get(ownerId) ?? othersOf(ownerId, ids)) + 1;
    held.set(ownerId, now);
    return now <= most
      ? []
      : [
          {
            line,
            column: 'owner',
            reason: `would have ${now} milestones; the trust allows ${most} (policies.milestones_each)`,
          },
        ];
  });
}

function linesWithin(row: readonly string[]): number {
  return row.reduce((lines, cell) => lines + (cell.match(/\n/g)?.length ?? 0), 0);
}
