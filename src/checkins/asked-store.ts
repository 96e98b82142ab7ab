/** Reads who was asked when, for the rules that keep asks apart. Writes nothing. */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';

export type FirstAsk = {
  readonly milestoneId: string;
  readonly at: Date;
  /** Whose check-in it is, and a colleague who was asked in their place. */
  readonly people: readonly string[];
};

/** The first asks since an instant, the oldest first. */
export async function readFirstAsks(db: Db | Trx, since: Date): Promise<FirstAsk[]> {
  const { rows } = await sql<{
    milestone_id: string;
    owner_id: string;
    opened_at: Date;
    stand_in: string | null;
  }>`
    select checkin.milestone_id, checkin.owner_id, checkin.opened_at, message.person_id as stand_in
    from checkins checkin left join checkin_messages message
      on message.checkin_id = checkin.id and message.key = 'checkin/' || checkin.id || '/ask' and message.role = 'stand-in'
    where checkin.opened_at >= ${since} order by checkin.opened_at, checkin.id`.execute(db);
  return rows.map((row) => ({
    milestoneId: row.milestone_id,
    at: row.opened_at,
    people: [row.owner_id, ...(row.stand_in === null ? [] : [row.stand_in])],
  }));
}

/** Whose own chat a card to answer came to since an instant. */
export async function readAskedSince(db: Db | Trx, since: Date): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('checkin_messages')
    .select('person_id')
    .distinct()
    .where('sent_at', '>=', since)
    .where('role', 'in', ['owner', 'stand-in'])
    .execute();
  return new Set(rows.map((row) => row.person_id));
}

/**
 * Since when nothing has come for milestones whose open check-in took the place of others that had been asked for, or sent back, in
 * vain: the first of that silence. Asked every week, a round is never a fortnight old.
 */
export async function readSilences(db: Db | Trx): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await sql<{ milestone_id: string; since: Date }>`
    select live.milestone_id, min(coalesce(earlier.decided_at, earlier.opened_at)) as since
    from checkins live join checkins earlier on earlier.milestone_id = live.milestone_id
      and earlier.owner_id = live.owner_id and earlier.state = 'withdrawn'
      and (earlier.answer is null or earlier.decided_at is not null)
    where live.state = 'open' and not exists (select from checkins other
      where other.milestone_id = live.milestone_id and other.id not in (live.id, earlier.id)
        and other.opened_at >= earlier.opened_at and (other.state <> 'withdrawn' or other.answer is not null))
    group by live.milestone_id`.execute(db);
  return new Map(rows.map(({ milestone_id, since }) => [milestone_id, since]));
}
