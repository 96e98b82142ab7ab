/**
 * Whose own chats are to be opened, and whose could not be. One row a person, however many messages wait for it; several
 * instances share the work by leases of the database's clock.
 */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';

/** `refused` carries why. */
export type Opening = { readonly state: 'wanted' | 'refused'; readonly reason?: string };
export type OpeningClaim = { readonly personId: string; readonly tries: number };
export type OpeningSettlement =
  | { readonly personId: string; readonly kind: 'open' }
  | {
      readonly personId: string;
      readonly kind: 'again';
      readonly reason: string;
      readonly wait: number;
      readonly untried?: true;
    }
  | { readonly personId: string; readonly kind: 'refused'; readonly reason: string };

/** A refusal stands so long: an app that an administrator has allowed meanwhile is tried again with the next message after it. */
const REFUSED_FOR = sql`interval '1 hour'`;

/**
 * Writes down whom we want to reach, and how far each is; whoever has been reached since we looked is in neither. `wanted`: how
 * many are being opened in all.
 */
export async function wantOpenings(
  db: Db,
  personIds: readonly string[],
): Promise<{ readonly openings: ReadonlyMap<string, Opening>; readonly wanted: number }> {
  const ids = [...new Set(personIds)].sort();
  await sql`
    insert into openings (person_id, state)
    select id, 'wanted' from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) as id
    where not exists (select 1 from conversations c where c.owner = 'person:' || id and c.state = 'active')
    order by id
    on conflict (person_id) do update set state = 'wanted', reason = null, tries = 0, next_at = clock_timestamp(),
      updated_at = clock_timestamp()
    where openings.state = 'refused' and openings.updated_at < clock_timestamp() - ${REFUSED_FOR}`.execute(
    db,
  );
  const rows = await db
    .selectFrom('openings')
    .select(['person_id', 'state', 'reason'])
    .where('person_id', 'in', ids)
    .execute();
  const counted = await db
    .selectFrom('openings')
    .select(({ fn }) => fn.countAll<number>().as('wanted'))
    .where('state', '=', 'wanted')
    .executeTakeFirst();
  return {
    openings: new Map(
      rows.map(({ person_id, state, reason }) => [person_id, { state, ...(reason ? { reason } : {}) }]),
    ),
    wanted: Number(counted?.wanted ?? 0),
  };
}

/** Takes up to `limit` of those that are wanted for `lease` milliseconds. */
export async function claimOpenings(db: Db, limit: number, lease: number): Promise<OpeningClaim[]> {
  const { rows } = await sql<{ person_id: string; tries: number }>`
    with picked as (
      select person_id from openings
      where state = 'wanted' and next_at <= clock_timestamp()
        and (lease_until is null or lease_until < clock_timestamp())
      order by next_at limit ${limit} for update skip locked
    )
    update openings o set tries = tries + 1, updated_at = clock_timestamp(),
      lease_until = clock_timestamp() + ${lease}::float8 * interval '1 millisecond'
    from picked where o.person_id = picked.person_id
    returning o.person_id, o.tries`.execute(db);
  return rows.map(({ person_id, tries }) => ({ personId: person_id, tries }));
}

/** What is open needs no row any more; its messages find the conversation. */
export async function settleOpenings(db: Db, settlements: readonly OpeningSettlement[]): Promise<void> {
  const open = settlements.filter(({ kind }) => kind === 'open').map(({ personId }) => personId);
  if (open.length > 0) await db.deleteFrom('openings').where('person_id', 'in', open).execute();
  const others = settlements.filter(({ kind }) => kind !== 'open');
  if (others.length === 0) return;
  await sql`
    update openings p set state = case when o.kind = 'again' then 'wanted' else 'refused' end, reason = o.reason,
      tries = greatest(0, p.tries - coalesce(o.untried, false)::int),
      next_at = clock_timestamp() + coalesce(o.wait, 0) * interval '1 millisecond', lease_until = null,
      updated_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(others)}::jsonb) as o("personId" text, kind text, reason text, wait float8, untried boolean)
    where p.person_id = o."personId"`.execute(db);
}

/** Forgets refusals: of these people, who are to be tried again, or with `undefined` all that no longer stand. */
export async function forgetRefusals(trx: Db | Trx, personIds: readonly string[] | undefined): Promise<void> {
  if (personIds?.length === 0) return;
  await trx
    .deleteFrom('openings')
    .where('state', '=', 'refused')
    .where((where) =>
      personIds
        ? where('person_id', 'in', [...personIds])
        : sql<boolean>`updated_at < clock_timestamp() - ${REFUSED_FOR}`,
    )
    .execute();
}
