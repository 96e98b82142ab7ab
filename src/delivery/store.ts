/**
 * The ledger: one row a message, the truth of what became of it. Every change of state is a guarded update, so two
 * instances, a late answer and a repeat can change nothing that is settled. Leases and retry times are the database's clock;
 * only `expires_at` is compared with the caller's `now`, which a rehearsal may move.
 */
import { sql } from 'kysely';
import type { Card } from '../cards/elements.ts';
import { newId } from '../kernel/ids.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { DeliveryState, Draft, Revision, Target } from './message.ts';
import { PENDING, statesBefore } from './states.ts';

export type Claim = {
  readonly seq: number;
  readonly id: string;
  readonly target: Target;
  readonly attempts: number;
};

/** A delivery that is being posted: its card is read only now, so a revision until here replaces it in place. */
export type Sending = {
  readonly id: string;
  readonly card: Card;
  readonly version: number;
  readonly attempts: number;
  readonly urgent: boolean;
};

/** What became of an attempt. `wait`: milliseconds until the next one, for `due`. */
export type Settlement = {
  readonly id: string;
  readonly attempts: number;
  readonly state: DeliveryState;
  readonly reason?: string;
  readonly activityId?: string;
  readonly version?: number;
  readonly wait?: number;
};

const LARGE_RUN = 200;

/** How many of the drafts were new; a key that is known already stays what it was. */
export async function insertDrafts(trx: Trx, runId: string, drafts: readonly Draft[]): Promise<number> {
  let added = 0;
  for (let start = 0; start < drafts.length; start += 500) {
    const result = await trx
      .insertInto('deliveries')
      .values(
        drafts.slice(start, start + 500).map((draft) => ({
          id: newId('dlv'),
          run_id: runId,
          key: draft.key,
          target_kind: draft.target.kind,
          person_id: draft.target.kind === 'person' ? draft.target.personId : null,
          team_id: draft.target.kind === 'channel' ? draft.target.teamId : null,
          channel_id: placeOf(draft.target),
          card: JSON.stringify(draft.card),
          urgent: draft.urgent ?? false,
          expires_at: draft.expiresAt ?? null,
          not_before: sql<Date>`clock_timestamp() + ${draft.wait ?? 0}::float8 * interval '1 millisecond'`,
          ...(draft.withheld === undefined
            ? { state: 'due', reason: null, settled_at: null }
            : { state: 'cancelled', reason: draft.withheld, settled_at: sql<Date>`clock_timestamp()` }),
        })),
      )
      .onConflict((conflict) => conflict.column('key').doNothing())
      .executeTakeFirst();
    added += Number(result.numInsertedOrUpdatedRows ?? 0);
  }
  // Without fresh counts the planner believes that few are due and sorts all of them for every claim.
  if (added >= LARGE_RUN) await sql`analyse deliveries`.execute(trx);
  return added;
}

/** Ends the key of a message that was sent again: the new one has its key, so that later faces are put on that. */
const BEFORE = '/before';

/** Sets messages of a run aside, or the one named, to be written again under their keys; each once, so a second press finds none. */
export async function setAside(
  trx: Trx,
  runId: string,
  states: readonly DeliveryState[],
  id?: string,
): Promise<Draft[]> {
  const { rows } = await sql<Place & Pick<Draft, 'key' | 'card' | 'urgent'>>`
    update deliveries d set key = d.key || ${BEFORE}, updated_at = clock_timestamp()
    where d.run_id = ${runId} and d.state = any(${[...states]}::text[]) and d.key not like ${`%${BEFORE}`}
      ${id === undefined ? sql`and (d.state <> 'cancelled' or d.reason like 'paused:%')` : sql`and d.id = ${id}`}
      and not exists (select 1 from deliveries other where other.key = d.key || ${BEFORE})
    returning d.key, d.card, d.urgent, d.target_kind, d.person_id, d.team_id, d.channel_id`.execute(trx);
  return rows.map((row) => ({ ...row, key: row.key.slice(0, -BEFORE.length), target: targetOf(row) }));
}

