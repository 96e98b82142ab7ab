/**
 * What is kept about pupils, in SQL: the sheets of school weeks under pseudonyms, and, where a school may show its pupils,
 * the encrypted names of a tutor group for fourteen days. Names are read for one scope at a time, and each reading is
 * audited in the same transaction. Whether somebody may is decided by the caller.
 */
import { writeAudit } from '../storage/audit.ts';
import type { Db, Trx } from '../storage/database.ts';

export type HeldSheet = { readonly schoolUrn: string; readonly week: string; readonly body: Uint8Array };

export type NewSheet = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly pupils: number;
  readonly bytes: Buffer;
};

/** Stages sheets with their import; they count once that is published, and go with it when it is not. */
export async function stageSheets(db: Db, importId: string, sheets: readonly NewSheet[]): Promise<void> {
  if (sheets.length === 0) return;
  await db
    .insertInto('pupil_weeks')
    .values(
      sheets.map(({ schoolUrn, week, pupils, bytes }) => ({
        school_urn: schoolUrn,
        week,
        import_id: importId,
        pupils,
        body: bytes,
      })),
    )
    .execute();
}

/** Deletes the sheets that an import has superseded: a correction needs only the latest. */
export async function dropOldSheets(
  trx: Trx,
  importId: string,
  weeks: readonly { readonly schoolUrn: string; readonly week: string }[],
): Promise<void> {
  for (const [schoolUrn, ofSchool] of Map.groupBy(weeks, (one) => one.schoolUrn))
    await trx
      .deleteFrom('pupil_weeks')
      .where('school_urn', '=', schoolUrn)
      .where(
        'week',
        'in',
        ofSchool.map(({ week }) => week),
      )
      .where('import_id', '<>', importId)
      .execute();
}

/** The current sheets of a school's weeks, oldest first; a week that came as totals has none. */
export async function readSheets(
  db: Db | Trx,
  schoolUrn: string,
  weeks: readonly string[],
): Promise<HeldSheet[]> {
  if (weeks.length === 0) return [];
  const rows = await db
    .selectFrom('pupil_weeks')
    .innerJoin('school_weeks', (join) =>
      join
        .onRef('school_weeks.school_urn', '=', 'pupil_weeks.school_urn')
        .onRef('school_weeks.week', '=', 'pupil_weeks.week')
        .onRef('school_weeks.import_id', '=', 'pupil_weeks.import_id'),
    )
    .select(['pupil_weeks.week', 'pupil_weeks.body'])
    .where('school_weeks.superseded_at', 'is', null)
    .where('pupil_weeks.school_urn', '=', schoolUrn)
    .where('pupil_weeks.week', 'in', weeks)
    .orderBy('pupil_weeks.week')
    .execute();
  return rows.map(({ week, body }) => ({ schoolUrn, week, body }));
}

/** Deletes the sheets of weeks before one; the counts of groups stay. Returns how many there were. */
export async function forgetSheets(db: Db | Trx, beforeWeek: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('pupil_weeks')
    .where('week', '<', beforeWeek)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export type SealedRows = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly regGroup: string;
  readonly expiresAt: Date;
  readonly body: Uint8Array;
};

/** Keeps the sealed names of some tutor groups' weeks, instead of those held before. */
export async function keepPupilRows(
  trx: Trx,
  importId: string,
  sealed: readonly SealedRows[],
): Promise<void> {
  for (const one of sealed)
    await trx
      .insertInto('pupil_rows')
      .values({
        school_urn: one.schoolUrn,
        week: one.week,
        reg_group: one.regGroup,
        import_id: importId,
        expires_at: one.expiresAt,
        body: one.body,
      })
      .onConflict((conflict) =>
        conflict.columns(['school_urn', 'week', 'reg_group']).doUpdateSet((update) => ({
          import_id: update.ref('excluded.import_id'),
          expires_at: update.ref('excluded.expires_at'),
          body: update.ref('excluded.body'),
        })),
      )
      .execute();
}

/** What is read, by whom and why; the purpose is a fixed word of the view, never free text. */
export type PupilScope = {
  readonly schoolUrn: string;
  readonly week: string;
  /** One tutor group, or all of the school's. */
  readonly regGroup: string | 'all';
  readonly actor: string;
  readonly purpose: string;
};

/** The sealed names of a scope that have not expired. Writes the reading to the audit, found or not. */
export async function readPupilRows(trx: Trx, scope: PupilScope, now: Date): Promise<SealedRows[]> {
  let query = trx
    .selectFrom('pupil_rows')
    .selectAll()
    .where('school_urn', '=', scope.schoolUrn)
    .where('week', '=', scope.week)
    .where('expires_at', '>', now);
  if (scope.regGroup !== 'all') query = query.where('reg_group', '=', scope.regGroup);
  const rows = await query.orderBy('reg_group').execute();
  await writeAudit(trx, {
    at: now,
    actor: scope.actor,
    action: 'attendance.read-pupils',
    subject: scope.schoolUrn,
    detail: { week: scope.week, group: scope.regGroup, purpose: scope.purpose, groups: rows.length },
  });
  return rows.map((row) => ({
    schoolUrn: row.school_urn,
    week: row.week,
    regGroup: row.reg_group,
    expiresAt: row.expires_at,
    body: row.body,
  }));
}

/** Deletes names whose time is over, and those of schools that no longer show their pupils. */
export async function forgetPupilRows(
  db: Db | Trx,
  now: Date,
  schoolsThatShow: readonly string[],
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('pupil_rows')
    .where((where) =>
      where.or([
        where('expires_at', '<=', now),
        ...(schoolsThatShow.length > 0
          ? [where('school_urn', 'not in', schoolsThatShow)]
          : [where.lit(true)]),
      ]),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
