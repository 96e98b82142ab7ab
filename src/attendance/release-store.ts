/** Releases in SQL: a week is published once, and stays as it was. Decides nothing about what may be seen or sent. */
import { sql } from 'kysely';
import { inBatches } from '../storage/batch.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { GroupWeek } from './fold.ts';
import { groupWeek, isOneOf, placeOf, type SchoolWeek, TOGETHER } from './imports-store.ts';

/** `version`: of the school week that it was made of. */
export type HeldRelease = { readonly body: unknown; readonly version: number; readonly publishedAt: Date };

type NewRelease = SchoolWeek & { readonly version: number; readonly body: unknown };

const publishAll = inBatches(
  async (
    db,
    fresh: readonly { readonly release: NewRelease; readonly at: Date }[],
  ): Promise<HeldRelease[]> => {
    await db
      .insertInto('releases')
      .values(
        fresh.map(({ release, at }) => ({
          school_urn: release.schoolUrn,
          week: release.week,
          version: release.version,
          published_at: at,
          body: JSON.stringify(release.body),
        })),
      )
      .onConflict((conflict) => conflict.columns(['school_urn', 'week']).doNothing())
      .execute();
    const kept = await releasesOf(
      db,
      fresh.map(({ release }) => release),
    );
    return fresh.map(
      ({ release, at }) =>
        kept.get(placeOf(release)) ?? { body: release.body, version: release.version, publishedAt: at },
    );
  },
  TOGETHER,
);

/** Publishes a week once; a second attempt changes nothing. Returns what is published. */
export function publishRelease(db: Db | Trx, release: NewRelease, at: Date): Promise<HeldRelease> {
  return publishAll(db, { release, at });
}

async function releasesOf(
  db: Db | Trx,
  weeks: readonly SchoolWeek[],
): Promise<ReadonlyMap<string, HeldRelease>> {
  const rows = await db
    .selectFrom('releases')
    .select(['school_urn', 'week', 'body', 'version', 'published_at'])
    .where(isOneOf('releases', weeks))
    .execute();
  return new Map(
    rows.map((row) => [
      placeOf({ schoolUrn: row.school_urn, week: row.week }),
      { body: row.body, version: row.version, publishedAt: row.published_at },
    ]),
  );
}

const releaseOf = inBatches(async (db, asked: readonly SchoolWeek[]) => {
  const found = await releasesOf(db, asked);
  return asked.map((one) => found.get(placeOf(one)));
}, TOGETHER);

export function readRelease(db: Db | Trx, schoolUrn: string, week: string): Promise<HeldRelease | undefined> {
  return releaseOf(db, { schoolUrn, week });
}

type PublishedWeek = HeldRelease & { readonly week: string; readonly groups: readonly GroupWeek[] };
type Span = { readonly schoolUrn: string; readonly after: string; readonly before: string };

const publishedOf = inBatches(async (db, asked: readonly Span[]): Promise<readonly PublishedWeek[][]> => {
  const found = new Map<string, ReadonlyMap<string, PublishedWeek[]>>();
  const spanOf = ({ after, before }: Span) => `${after} ${before}`;
  for (const [span, same] of Map.groupBy(asked, spanOf))
    if (same[0]) found.set(span, await publishedIn(db, same, same[0]));
  return asked.map((one) => found.get(spanOf(one))?.get(one.schoolUrn) ?? []);
}, TOGETHER);

/**
 * A school's releases of the weeks after the one and before the other, oldest first, with what each was made of. A week that was
 * taken back is not among them.
 */
export function publishedWeeks(
  db: Db | Trx,
  schoolUrn: string,
  after: string,
  before: string,
): Promise<readonly PublishedWeek[]> {
  return publishedOf(db, { schoolUrn, after, before });
}

/** By school. */
async function publishedIn(
  db: Db | Trx,
  schools: readonly { readonly schoolUrn: string }[],
  { after, before }: Pick<Span, 'after' | 'before'>,
): Promise<ReadonlyMap<string, PublishedWeek[]>> {
  const urns = schools.map(({ schoolUrn }) => schoolUrn);
  const kept = await db
    .selectFrom('releases')
    .select(['school_urn', 'week', 'body', 'version', 'published_at'])
    .where('school_urn', 'in', urns)
    .where('week', '>=', after)
    .where('week', '<', before)
    .where(sql<boolean>`not exists (select from nudge_weeks n where n.school_urn = releases.school_urn
      and n.week = releases.week and n.recalled_at is not null)`)
    .orderBy('week')
    .execute();
  if (kept.length === 0) return new Map();
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
    .where('group_weeks.school_urn', 'in', urns)
    .where('group_weeks.week', '>=', after)
    .where('group_weeks.week', '<', before)
    .where('group_type', 'in', ['all', 'pp'])
    .execute();
  const placeIn = (row: { readonly school_urn: string; readonly week: string }) =>
    placeOf({ schoolUrn: row.school_urn, week: row.week });
  const groups = Map.groupBy(rows, placeIn);
  const published = (row: (typeof kept)[number]): PublishedWeek => ({
    week: row.week,
    body: row.body,
    version: row.version,
    publishedAt: row.published_at,
    groups: (groups.get(placeIn(row)) ?? []).map(groupWeek),
  });
  return new Map(
    [...Map.groupBy(kept, (row) => row.school_urn)].map(([urn, own]) => [urn, own.map(published)]),
  );
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

/** Undefined also when one of its schools' cards was taken back. `by`: only if it was published by then. */
export async function readTrustRelease(db: Db | Trx, week: string, by?: Date): Promise<unknown> {
  const row = await db
    .selectFrom('trust_releases')
    .select('body')
    .where('week', '=', week)
    .where(STANDS)
    .where('published_at', '<=', by ?? END_OF_TIME)
    .executeTakeFirst();
  return row?.body;
}

/** The trust's published weeks before one, oldest first; with `by` those that were published by then. */
export async function readTrustReleases(
  db: Db | Trx,
  before: string,
  limit: number,
  by?: Date,
): Promise<unknown[]> {
  const rows = await db
    .selectFrom('trust_releases')
    .select('body')
    .where('week', '<', before)
    .where(STANDS)
    .where('published_at', '<=', by ?? END_OF_TIME)
    .orderBy('week', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.body).reverse();
}

/** Later than anything is published. */
const END_OF_TIME = new Date('9999-12-31T00:00:00Z');

/** A week's releases of all schools, by URN; with `by` those that were published by then. */
export async function readReleasesOf(db: Db | Trx, week: string, by?: Date): Promise<Map<string, unknown>> {
  const rows = await db
    .selectFrom('releases')
    .select(['school_urn', 'body'])
    .where('week', '=', week)
    .where('published_at', '<=', by ?? END_OF_TIME)
    .execute();
  return new Map(rows.map((row) => [row.school_urn, row.body]));
}
