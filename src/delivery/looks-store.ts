/**
 * Which uncertain messages are to be looked for, and when: a row for each attempt whose fate is unknown. The ledger's row is not
 * touched here: what a look found is settled there, by the ledger's own guard. Times by the database's clock.
 */
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';
import { LOOKS } from './fate.ts';

/** A look that is this instance's to take; the next one is written down already. */
export type Look = {
  readonly id: string;
  readonly runId: string;
  readonly teamId: string;
  readonly channelId: string;
  readonly attempts: number;
  readonly holder: string;
  readonly reason: string | null;
  readonly version: number | null;
  readonly urgent: boolean;
  /** Taken back meanwhile: it is not sent again. */
  readonly recalled: boolean;
  /** Why it was withdrawn meanwhile, if it was: the same. */
  readonly withdrawn: string | null;
  readonly sentAt: Date;
  /** Minutes since it was sent. */
  readonly age: number;
};

/** Takes up to `limit` looks that are due; each is taken by one instance. Forgets those whose message is in no doubt any more. */
export async function claimLooks(db: Db, limit: number): Promise<Look[]> {
  await sql`
    insert into looks (delivery_id, attempt, next_at)
    select id, attempts, sent_at + ${LOOKS[0]}::int * interval '1 minute' from deliveries
    where state = 'uncertain' and target_kind = 'channel' and lease_holder is not null
      and activity_id is null and settled_at > clock_timestamp() - interval '1 day'
      and sent_at > clock_timestamp() - interval '1 day'
    on conflict do nothing`.execute(db);
  await sql`
    delete from looks l using deliveries d
    where d.id = l.delivery_id and (d.state <> 'uncertain' or d.attempts <> l.attempt)`.execute(db);
  const { rows } = await sql<{
    id: string;
    run_id: string;
    team_id: string;
    channel_id: string;
    attempts: number;
    lease_holder: string;
    reason: string | null;
    shown_version: number | null;
    urgent: boolean;
    recalled: boolean;
    withdrawn: string | null;
    sent_at: Date;
    age: number;
  }>`
    with picked as (
      select delivery_id, attempt, looks from looks where next_at <= clock_timestamp()
      order by next_at limit ${limit} for update skip locked
    )
    update looks l set looks = l.looks + 1,
      next_at = case when later.minutes is null then 'infinity'
        else greatest(clock_timestamp() + interval '30 seconds', d.sent_at + later.minutes * interval '1 minute') end
    from picked p
      join deliveries d on d.id = p.delivery_id and d.state = 'uncertain' and d.attempts = p.attempt,
      lateral (select (${[...LOOKS]}::int[])[p.looks + 2] as minutes) later
    where l.delivery_id = p.delivery_id and l.attempt = p.attempt
    returning d.id, d.run_id, d.team_id, d.channel_id, d.attempts, d.lease_holder, d.reason, d.shown_version, d.urgent,
      d.recalled_at is not null as recalled, d.withdrawn, d.sent_at, (extract(epoch from clock_timestamp() - d.sent_at) / 60)::float8 as age`.execute(
    db,
  );
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    teamId: row.team_id,
    channelId: row.channel_id,
    attempts: row.attempts,
    holder: row.lease_holder,
    reason: row.reason,
    version: row.shown_version,
    urgent: row.urgent,
    recalled: row.recalled,
    withdrawn: row.withdrawn,
    sentAt: row.sent_at,
    age: row.age,
  }));
}
