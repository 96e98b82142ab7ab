/**
 * Imports, and the group weeks with their versions, in SQL. A school week is only ever added: a correction closes the
 * version before it. Decides nothing about what may be seen or sent.
 */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { GroupWeekRow } from '../storage/tables/attendance.ts';
import type { Crossing, FoldedWeek, GroupType, GroupWeek } from './fold.ts';

export type HeldWeek = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly version: number;
  readonly receivedAt: Date;
  readonly marks: number;
  readonly dates: readonly string[];
  readonly fingerprint: string;
  readonly groups: readonly GroupWeek[];
  readonly crossings: readonly Crossing[];
};

/** Rows of one insert: sixteen columns each, well under the 65,535 parameters of the protocol. */
const BATCH = 1000;

/** One import at a time in a schema: two files for the same week must see each other. */
export async function lockImports(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(current_schema() || '.attendance'))`.execute(trx);
}

/** The current versions of these schools' weeks, without their groups; newest week last. */
export async function currentWeeks(
  db: Db | Trx,
  schools: readonly string[],
  weeks: readonly string[],
): Promise<Omit<HeldWeek, 'groups' | 'crossings'>[]> {
  if (schools.length === 0 || weeks.length === 0) return [];
  const rows = await db
    .selectFrom('school_weeks')
    .selectAll()
    .where('school_urn', 'in', schools)
    .where('week', 'in', weeks)
    .where('superseded_at', 'is', null)
    .orderBy('week')
    .execute();
  return rows.map((row) => ({
    schoolUrn: row.school_urn,
    week: row.week,
    version: row.version,
    receivedAt: row.received_at,
    marks: row.marks,
    dates: row.dates,
    fingerprint: row.fingerprint,
  }));
}

/** When each version of a school week was received, the first one first. */
export async function weekVersions(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
): Promise<{ readonly version: number; readonly receivedAt: Date }[]> {
  const rows = await db
    .selectFrom('school_weeks')
    .select(['version', 'received_at'])
    .where('school_urn', '=', schoolUrn)
    .where('week', '=', week)
    .orderBy('version')
    .execute();
  return rows.map((row) => ({ version: row.version, receivedAt: row.received_at }));
}

/**
 * A school week as it stood at an instant, in one version, or as it stands; undefined when nothing had been received by
 * then.
 */
export async function readWeek(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
  asOf: Date | number | 'now',
): Promise<HeldWeek | undefined> {
  let query = db
    .selectFrom('school_weeks')
    .selectAll()
    .where('school_urn', '=', schoolUrn)
    .where('week', '=', week);
  if (asOf === 'now') query = query.where('superseded_at', 'is', null);
  else if (typeof asOf === 'number') query = query.where('version', '=', asOf);
  else query = query.where('received_at', '<=', asOf);
  const row = await query.orderBy('version', 'desc').limit(1).executeTakeFirst();
  if (!row) return undefined;
  return {
    schoolUrn,
    week,
    version: row.version,
    receivedAt: row.received_at,
    marks: row.marks,
    dates: row.dates,
    fingerprint: row.fingerprint,
    groups: await readGroups(db, schoolUrn, week, row.version),
    crossings: row.crossings,
  };
}

async function readGroups(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
  version: number,
): Promise<GroupWeek[]> {
  const rows = await db
    .selectFrom('group_weeks')
    .selectAll()
    .where('school_urn', '=', schoolUrn)
    .where('week', '=', week)
    .where('version', '=', version)
    .orderBy('group_type')
    .orderBy('group_key')
    .execute();
  return rows.map(groupWeek);
}

/** One kind of group of the current versions of these schools' weeks. */
export async function currentGroups(
  db: Db | Trx,
  schools: readonly string[],
  weeks: readonly string[],
  type: GroupType,
): Promise<{ readonly schoolUrn: string; readonly week: string; readonly group: GroupWeek }[]> {
  if (schools.length === 0 || weeks.length === 0) return [];
  const rows = await db
    .selectFrom('group_weeks')
    .innerJoin('school_weeks', (join) =>
      join
        .onRef('school_weeks.school_urn', '=', 'group_weeks.school_urn')
        .onRef('school_weeks.week', '=', 'group_weeks.week')
        .onRef('school_weeks.version', '=', 'group_weeks.version'),
    )
    .selectAll('group_weeks')
    .where('school_weeks.superseded_at', 'is', null)
    .where('group_weeks.school_urn', 'in', schools)
    .where('group_weeks.week', 'in', weeks)
    .where('group_type', '=', type)
    .execute();
  return rows.map((row) => ({ schoolUrn: row.school_urn, week: row.week, group: groupWeek(row) }));
}

/** A row as the counts it holds. */
export function groupWeek(row: GroupWeekRow): GroupWeek {
  return {
    type: groupType(row.group_type),
    key: row.group_key,
    pupils: row.pupils,
    present: row.present,
    approved: row.approved,
    authorised: row.authorised,
    unauthorised: row.unauthorised,
    unexplained: row.unexplained,
    lateBefore: row.late_before,
    lateAfter: row.late_after,
    notPossible: row.not_possible,
    notCollected: row.not_collected,
    missing: row.missing,
  };
}

function groupType(text: string): GroupType {
  const types: readonly GroupType[] = ['all', 'pp', 'sen', 'year', 'day'];
  const found = types.find((type) => type === text);
  if (!found) throw new RangeError(`group_weeks holds the type ${text}, which its check forbids`);
  return found;
}

export type NewWeek = { readonly folded: FoldedWeek; readonly version: number };

/** Writes an import with its school weeks; earlier versions of the same weeks are closed at `at`. */
export async function saveImport(
  trx: Trx,
  parts: {
    readonly id: string;
    readonly at: Date;
    readonly actor: string;
    readonly marks: number;
    readonly weeks: readonly NewWeek[];
  },
): Promise<void> {
  const { id, at, weeks } = parts;
  await trx
    .insertInto('attendance_imports')
    .values({ id, received_at: at, actor: parts.actor, marks: parts.marks, school_weeks: weeks.length })
    .execute();
  for (const { folded, version } of weeks)
    if (version > 1)
      await trx
        .updateTable('school_weeks')
        .set({ superseded_at: at })
        .where('school_urn', '=', folded.schoolUrn)
        .where('week', '=', folded.week)
        .where('superseded_at', 'is', null)
        .execute();
  for (const part of batches(weeks))
    await trx
      .insertInto('school_weeks')
      .values(
        part.map(({ folded, version }) => ({
          school_urn: folded.schoolUrn,
          week: folded.week,
          version,
          import_id: id,
          received_at: at,
          superseded_at: null,
          marks: folded.marks,
          dates: JSON.stringify(folded.dates),
          fingerprint: folded.fingerprint,
          crossings: JSON.stringify(folded.crossings),
        })),
      )
      .execute();
  for (const part of batches(weeks.flatMap(groupRows)))
    await trx
      .insertInto('group_weeks')
      .values([...part])
      .execute();
}

function groupRows({ folded, version }: NewWeek) {
  return folded.groups.map((group) => ({
    school_urn: folded.schoolUrn,
    week: folded.week,
    version,
    group_type: group.type,
    group_key: group.key,
    pupils: group.pupils,
    present: group.present,
    approved: group.approved,
    authorised: group.authorised,
    unauthorised: group.unauthorised,
    unexplained: group.unexplained,
    late_before: group.lateBefore,
    late_after: group.lateAfter,
    not_possible: group.notPossible,
    not_collected: group.notCollected,
    missing: group.missing,
  }));
}

function batches<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, index) =>
    rows.slice(index * BATCH, (index + 1) * BATCH),
  );
}
