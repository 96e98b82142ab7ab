/**
 * Keeps digests as they stood when they were sent, and how often each reader wants one. The only writer of these tables.
 * A digest is read back as it was written; older shapes are told apart by the check here, not by hope.
 */
import { z } from 'zod/v4';
import type { Db, Trx } from '../storage/database.ts';
import type { EveryWeeks } from './card.ts';
import type { Digest } from './compose.ts';

const RHYTHMS: readonly EveryWeeks[] = [1, 2, 4];

const Counts = z.object({
  onTrack: z.number(),
  atRisk: z.number(),
  offTrack: z.number(),
  notYet: z.number(),
});
const Missed = z.object({ disadvantaged: z.number(), others: z.number() });
const Moved = z.object({ better: z.number(), worse: z.number() });
const School = z.object({
  urn: z.string(),
  name: z.string(),
  attendedIn100: z.number().optional(),
  bound: z.string().optional(),
  gap: z.enum(['narrowed', 'held', 'widened', 'too-few', 'unknown']),
  queried: z.boolean().optional(),
  missedByTen: Missed.optional(),
  week: z.string().optional(),
});
/** What was added later has a value for digests that were kept before it. */
const Kept: z.ZodType<Digest, unknown> = z.object({
  personId: z.string(),
  givenName: z.string(),
  scopeName: z.string(),
  wholeTrust: z.boolean(),
  date: z.string(),
  nudge: z
    .object({
      line: z.string(),
      id: z.string(),
      queried: z.boolean().optional(),
      opens: z.enum(['groups', 'trust']).optional(),
    })
    .optional(),
  withdrawn: z.array(z.string()).optional(),
  attendance: z
    .object({
      week: z.string(),
      early: z.boolean(),
      schools: z.array(School),
      without: z.array(z.string()).optional(),
      trust: z
        .object({
          schools: z.number(),
          of: z.number(),
          attendedIn100: z.number().optional(),
          bound: z.string().optional(),
          missedByTen: Missed.optional(),
        })
        .optional(),
      weeks: z.array(z.object({ monday: z.string(), gap: Missed.nullable() })).optional(),
    })
    .optional(),
  statuses: Counts,
  statusOf: z.record(z.string(), z.enum(['on-track', 'at-risk', 'off-track'])),
  moved: Moved.extend({ since: z.string() }).optional(),
  priorities: z.array(z.object({ name: z.string(), statuses: Counts, moved: Moved.optional() })),
  sections: z
    .array(
      z.object({
        kind: z.enum(['trust', 'school', 'team', 'priority', 'people']),
        name: z.string(),
        statuses: Counts,
      }),
    )
    .default([]),
  waiting: z.array(
    z.object({
      checkinId: z.string(),
      version: z.number(),
      title: z.string(),
      ownerName: z.string(),
      ready: z.literal(true).optional(),
      why: z.string().optional(),
    }),
  ),
  blockers: z.array(
    z.object({
      milestoneId: z.string().optional(),
      title: z.string(),
      blocker: z.string(),
      namesYou: z.boolean().optional(),
    }),
  ),
  late: z
    .array(z.object({ ownerName: z.string(), title: z.string(), mail: z.string().optional() }))
    .default([]),
  pastDate: z.number().optional(),
  themes: z.array(z.object({ label: z.string(), people: z.number() })).default([]),
  documents: z
    .array(z.object({ title: z.string(), yours: z.boolean(), url: z.string().optional() }))
    .default([]),
});

/** A repeat of a slot keeps the first. */
export async function insertDigest(
  trx: Trx,
  row: { readonly id: string; readonly slot: string; readonly digest: Digest },
  now: Date,
): Promise<void> {
  await trx
    .insertInto('digests')
    .values({
      id: row.id,
      person_id: row.digest.personId,
      slot: row.slot,
      date: row.digest.date,
      made_at: now,
      digest: JSON.stringify(row.digest),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export type KeptDigest = { readonly id: string; readonly slot: string; readonly digest: Digest };

/** The digests of some days. */
export async function digestsBetween(db: Db | Trx, from: string, to: string): Promise<KeptDigest[]> {
  const rows = await db
    .selectFrom('digests')
    .select(['id', 'slot', 'digest'])
    .where('date', '>=', from)
    .where('date', '<=', to)
    .orderBy('date')
    .execute();
  return rows.flatMap(({ id, slot, digest }) => {
    const kept = Kept.safeParse(digest);
    return kept.success ? [{ id, slot, digest: kept.data }] : [];
  });
}

/** Only where what it showed was wrong or is doubted; otherwise a digest stays as it stood. */
export async function amendKept(trx: Trx, id: string, digest: Digest): Promise<void> {
  await trx
    .updateTable('digests')
    .set({ digest: JSON.stringify(digest) })
    .where('id', '=', id)
    .execute();
}

/** The newest digest of each person that was sent up to and including `date`: as the trust stood for them then. */
export async function readLastDigests(
  db: Db | Trx,
  personIds: readonly string[],
  date: string,
): Promise<Map<string, Digest>> {
  if (personIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('digests')
    .select(['person_id', 'digest'])
    .distinctOn('person_id')
    .where('person_id', 'in', [...personIds])
    .where('date', '<=', date)
    .orderBy('person_id')
    .orderBy('date', 'desc')
    .orderBy('made_at', 'desc')
    .execute();
  return new Map(
    rows.flatMap((row) => {
      const kept = Kept.safeParse(row.digest);
      return kept.success ? [[row.person_id, kept.data] as const] : [];
    }),
  );
}

export async function readRhythms(
  db: Db | Trx,
  personIds: readonly string[],
): Promise<Map<string, EveryWeeks>> {
  if (personIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('digest_preferences')
    .select(['person_id', 'every_weeks'])
    .where('person_id', 'in', [...personIds])
    .execute();
  return new Map(rows.map((row) => [row.person_id, RHYTHMS.find((weeks) => weeks === row.every_weeks) ?? 1]));
}

export async function saveRhythm(
  trx: Trx,
  personId: string,
  everyWeeks: EveryWeeks,
  now: Date,
): Promise<void> {
  const changed = { every_weeks: everyWeeks, changed_at: now };
  await trx
    .insertInto('digest_preferences')
    .values({ person_id: personId, ...changed })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(changed))
    .execute();
}
