/** Releases in SQL: a week is published once, and stays as it was. Decides nothing about what may be seen or sent. */
import type { Db, Trx } from '../storage/database.ts';

export type HeldRelease = { readonly body: unknown; readonly publishedAt: Date };

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
  return (await readRelease(db, release.schoolUrn, release.week)) ?? { body: release.body, publishedAt: at };
}

export async function readRelease(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
): Promise<HeldRelease | undefined> {
  const row = await db
    .selectFrom('releases')
    .select(['body', 'published_at'])
    .where('school_urn', '=', schoolUrn)
    .where('week', '=', week)
    .executeTakeFirst();
  return row && { body: row.body, publishedAt: row.published_at };
}
