/**
 * Reads which reviews stand together on one card, and holds a manager's cards still while they change. Writes nothing: the
 * rows are `store.ts`'s.
 */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { CheckinRow, MilestoneRow } from '../storage/tables/checkins.ts';
import type { Checkin } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';
import { type Stored, toCheckin, toMilestone } from './store.ts';

/** Whoever changes a card of these managers waits until the other's transaction has ended. Check-ins are locked before. */
export async function lockReaders(trx: Trx, personIds: readonly string[]): Promise<void> {
  const sorted = [...new Set(personIds)].sort();
  if (sorted.length === 0) return;
  await sql`
    select pg_advisory_xact_lock(hashtext('reviews/' || reader.id))
    from (select id from unnest(${sorted}::text[]) as given (id) order by id) as reader`.execute(trx);
}

/** The manager's newest card on which something still waits, other than this check-in; undefined when there is none. */
export async function openCardOf(
  trx: Trx,
  readerId: string,
  exceptCheckin: string,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom('checkin_messages as message')
    .innerJoin('checkins as checkin', 'checkin.id', 'message.checkin_id')
    .select('message.key')
    .where('message.person_id', '=', readerId)
    .where('message.role', '=', 'reviewer')
    .where('checkin.state', '=', 'submitted')
    .where('checkin.id', '<>', exceptCheckin)
    .orderBy('message.sent_at', 'desc')
    .orderBy('message.key')
    .limit(1)
    .executeTakeFirst();
  return row?.key;
}

export type Attached = { readonly key: string; readonly checkin: Checkin; readonly milestone: Milestone };

type AttachedRow = { key: string; checkin: Stored<CheckinRow>; milestone: MilestoneRow };

/** Every check-in on these cards, the longest-waiting first. */
export async function readAttached(db: Db | Trx, keys: readonly string[]): Promise<Attached[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<AttachedRow>`
    select message.key, to_jsonb(checkin) as checkin, to_jsonb(milestone) as milestone
    from checkin_messages message
      join checkins checkin on checkin.id = message.checkin_id
      join milestones milestone on milestone.id = checkin.milestone_id
    where message.key = any(${[...keys]}::text[])
    order by message.key, checkin.submitted_at, checkin.id`.execute(db);
  return rows.map(({ key, checkin, milestone }) => ({
    key,
    checkin: toCheckin(withDates(checkin)),
    milestone: toMilestone(milestone),
  }));
}

/** All that waits for this manager on cards that were sent to them. */
export async function readWaitingFor(db: Db | Trx, readerId: string): Promise<Attached[]> {
  const rows = await db
    .selectFrom('checkin_messages as message')
    .innerJoin('checkins as checkin', 'checkin.id', 'message.checkin_id')
    .select('message.key')
    .distinct()
    .where('message.person_id', '=', readerId)
    .where('message.role', '=', 'reviewer')
    .where('checkin.state', '=', 'submitted')
    .execute();
  const attached = await readAttached(
    db,
    rows.map(({ key }) => key),
  );
  const seen = new Map(attached.map((one) => [one.checkin.id, one]));
  return [...seen.values()].filter(({ checkin }) => checkin.state === 'submitted');
}

/** Owners of what waits for any of these managers: a card of theirs may have to name them. */
export async function readWaitingOwners(db: Db, readerIds: readonly string[]): Promise<string[]> {
  if (readerIds.length === 0) return [];
  const rows = await db
    .selectFrom('checkin_messages as message')
    .innerJoin('checkins as checkin', 'checkin.id', 'message.checkin_id')
    .select('checkin.owner_id')
    .distinct()
    .where('message.person_id', 'in', [...readerIds])
    .where('message.role', '=', 'reviewer')
    .where('checkin.state', '=', 'submitted')
    .execute();
  return rows.map((row) => row.owner_id);
}

/** Milestone → how many approved "no change" its last approved check-ins are in a row; two is as far as is counted. */
export async function readUnchangedBefore(
  db: Db | Trx,
  milestoneIds: readonly string[],
): Promise<Map<string, number>> {
  if (milestoneIds.length === 0) return new Map();
  const { rows } = await sql<{ milestone_id: string; unchanged: boolean }>`
    select milestone_id, unchanged from (
      select milestone_id, unchanged, decided_at, round,
        row_number() over (partition by milestone_id order by decided_at desc, round desc) as place
      from checkins where state = 'approved' and milestone_id = any(${[...milestoneIds]}::text[])
    ) as approved where place <= 2 order by milestone_id, place`.execute(db);
  const runs = new Map<string, number>();
  const broken = new Set<string>();
  for (const { milestone_id, unchanged } of rows) {
    if (!unchanged) broken.add(milestone_id);
    if (!broken.has(milestone_id)) runs.set(milestone_id, (runs.get(milestone_id) ?? 0) + 1);
  }
  return runs;
}

function withDates(row: Stored<CheckinRow>): Stored<CheckinRow> {
  const instant = (value: Date | null) => (value === null ? null : new Date(value));
  return {
    ...row,
    submitted_at: instant(row.submitted_at),
    help_asked_at: instant(row.help_asked_at),
    decided_at: instant(row.decided_at),
  };
}
