/** Releases in SQL: a week is published once, and stays as it was. Decides nothing about what may be seen or sent. */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { GroupWeek } from './fold.ts';
import { groupWeek } from './imports-store.ts';

/** `version`: of the school week that it was made of. */
export type HeldRelease = { readonly body: unknown; readonly version: number; readonly publishedAt: Date };

/** Publishes a week once; a second attempt changes nothing. Returns what is published. */
export async function publishRelease(
  db: Db | Trx,
  release: {
    readonly schoolUrn: string;
    readonly week: string;
    readonly version: number;
    readonly body: unknown;
  },
  at: Date,
): Promise<HeldRelease> {
  await db
    .insertInto('releases')
    .values({
      school_urn: release.schoolUrn,
      week: release.week,
      version: release.version,
      published_at: at,
      body: JSON.stringify(release.body),
    })
    .onConflict((conflict) => conflict.columns(['school_urn', 'week']).doNothing())
    .execute();
  const kept = await readRelease(db, release.schoolUrn, release.week);
  return kept ?? { body: release.body, version: release.version, publishedAt: at };
}

export async function readRelease(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
): Promise<HeldRelease | undefined> {
  const row = await db
    .selectFrom('releases')
    .select(['body', 'version', 'published_at'])
    .where('school_urn', '=', schoolUrn)
    .where('week', '=', week)
    .executeTakeFirst();
  return row && { body: row.body, version: row.version, publishedAt: row.published_at };
}

/**
 * A school's releases of the weeks after the one and before the other, oldest first, with what each was made of. A week that was
 * taken back is not among them.
 */
export async function publishedWeeks(
  db: Db | Trx,
  schoolUrn: string,
  after: string,
  before: string,
): Promise<(HeldRelease & { readonly week: string; readonly groups: readonly GroupWeek[] })[]> {
  const kept = await db
    .selectFrom('releases')
    .select(['week', 'body', 'version', 'published_at'])
    .where('school_urn', '=', schoolUrn)
    .where('week', '>=', after)
    .where('week', '<', before)
    .where(sql<boolean>`not exists (select from nudge_weeks n where n.school_urn = releases.school_urn
      and n.week = releases.week and n.recalled_at is not null)`)
    .orderBy('week')
    .execute();
  if (kept.length === 0) return [];
  const rows = await db
    .selectFrom('group_weeks')
    .innerJoin('school_weeks', (join) =>
      join
        .onRef('school_weeks.school_urn', '=', 'group_weeks.school_urn')
        .onRef('school_weeks.week', '=', 'group_weeks.week')
        .onRef('school_weeks.import_id', '=', 'group_weeks.import_id'),
    )
    .innerJoin('releases', (join) =>
      join
        .onRef('releases.school_urn', '=', 'school_weeks.school_urn')
        .onRef('releases.week', '=', 'school_weeks.week')
        .onRef('releases.version', '=', 'school_weeks.version'),
    )
    .selectAll('group_weeks')
    .where('group_weeks.school_urn', '=', schoolUrn)
    .where('group_weeks.week', '>=', after)
    .where('group_weeks.week', '<', before)
    .where('group_type', 'in', ['all', 'pp'])
    .execute();
  return kept.map((row) => ({
    week: row.week,
    body: row.body,
    version: row.version,
    publishedAt: row.published_at,
    groups: rows.filter((group) => group.week === row.week).map(groupWeek),
  }));
}

/** Publishes the trust's week once, as a school's. */
export async function publishTrustRelease(
  db: Db | Trx,
  week: string,
  body: unknown,
  at: Date,
): Promise<unknown> {
  await db
    .insertInto('trust_releases')
    .values({ week, published_at: at, body: JSON.stringify(body) })
    .onConflict((conflict) => conflict.column('week').doNothing())
    .execute();
  return (await readTrustRelease(db, week)) ?? body;
}

/** A school's figures of the week were wrong, and the trust's are made of them too. */
const STANDS = sql<boolean>`not exists (select from nudge_weeks n where n.week = trust_releases.week
  and n.recalled_at is not null)`;

/** Undefined also when one of its schools' cards was taken back. */
export async function readTrustRelease(db: Db | Trx, week: string): Promise<unknown> {
  const row = await db
    .selectFrom('trust_releases')
    .select('body')
    .where('week', '=', week)
    .where(STANDS)
    .executeTakeFirst();
  return row?.body;
}

/** The trust's published weeks before one, oldest first. */
export async function readTrustReleases(db: Db | Trx, before: string, limit: number): Promise<unknown[]> {
  const rows = await db
    .selectFrom('trust_releases')
    .select('body')
    .where('week', '<', before)
    .where(STANDS)
    .orderBy('week', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.body).reverse();
}

/** A week's releases of all schools, by URN. */
export async function readReleasesOf(db: Db | Trx, week: string): Promise<Map<string, unknown>> {
  const rows = await db
    .selectFrom('releases')
    .select(['school_urn', 'body'])
    .where('week', '=', week)
    .execute();
  return new Map(rows.map((row) => [row.school_urn, row.body]));
}
