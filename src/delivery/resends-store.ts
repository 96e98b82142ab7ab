/** The ledger's messages that are sent again by hand: each attempt once, set aside under a key of its own. */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { DeliveryState, Draft } from './message.ts';
import { BEFORE, MOST_AGAIN, setAsideEnd, type TargetRow, targetOf } from './store.ts';

const AGAIN = '/again';
/** Of a first attempt: one that was in doubt and turns out not to have left must not go out beside the new one. */
const SENT_AGAIN = 'it had not left, and was sent again by hand';

/** The run of what is sent again by hand of a run: its own, where that is one already. */
export function againOf(runId: string): string {
  return runId.endsWith(AGAIN) ? runId : `${runId}${AGAIN}`;
}

/**
 * Takes up a message that was withheld, to be sent under its own key; what waited past its time still shows how things stand.
 * `fate`: what the report says of it then.
 */
export async function takeUp(
  trx: Trx,
  { runId, id }: { readonly runId: string; readonly id: string },
  now: Date,
  fate?: string,
): Promise<Draft[]> {
  return (await setAside(trx, runId, ['cancelled'], id, fate)).map(({ expiresAt, ...draft }) => ({
    ...draft,
    ...(expiresAt && expiresAt > now ? { expiresAt } : {}),
    runId: againOf(runId),
  }));
}

/** Of messages that nobody waits for, those to these people, channels and chats, or all. */
export type Held = 'all' | readonly string[];

/** Sets messages of a run aside, or the one named, to be written again under their keys; each once, so a second press finds none. */
export async function setAside(
  trx: Trx,
  runId: string,
  states: readonly DeliveryState[],
  id?: string,
  fate?: string,
  held: Held = [],
): Promise<Draft[]> {
  const ends = Array.from({ length: MOST_AGAIN }, (_, index) => setAsideEnd(index + 1));
  const freeEnd = sql`select ends.one from unnest(${ends}::text[]) with ordinality as ends(one, n)
    where not exists (select 1 from deliveries other where other.key = d.key || ends.one) order by n limit 1`;
  const { rows } = await sql<
    TargetRow & Pick<Draft, 'key' | 'card' | 'urgent'> & { expires_at: Date | null }
  >`
    update deliveries d set key = d.key || (${freeEnd}), reason = coalesce(${fate ?? null}::text, d.reason),
      withdrawn = ${SENT_AGAIN}, updated_at = clock_timestamp()
    from deliveries old where d.run_id = ${runId} and d.state = any(${[...states]}::text[]) and d.key not like ${`%${BEFORE}`}
      and d.recalled_at is null
      ${id === undefined ? sql`and (d.state <> 'cancelled' or d.reason like 'paused:%')` : sql`and d.id = ${id}`}
      ${held === 'all' ? sql`and d.urgent` : sql`and (d.urgent or coalesce(d.person_id, d.channel_id) <> all(${held}::text[]))`}
      and (${freeEnd}) is not null and d.id = old.id
    returning old.key, d.card, d.urgent, d.expires_at, d.target_kind, d.person_id, d.team_id, d.channel_id`.execute(
    trx,
  );
  return rows.map((row) => ({
    key: row.key,
    card: row.card,
    ...(row.urgent ? { urgent: true } : {}),
    target: targetOf(row),
    ...(row.expires_at ? { expiresAt: row.expires_at } : {}),
  }));
}

/** Of messages that were not sent again, how many were already, arrived, are in doubt, are still to be sent, or were taken back. */
export type Standing = {
  readonly again: number;
  readonly arrived: number;
  readonly uncertain: number;
  readonly pending: number;
  readonly recalled: number;
};

/** How a run's messages stand, or the one named; each is counted once. All are 0 where there is none. */
export async function standingOf(db: Db, runId: string, id?: string): Promise<Standing> {
  const { rows } = await sql<Standing>`
    select count(*) filter (where kind = 'again')::int as again, count(*) filter (where kind = 'arrived')::int as arrived,
      count(*) filter (where kind = 'uncertain')::int as uncertain, count(*) filter (where kind = 'pending')::int as pending,
      count(*) filter (where kind = 'recalled')::int as recalled
    from (select case when key like ${`%${BEFORE}`} then 'again' when recalled_at is not null then 'recalled'
        when state = 'delivered' then 'arrived' when state in ('due', 'claimed', 'sending') then 'pending' else state end as kind
      from deliveries where run_id = ${runId} ${id === undefined ? sql`` : sql`and id = ${id}`}) as messages`.execute(
    db,
  );
  return rows[0] ?? { again: 0, arrived: 0, uncertain: 0, pending: 0, recalled: 0 };
}