/** Gives deliveries a new face. A delivered one is then due for an edit; the newest face wins. */
export async function replaceCards(trx: Trx, revisions: readonly Revision[]): Promise<void> {
  const keys = revisions.map(({ key }) => key);
  await sql`
    update deliveries set card = face.card, card_version = card_version + 1, edit_attempts = 0,
      edit_not_before = clock_timestamp(), edit_problem = null, updated_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(revisions)}::jsonb) as face(key text, card jsonb)
    where deliveries.key = face.key and deliveries.key = any(${keys}::text[])`.execute(trx);
}

/**
 * A message, a run, or what rules have waiting that nobody waits for: `to`, for these people (Graph's ids), channels and chats
 * alone.
 */
export type Withdrawn =
  | { readonly key: string }
  | { readonly runId: string }
  | { readonly rules: readonly string[]; readonly to?: readonly string[] };

/** Withdraws what has not been sent. Returns how many were withdrawn; one that is on its way is not. */
export async function cancelDue(trx: Trx, which: Withdrawn, reason: string): Promise<number> {
  const result = await trx
    .updateTable('deliveries')
    .set({
      state: 'cancelled',
      reason,
      lease_until: null,
      settled_at: sql`clock_timestamp()`,
      updated_at: sql`clock_timestamp()`,
    })
    .where('state', 'in', statesBefore('cancelled'))
    .where((where) => {
      if ('key' in which) return where('key', '=', which.key);
      if ('runId' in which) return where('run_id', '=', which.runId);
      const ofRules = sql<boolean>`split_part(run_id, '/', 1) = any(${[...which.rules]}::text[]) and not urgent`;
      if (!which.to) return ofRules;
      const to = sql<boolean>`coalesce(person_id, channel_id) = any(${[...which.to]}::text[])`;
      return where.and([ofRules, to]);
    })
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/**
 * Deletes those of these messages with which nothing is to be done any more. Returns the keys of which no row is left, those
 * of which there never was one included.
 */
export async function deleteSettled(trx: Trx, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  await trx
    .deleteFrom('deliveries')
    .where('key', 'in', [...keys, ...keys.map((key) => key + BEFORE)])
    .where('state', 'not in', [...PENDING])
    .execute();
  const left = await trx.selectFrom('deliveries').select('key').where('key', 'in', keys).execute();
  const kept = new Set(left.map((row) => row.key));
  return keys.filter((key) => !kept.has(key));
}

/** The same for all of a run; with `before`, those that did not arrive only when they are older. Returns how many went. */
export async function deleteSettledOf(trx: Trx, runId: string, before?: Date): Promise<number> {
  const result = await trx
    .deleteFrom('deliveries')
    .where('run_id', '=', runId)
    .where('state', 'not in', [...PENDING])
    .where((where) =>
      before
        ? where.or([where('state', '=', 'delivered'), where('created_at', '<', before)])
        : where.lit(true),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/**
 * What time has done: leases that lapsed, messages that are of no use any more. A claim goes back to due; a message that was
 * being posted when its holder went silent is uncertain, for nobody knows whether it left. With `everyLease`, all leases of
 * others count as lapsed: for the one process that holds an embedded store.
 */
export async function sweep(
  db: Db,
  now: Date,
  everyLease?: { readonly except: string },
): Promise<{ readonly lapsed: number; readonly uncertain: number; readonly expired: number }> {
  const lapsed = everyLease
    ? sql`lease_holder is distinct from ${everyLease.except}`
    : sql`lease_until < clock_timestamp()`;
  const back = await sql`
    update deliveries set state = 'due', lease_holder = null, lease_until = null, updated_at = clock_timestamp()
    where state = 'claimed' and ${lapsed}`.execute(db);
  // The holder stays named: if it lives, its own answer may still settle this attempt.
  const unknown = await sql`
    update deliveries set state = 'uncertain', reason = 'the sender stopped while posting; it may have arrived',
      lease_until = null, settled_at = clock_timestamp(), updated_at = clock_timestamp()
    where state = 'sending' and ${lapsed}`.execute(db);
  const late = await sql`
    update deliveries set state = 'expired', reason = 'not sent in time', settled_at = clock_timestamp(),
      updated_at = clock_timestamp()
    where state = 'due' and expires_at <= ${now}`.execute(db);
  const rows = (result: { numAffectedRows?: bigint }) => Number(result.numAffectedRows ?? 0);
  return { lapsed: rows(back), uncertain: rows(unknown), expired: rows(late) };
}

type ClaimRow = {
  seq: number;
  id: string;
  target_kind: string;
  person_id: string | null;
  team_id: string | null;
  channel_id: string | null;
  attempts: number;
};

/** Takes up to `limit` due messages for `holder`, urgent ones first, for `lease` milliseconds. */
export async function claimDue(
  db: Db,
  holder: string,
  limit: number,
  lease: number,
  now: Date,
): Promise<Claim[]> {
  const result = await sql<ClaimRow>`
    with picked as (
      select id from deliveries
      where state = 'due' and not_before <= clock_timestamp() and (expires_at is null or expires_at > ${now})
      order by urgent desc, seq limit ${limit} for update skip locked
    )
    update deliveries d set state = 'claimed', lease_holder = ${holder}, updated_at = clock_timestamp(),
      lease_until = clock_timestamp() + ${lease}::float8 * interval '1 millisecond'
    from picked where d.id = picked.id
    returning d.seq, d.id, d.target_kind, d.person_id, d.team_id, d.channel_id, d.attempts`.execute(db);
  return result.rows
    .map((row) => ({ seq: row.seq, id: row.id, target: targetOf(row), attempts: row.attempts }))
    .sort((a, b) => a.seq - b.seq);
}

type Place = Omit<ClaimRow, 'seq' | 'id' | 'attempts'>;

export function targetOf(row: Place): Target {
  if (row.target_kind === 'person') return { kind: 'person', personId: row.person_id ?? '' };
  return row.target_kind === 'chat'
    ? { kind: 'chat', chatId: row.channel_id ?? '' }
    : { kind: 'channel', teamId: row.team_id ?? '', channelId: row.channel_id ?? '' };
}

/** The channel's id or the chat's; null for a person. */
function placeOf(target: Target): string | null {
  if (target.kind === 'person') return null;
  return target.kind === 'chat' ? target.chatId : target.channelId;
}

/** Leads the planner to the primary key: it thinks a rare state a better way, and then reads the whole table. */
function among(rows: readonly { readonly id: string }[]) {
  return sql<boolean>`d.id = any(${rows.map((row) => row.id)}::text[])`;
}

/** Settles claims that will not be posted: unreachable, refused, or back to due after `wait`. */
export async function settleClaims(
  db: Db | Trx,
  holder: string,
  settlements: readonly Omit<Settlement, 'attempts'>[],
): Promise<void> {
  if (settlements.length === 0) return;
  await sql`
    update deliveries d set state = o.state, reason = o.reason, lease_until = null,
      not_before = clock_timestamp() + coalesce(o.wait, 0) * interval '1 millisecond',
      settled_at = case when o.state = 'due' then null else clock_timestamp() end, updated_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(settlements)}::jsonb) as o(id text, state text, reason text, wait float8)
    where d.id = o.id and ${among(settlements)} and d.state = 'claimed' and d.lease_holder = ${holder}`.execute(
    db,
  );
}

/**
 * The last step before the posts of a wave, committed before the first byte leaves. Only claims still held are granted;
 * what comes back may be posted once, and must then be settled.
 */
export async function grantSends(
  trx: Trx,
  holder: string,
  sends: readonly { readonly id: string; readonly conversationId: string; readonly serviceUrl: string }[],
  lease: number,
): Promise<Sending[]> {
  if (sends.length === 0) return [];
  const result = await sql<{
    id: string;
    card: Card;
    card_version: number;
    attempts: number;
    urgent: boolean;
  }>`
    update deliveries d set state = 'sending', attempts = attempts + 1, reason = null, sent_at = clock_timestamp(),
      lease_until = clock_timestamp() + ${lease}::float8 * interval '1 millisecond',
      conversation_id = o."conversationId", service_url = o."serviceUrl", updated_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(sends)}::jsonb) as o(id text, "conversationId" text, "serviceUrl" text)
    where d.id = o.id and ${among(sends)} and d.state = 'claimed' and d.lease_holder = ${holder}
      and d.lease_until > clock_timestamp()
    returning d.id, d.card, d.card_version, d.attempts, d.urgent`.execute(trx);
  return result.rows.map((row) => ({
    id: row.id,
    card: row.card,
    version: row.card_version,
    attempts: row.attempts,
    urgent: row.urgent,
  }));
}

/**
 * Settles attempts. Only the holder's own attempt is settled, also when its lease lapsed in the meantime and it counts as
 * uncertain: its poster knows better. Returns how many rows took it.
 */
export async function settleSends(
  db: Db | Trx,
  holder: string,
  settlements: readonly Settlement[],
): Promise<number> {
  if (settlements.length === 0) return 0;
  const result = await sql`
    update deliveries d set state = o.state, reason = o.reason, activity_id = o."activityId",
      shown_version = o.version, lease_until = null,
      not_before = clock_timestamp() + coalesce(o.wait, 0) * interval '1 millisecond',
      settled_at = case when o.state = 'due' then null else clock_timestamp() end, updated_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(settlements)}::jsonb)
      as o(id text, attempts int, state text, reason text, "activityId" text, version int, wait float8)
    where d.id = o.id and ${among(settlements)} and d.state in ('sending', 'uncertain') and d.lease_holder = ${holder}
      and d.attempts = o.attempts`.execute(db);
  return Number(result.numAffectedRows ?? 0);
}

export type Edit = {
  readonly id: string;
  readonly card: Card;
  readonly version: number;
  readonly attempts: number;
  readonly urgent: boolean;
  readonly conversationId: string;
  readonly serviceUrl: string;
  readonly activityId: string;
};

/** What became of putting up the face `version`: shown, given up for a `problem`, or again after `wait` milliseconds. */
export type EditSettlement = {
  readonly id: string;
  readonly version: number;
  readonly shown: boolean;
  readonly problem?: string;
  readonly wait?: number;
};

type EditRow = {
  id: string;
  card: Card;
  card_version: number;
  edit_attempts: number;
  urgent: boolean;
  conversation_id: string;
  service_url: string;
  activity_id: string;
};

/** Takes up to `limit` edits for `lease` milliseconds. The address is the newest one known for the conversation. */
export async function claimEdits(db: Db, limit: number, lease: number): Promise<Edit[]> {
  const result = await sql<EditRow>`
    with picked as (
      select id from deliveries
      where state = 'delivered' and shown_version < card_version and edit_problem is null
        and edit_not_before <= clock_timestamp()
        and (edit_lease_until is null or edit_lease_until < clock_timestamp())
      order by edit_not_before limit ${limit} for update skip locked
    )
    update deliveries d set edit_attempts = edit_attempts + 1, updated_at = clock_timestamp(),
      edit_lease_until = clock_timestamp() + ${lease}::float8 * interval '1 millisecond'
    from picked where d.id = picked.id
    returning d.id, d.card, d.card_version, d.edit_attempts, d.urgent, d.conversation_id, d.activity_id,
      coalesce((select c.service_url from conversations c where c.conversation_id = d.conversation_id limit 1),
        d.service_url) as service_url`.execute(db);
  return result.rows.map((row) => ({
    id: row.id,
    card: row.card,
    version: row.card_version,
    attempts: row.edit_attempts,
    urgent: row.urgent,
    conversationId: row.conversation_id,
    serviceUrl: row.service_url,
    activityId: row.activity_id,
  }));
}

/** A face that was replaced again meanwhile stays due: only the version that was put up is taken as shown. */
export async function settleEdits(db: Db, settlements: readonly EditSettlement[]): Promise<void> {
  if (settlements.length === 0) return;
  await sql`
    update deliveries d set
      shown_version = case when o.shown then greatest(d.shown_version, o.version) else d.shown_version end,
      edit_problem = case when o.version = d.card_version then o.problem end,
      edit_attempts = case when o.version = d.card_version and not o.shown then d.edit_attempts else 0 end,
      edit_not_before = clock_timestamp() + coalesce(o.wait, 0) * interval '1 millisecond',
      edit_lease_until = null, updated_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(settlements)}::jsonb)
      as o(id text, version int, shown boolean, problem text, wait float8)
    where d.id = o.id and ${among(settlements)} and d.state = 'delivered'`.execute(db);
}
