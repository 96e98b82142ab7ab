/**
 * The ledger's edits: a delivered message whose newest face is not the one shown is due for one. Leases and retry times are
 * the database's clock.
 */
import { sql } from 'kysely';
import type { Card } from '../cards/elements.ts';
import type { Db } from '../storage/database.ts';
import { ownerOfRow } from './conversations-store.ts';
import type { Target } from './message.ts';
import { among, type TargetRow, targetOf } from './store.ts';

export type Edit = {
  readonly id: string;
  readonly card: Card;
  readonly version: number;
  readonly attempts: number;
  readonly urgent: boolean;
  readonly conversationId: string;
  readonly serviceUrl: string;
  readonly activityId: string;
  readonly key: string;
  readonly target: Target;
  /** Takes away what stood there: right in any company. */
  readonly recall: boolean;
  /** How far its conversation's next write lies ahead, in milliseconds; undefined where nobody knows the conversation any more. */
  readonly debt?: number;
};

/** What became of putting up the face `version`: shown, given up for a `problem`, or again after `wait` milliseconds. */
export type EditSettlement = {
  readonly id: string;
  readonly version: number;
  readonly shown: boolean;
  readonly problem?: string;
  readonly wait?: number;
  /** It was kept back before Teams was asked: that is no try. */
  readonly untried?: true;
};

type EditRow = TargetRow & {
  id: string;
  card: Card;
  card_version: number;
  edit_attempts: number;
  urgent: boolean;
  conversation_id: string;
  service_url: string;
  activity_id: string;
  key: string;
  recalled_at: Date | null;
  rests: boolean;
  debt: number | null;
};

/**
 * Takes up to `limit` edits for `lease` milliseconds. The address is the newest one known for the conversation. Those of a conversation
 * that rests are put off until it is over, which is no try; `seen` counts them too.
 */
export async function claimEdits(
  db: Db,
  limit: number,
  lease: number,
): Promise<{ readonly edits: readonly Edit[]; readonly seen: number }> {
  const result = await sql<EditRow>`
    with picked as (
      select d.id, c.throttled_until, c.paced_until, coalesce(c.throttled_until > clock_timestamp(), false) as rests
      from deliveries d left join conversations c on c.owner = ${ownerOfRow}
      where d.state = 'delivered' and d.shown_version < d.card_version and d.edit_problem is null
        and d.edit_not_before <= clock_timestamp()
        and (d.edit_lease_until is null or d.edit_lease_until < clock_timestamp())
      order by d.edit_not_before limit ${limit} for update of d skip locked
    )
    update deliveries d set edit_attempts = edit_attempts + case when picked.rests then 0 else 1 end,
      updated_at = clock_timestamp(),
      edit_not_before = case when picked.rests then picked.throttled_until else edit_not_before end,
      edit_lease_until = case when not picked.rests
        then clock_timestamp() + ${lease}::float8 * interval '1 millisecond' end
    from picked where d.id = picked.id
    returning picked.rests, (extract(epoch from picked.paced_until - clock_timestamp()) * 1000)::float8 as debt, d.id, d.key, d.target_kind, d.person_id, d.team_id, d.channel_id, d.recalled_at, d.card, d.card_version, d.edit_attempts, d.urgent, d.conversation_id, d.activity_id,
      coalesce((select c.service_url from conversations c where c.conversation_id = d.conversation_id limit 1),
        d.service_url) as service_url`.execute(db);
  const edits = result.rows.filter(({ rests }) => !rests);
  return { seen: result.rows.length, edits: edits.map(editOf) };
}

function editOf(row: EditRow): Edit {
  return {
    id: row.id,
    card: row.card,
    version: row.card_version,
    attempts: row.edit_attempts,
    urgent: row.urgent,
    conversationId: row.conversation_id,
    serviceUrl: row.service_url,
    activityId: row.activity_id,
    key: row.key,
    target: targetOf(row),
    recall: row.recalled_at !== null,
    ...(row.debt === null ? {} : { debt: row.debt }),
  };
}

/** A face that was replaced again meanwhile stays due: only the version that was put up is taken as shown. */
export async function settleEdits(db: Db, settlements: readonly EditSettlement[]): Promise<void> {
  if (settlements.length === 0) return;
  await sql`
    update deliveries d set
      shown_version = case when o.shown then greatest(d.shown_version, o.version) else d.shown_version end,
      edit_problem = case when o.version = d.card_version then o.problem end,
      edit_attempts = case when o.version = d.card_version and not o.shown
        then greatest(0, d.edit_attempts - coalesce(o.untried, false)::int) else 0 end,
      edit_not_before = clock_timestamp() + coalesce(o.wait, 0) * interval '1 millisecond',
      edit_lease_until = null, updated_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(settlements)}::jsonb)
      as o(id text, version int, shown boolean, problem text, wait float8, untried boolean)
    where d.id = o.id and ${among(settlements)} and d.state = 'delivered'`.execute(db);
}
