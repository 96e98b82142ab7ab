/**
 * What is kept about pupils, in SQL: the sheets of school weeks under pseudonyms, and, where a school may show its pupils,
 * the encrypted names of a tutor group for fourteen days. Names are read for one scope at a time, and each reading is
 * audited in the same transaction. Whether somebody may is decided by the caller.
 */
import type { Keyring } from '../kernel/keyring.ts';
import { writeAudit } from '../storage/audit.ts';
import type { Db, Trx } from '../storage/database.ts';
import { type GroupPlace, openRows, openSheet, type PupilRow, sealRows, sealSheet } from './sealed.ts';

export type HeldSheet = { readonly schoolUrn: string; readonly week: string; readonly body: Uint8Array };

export type NewSheet = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly pupils: number;
  readonly bytes: Buffer;
};

/** Stages sheets with their import; they count once that is published, and go with it when it is not. */
export async function stageSheets(
  db: Db,
  keys: Keyring,
  importId: string,
  sheets: readonly NewSheet[],
): Promise<void> {
  if (sheets.length === 0) return;
  await db
    .insertInto('pupil_weeks')
    .values(
      sheets.map(({ schoolUrn, week, pupils, bytes }) => {
        const { mark, body } = sealSheet(keys, { schoolUrn, week }, bytes);
        return { school_urn: schoolUrn, week, import_id: importId, pupils, body, key_mark: mark };
      }),
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
  keys: Keyring,
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
    .select(['pupil_weeks.week', 'pupil_weeks.body', 'pupil_weeks.key_mark as mark'])
    .where('school_weeks.superseded_at', 'is', null)
    .where('pupil_weeks.school_urn', '=', schoolUrn)
    .where('pupil_weeks.week', 'in', weeks)
    .orderBy('pupil_weeks.week')
    .execute();
  return rows.map(({ week, ...kept }) => ({
    schoolUrn,
    week,
    body: openSheet(keys, { schoolUrn, week }, kept),
  }));
}

/** Deletes the sheets of weeks before one; the counts of groups stay. Returns how many there were. */
export async function forgetSheets(db: Db | Trx, beforeWeek: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('pupil_weeks')
    .where('week', '<', beforeWeek)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export type GroupNames = GroupPlace & { readonly expiresAt: Date; readonly rows: readonly PupilRow[] };

/** Keeps the names of some tutor groups' weeks, locked, instead of those held before. */
export async function keepPupilRows(
  trx: Trx,
  keys: Keyring,
  importId: string,
  names: readonly GroupNames[],
): Promise<void> {
  for (const { rows, expiresAt, ...place } of names) {
    const { mark, body } = sealRows(keys, place, rows);
    await trx
      .insertInto('pupil_rows')
      .values({
        school_urn: place.schoolUrn,
        week: place.week,
        reg_group: place.regGroup,
        import_id: importId,
        expires_at: expiresAt,
        body,
        key_mark: mark,
      })
      .onConflict((conflict) =>
        conflict.columns(['school_urn', 'week', 'reg_group']).doUpdateSet((update) => ({
          import_id: update.ref('excluded.import_id'),
          expires_at: update.ref('excluded.expires_at'),
          body: update.ref('excluded.body'),
          key_mark: update.ref('excluded.key_mark'),
        })),
      )
      .execute();
  }
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

/** The names of a scope that have not expired. Writes the reading to the audit, found or not. */
export async function readPupilRows(
  trx: Trx,
  keys: Keyring,
  scope: PupilScope,
  now: Date,
): Promise<PupilRow[]> {
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
  return rows.flatMap(({ school_urn: schoolUrn, week, reg_group: regGroup, key_mark: mark, body }) =>
    openRows(keys, { schoolUrn, week, regGroup }, { mark, body }),
  );
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

/** Weeks of marks, and tutor groups' names, that the newest key does not lock. */
export type LockedOtherwise = { readonly sheets: number; readonly names: number };

export async function countLockedOtherwise(db: Db, [newest]: Keyring): Promise<LockedOtherwise> {
  const counted = async (table: 'pupil_weeks' | 'pupil_rows') => {
    const { rows } = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<string>().as('rows'))
      .where('key_mark', 'is distinct from', newest.mark)
      .executeTakeFirstOrThrow();
    return Number(rows);
  };
  return { sheets: await counted('pupil_weeks'), names: await counted('pupil_rows') };
}

/** Locks at most `limit` sheets anew under the newest key. Returns how many. */
export async function relockSheets(trx: Trx, keys: Keyring, limit: number): Promise<number> {
  const rows = await trx
    .selectFrom('pupil_weeks')
    .select(['school_urn', 'week', 'import_id', 'body', 'key_mark as mark'])
    .where('key_mark', 'is distinct from', keys[0].mark)
    .limit(limit)
    .forUpdate()
    .execute();
  for (const { school_urn: schoolUrn, week, import_id: importId, ...kept } of rows) {
    const sealed = sealSheet(keys, { schoolUrn, week }, openSheet(keys, { schoolUrn, week }, kept));
    await trx
      .updateTable('pupil_weeks')
      .set({ body: sealed.body, key_mark: sealed.mark })
      .where('school_urn', '=', schoolUrn)
      .where('week', '=', week)
      .where('import_id', '=', importId)
      .execute();
  }
  return rows.length;
}

/** The same of tutor groups' names. Nobody reads them meanwhile, so nothing is audited. */
export async function relockRows(trx: Trx, keys: Keyring, limit: number): Promise<number> {
  const rows = await trx
    .selectFrom('pupil_rows')
    .select(['school_urn', 'week', 'reg_group', 'body', 'key_mark as mark'])
    .where('key_mark', 'is distinct from', keys[0].mark)
    .limit(limit)
    .forUpdate()
    .execute();
  for (const { school_urn: schoolUrn, week, reg_group: regGroup, ...kept } of rows) {
    const place = { schoolUrn, week, regGroup };
    const sealed = sealRows(keys, place, openRows(keys, place, kept));
    await trx
      .updateTable('pupil_rows')
      .set({ body: sealed.body, key_mark: sealed.mark })
      .where('school_urn', '=', schoolUrn)
      .where('week', '=', week)
      .where('reg_group', '=', regGroup)
      .execute();
  }
  return rows.length;
}
