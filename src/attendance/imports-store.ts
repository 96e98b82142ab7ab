/**
 * Imports, and the group weeks with their versions, in SQL. A school week is only ever added: a correction closes the
 * version before it. What an import brings is staged in pieces that nobody sees and published by a few short statements.
 * Decides nothing about what may be seen or sent.
 */
import { type RawBuilder, sql } from 'kysely';
import { inBatches } from '../storage/batch.ts';
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

/** A school week without its groups; `importId` names the import that it stands by. */
export type CurrentWeek = Omit<HeldWeek, 'groups' | 'crossings'> & { readonly importId: string };

export type SchoolWeek = { readonly schoolUrn: string; readonly week: string };

/** Schools that are planned at one moment ask together: the week's statements would be some thirty for each. */
export const SCHOOLS_AT_ONCE = 16;
export const TOGETHER = { most: SCHOOLS_AT_ONCE } as const;

export function placeOf({ schoolUrn, week }: SchoolWeek): string {
  return `${schoolUrn} ${week}`;
}

/** That a row of `table` is one of those school weeks. */
export function isOneOf(
  table: 'releases' | 'nudge_weeks' | 'school_weeks',
  weeks: readonly SchoolWeek[],
): RawBuilder<boolean> {
  const pairs = weeks.map(({ schoolUrn, week }) => sql`(${schoolUrn}, ${week})`);
  return sql<boolean>`(${sql.ref(`${table}.school_urn`)}, ${sql.ref(`${table}.week`)}) in (${sql.join(pairs)})`;
}

/** One publication at a time in a schema: two files for the same week must see each other. */
export async function lockImports(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(current_schema() || '.attendance'))`.execute(trx);
}

/** The current versions of these schools' weeks, without their groups; newest week last. */
export async function currentWeeks(
  db: Db | Trx,
  schools: readonly string[],
  weeks: readonly string[],
): Promise<CurrentWeek[]> {
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
    importId: row.import_id,
    receivedAt: row.received_at,
    marks: row.marks,
    dates: row.dates,
    fingerprint: row.fingerprint,
  }));
}

type Version = { readonly version: number; readonly receivedAt: Date };

const versionsOf = inBatches(async (db, asked: readonly SchoolWeek[]): Promise<readonly Version[][]> => {
  const rows = await db
    .selectFrom('school_weeks')
    .select(['school_urn', 'week', 'version', 'received_at'])
    .where(isOneOf('school_weeks', asked))
    .orderBy('version')
    .execute();
  const found = Map.groupBy(rows, (row) => placeOf({ schoolUrn: row.school_urn, week: row.week }));
  return asked.map((one) =>
    (found.get(placeOf(one)) ?? []).map((row) => ({ version: row.version, receivedAt: row.received_at })),
  );
}, TOGETHER);

/** When each version of a school week was received, the first one first. */
export function weekVersions(db: Db | Trx, schoolUrn: string, week: string): Promise<readonly Version[]> {
  return versionsOf(db, { schoolUrn, week });
}

type WeekAsked = SchoolWeek & { readonly version: number | 'now' };

const heldWeeksOf = inBatches(
  async (db, asked: readonly WeekAsked[]): Promise<readonly (HeldWeek | undefined)[]> => {
    const wanted = asked.map(({ schoolUrn, week, version }) =>
      version === 'now'
        ? sql`(school_urn = ${schoolUrn} and week = ${week} and superseded_at is null)`
        : sql`(school_urn = ${schoolUrn} and week = ${week} and version = ${version})`,
    );
    const rows = await db
      .selectFrom('school_weeks')
      .selectAll()
      .where(sql<boolean>`(${sql.join(wanted, sql` or `)})`)
      .execute();
    const groups = await groupsOf(db, rows);
    return asked.map(({ schoolUrn, week, version }) => {
      const row = rows.find(
        (one) =>
          one.school_urn === schoolUrn &&
          one.week === week &&
          (version === 'now' ? one.superseded_at === null : one.version === version),
      );
      return (
        row && {
          schoolUrn,
          week,
          version: row.version,
          receivedAt: row.received_at,
          marks: row.marks,
          dates: row.dates,
          fingerprint: row.fingerprint,
          groups: groups.get(`${schoolUrn} ${week} ${row.import_id}`) ?? [],
          crossings: row.crossings,
        }
      );
    });
  },
  TOGETHER,
);

/** A school week in one version, or as it stands; undefined when there is none. */
export function readWeek(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
  version: number | 'now',
): Promise<HeldWeek | undefined> {
  return heldWeeksOf(db, { schoolUrn, week, version });
}

/** Groups in the order of the cards, by school, week and import. */
async function groupsOf(
  db: Db | Trx,
  weeks: readonly { readonly school_urn: string; readonly week: string; readonly import_id: string }[],
): Promise<ReadonlyMap<string, readonly GroupWeek[]>> {
  if (weeks.length === 0) return new Map();
  const keys = weeks.map((one) => sql`(${one.school_urn}, ${one.week}, ${one.import_id})`);
  const rows = await db
    .selectFrom('group_weeks')
    .selectAll()
    .where(sql<boolean>`(school_urn, week, import_id) in (${sql.join(keys)})`)
    .orderBy('group_type')
    .orderBy('group_key')
    .execute();
  const found = Map.groupBy(rows, (row) => `${row.school_urn} ${row.week} ${row.import_id}`);
  return new Map([...found].map(([key, of]) => [key, of.map(groupWeek)]));
}

type SchoolWeeks = { readonly schoolUrn: string; readonly weeks: readonly string[] };

const totalsNow = inBatches(async (db, asked: readonly SchoolWeeks[]) => {
  const schools = [...new Set(asked.map(({ schoolUrn }) => schoolUrn))];
  const weeks = [...new Set(asked.flatMap((one) => one.weeks))];
  const found = Map.groupBy(await currentGroups(db, schools, weeks, 'all'), (one) => one.schoolUrn);
  return asked.map(
    ({ schoolUrn, weeks: own }) =>
      new Map(
        (found.get(schoolUrn) ?? [])
          .filter(({ week }) => own.includes(week))
          .map(({ week, group }) => [week, group]),
      ),
  );
}, TOGETHER);

/** The whole school's counts as they stand now, by week. */
export function currentTotals(
  db: Db | Trx,
  schoolUrn: string,
  weeks: readonly string[],
): Promise<ReadonlyMap<string, GroupWeek>> {
  return totalsNow(db, { schoolUrn, weeks });
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
        .onRef('school_weeks.import_id', '=', 'group_weeks.import_id'),
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
  const types: readonly GroupType[] = ['all', 'pp', 'sen', 'year', 'reg', 'day'];
  const found = types.find((type) => type === text);
  if (!found) throw new RangeError(`group_weeks holds the type ${text}, which its check forbids`);
  return found;
}

export type NewImport = {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly source: string;
  readonly marks: number;
};

/** Begins an import; what follows is seen by nobody until `publishImport`. */
export async function stageImport(db: Db, parts: NewImport): Promise<void> {
  await db
    .insertInto('attendance_imports')
    .values({
      id: parts.id,
      received_at: parts.at,
      actor: parts.actor,
      source: parts.source,
      marks: parts.marks,
      school_weeks: 0,
      state: 'staged',
    })
    .execute();
}

export type NewWeek = {
  readonly folded: FoldedWeek;
  readonly version: number;
};

/** Stages the groups of some weeks in one statement, so keep them to some hundred. */
export async function stageWeeks(db: Db, importId: string, weeks: readonly NewWeek[]): Promise<void> {
  const rows = weeks.flatMap(({ folded }) => groupRows(folded, importId));
  if (rows.length === 0) return;
  await sql`
    insert into group_weeks (school_urn, week, import_id, group_type, group_key, pupils, present, approved, authorised,
      unauthorised, unexplained, late_before, late_after, not_possible, not_collected, missing)
    select school_urn, week, import_id, group_type, group_key, pupils, present, approved, authorised,
      unauthorised, unexplained, late_before, late_after, not_possible, not_collected, missing
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as new (school_urn text, week text, import_id text,
      group_type text, group_key text, pupils integer, present integer, approved integer, authorised integer,
      unauthorised integer, unexplained integer, late_before integer, late_after integer, not_possible integer,
      not_collected integer, missing integer)`.execute(db);
}

/** Makes the staged weeks the current ones, closing the versions before them. A few statements for a year of a trust. */
export async function publishImport(
  trx: Trx,
  parts: Pick<NewImport, 'id' | 'at'> & { readonly weeks: readonly NewWeek[] },
): Promise<void> {
  for (let at = 0; at < parts.weeks.length; at += PUBLISHED_AT_ONCE)
    await publishWeeks(trx, parts, parts.weeks.slice(at, at + PUBLISHED_AT_ONCE));
  await trx
    .updateTable('attendance_imports')
    .set({ state: 'published', school_weeks: parts.weeks.length })
    .where('id', '=', parts.id)
    .execute();
}

async function publishWeeks(
  trx: Trx,
  parts: Pick<NewImport, 'id' | 'at'>,
  weeks: readonly NewWeek[],
): Promise<void> {
  const rows = weeks.map(({ folded, version }) => ({
    school_urn: folded.schoolUrn,
    week: folded.week,
    version,
    marks: folded.marks,
    dates: folded.dates,
    fingerprint: folded.fingerprint,
    crossings: folded.crossings,
  }));
  const keys = JSON.stringify(rows.map(({ school_urn, week }) => ({ school_urn, week })));
  await sql`
    update school_weeks set superseded_at = ${parts.at}
    from jsonb_to_recordset(${keys}::jsonb) as new (school_urn text, week text)
    where school_weeks.school_urn = new.school_urn and school_weeks.week = new.week
      and school_weeks.superseded_at is null`.execute(trx);
  await sql`
    insert into school_weeks (school_urn, week, version, import_id, received_at, superseded_at, marks, dates, fingerprint, crossings)
    select school_urn, week, version, ${parts.id}, ${parts.at}, null, marks, dates, fingerprint, crossings
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as new (school_urn text, week text, version integer,
      marks integer, dates jsonb, fingerprint text, crossings jsonb)`.execute(trx);
}

/** School weeks a statement: on the embedded store each holds the event loop for as long as it runs. */
const PUBLISHED_AT_ONCE = 10;

/** Deletes what a staged import has written. */
export async function dropStaged(db: Db, importId: string): Promise<void> {
  await db.deleteFrom('group_weeks').where('import_id', '=', importId).execute();
  await db
    .deleteFrom('attendance_imports')
    .where('id', '=', importId)
    .where('state', '=', 'staged')
    .execute();
}

/** Imports that were staged before an instant and never published: their process ended. */
export async function abandonedImports(db: Db, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('attendance_imports')
    .select('id')
    .where('state', '=', 'staged')
    .where('received_at', '<', before)
    .execute();
  return rows.map(({ id }) => id);
}

function groupRows(folded: FoldedWeek, importId: string): GroupWeekRow[] {
  return folded.groups.map((group) => ({
    school_urn: folded.schoolUrn,
    week: folded.week,
    import_id: importId,
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
