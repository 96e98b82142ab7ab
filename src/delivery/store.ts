/**
 * The ledger: one row a message, the truth of what became of it. Every change of state is a guarded update, so two
 * instances, a late answer and a repeat can change nothing that is settled. Leases and retry times are the database's clock;
 * only `expires_at` is compared with the caller's `now`, which a rehearsal may move.
 */
import { sql } from 'kysely';
import type { Card } from '../cards/elements.ts';
import { newId } from '../kernel/ids.ts';
import { type Db, soonOnDisk, type Trx } from '../storage/database.ts';
import { traceParent } from '../telemetry/trace.ts';
import {
  ownerOfRow,
  type Place,
  type PlaceRow,
  placeColumns,
  placeOf,
  takeTolls,
} from './conversations-store.ts';
import { type DeliveryState, type Draft, PENDING, type Revision, type Target } from './message.ts';
import type { Toll } from './pacing.ts';

export type Claim = {
  readonly seq: number;
  readonly id: string;
  readonly target: Target;
  readonly attempts: number;
  readonly urgent: boolean;
  /** When it might first leave. */
  readonly meantAt: Date;
  /** Where its target is reached, as far as is known. */
  readonly place?: Place;
};

/** A claim that is to be posted, and where. `owner`: whose conversation pays for it. */
export type Send = {
  readonly id: string;
  readonly attempts: number;
  readonly owner: string;
  readonly conversationId: string;
  readonly serviceUrl: string;
};

/** A delivery that is being posted: its card is read only now, so a revision until here replaces it in place. */
export type Sending = {
  readonly id: string;
  readonly card: Card;
  readonly version: number;
  readonly attempts: number;
  readonly urgent: boolean;
  /** Milliseconds since it might have left. */
  readonly waited: number;
  /** The trace in which it was written. */
  readonly trace: string | null;
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
  const trace = traceParent() ?? null;
  let added = 0;
  const dueIn = (wait: number) => sql<Date>`clock_timestamp() + ${wait}::float8 * interval '1 millisecond'`;
  for (let start = 0; start < drafts.length; start += 500) {
    const result = await trx
      .insertInto('deliveries')
      .values(
        drafts.slice(start, start + 500).map((draft) => ({
          id: newId('dlv'),
          run_id: draft.runId ?? runId,
          key: draft.key,
          target_kind: draft.target.kind,
          person_id: draft.target.kind === 'person' ? draft.target.personId : null,
          team_id: draft.target.kind === 'channel' ? draft.target.teamId : null,
          channel_id: placeIdOf(draft.target),
          card: JSON.stringify(draft.card),
          urgent: draft.urgent ?? false,
          expires_at: draft.expiresAt ?? null,
          trace,
          not_before: dueIn(draft.wait ?? 0),
          first_due: dueIn(draft.wait ?? 0),
          ...(draft.withheld === undefined
            ? { state: 'due', reason: draft.waitReason ?? null, settled_at: null }
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
export const BEFORE = '/before';
/** A message is sent again by hand so many times at most. */
export const MOST_AGAIN = 20;

/** What is added to the key of attempt `n` by hand, counted from one. */
export function setAsideEnd(n: number): string {
  return n === 1 ? BEFORE : `/attempt${n}${BEFORE}`;
}

/** Gives deliveries a new face. A delivered one is then due for an edit; the newest face wins. */
export async function replaceCards(trx: Trx, revisions: readonly Revision[]): Promise<void> {
  const keys = revisions.map(({ key }) => key);
  await sql`
    update deliveries set card = face.card, card_version = card_version + 1, edit_attempts = 0,
      edit_not_before = clock_timestamp(), edit_problem = null, updated_at = clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(revisions)}::jsonb) as face(key text, card jsonb)
    where deliveries.key = face.key and deliveries.key = any(${keys}::text[]) and recalled_at is null`.execute(
    trx,
  );
}

/**
 * A message, a run, or what rules have waiting that nobody waits for: `to`, for these people (Graph's ids), channels and chats
 * alone.
 */
export type Withdrawn =
  | { readonly key: string }
  | { readonly runId: string }
  | { readonly rules: readonly string[]; readonly to?: readonly string[] };

/**
 * Withdraws what has not been sent. Returns how many were withdrawn; one that is on its way or uncertain is not, but bears the reason
 * from now on: should it not have left, it is withdrawn instead of sent again. One statement, lest one change states between two.
 */
export async function cancelDue(trx: Trx, which: Withdrawn, reason: string): Promise<number> {
  const waits = sql<boolean>`state in ('due', 'claimed')`;
  const now = sql<Date>`clock_timestamp()`;
  const rows = await trx
    .updateTable('deliveries')
    .set({
      state: sql`case when ${waits} then 'cancelled' else state end`,
      reason: sql`case when ${waits} then ${reason} else reason end`,
      lease_until: sql`case when not ${waits} then lease_until end`,
      settled_at: sql`case when ${waits} then ${now} else settled_at end`,
      updated_at: sql`case when ${waits} then ${now} else updated_at end`,
      withdrawn: reason,
    })
    .where(OPEN_OR_UNCERTAIN)
    .where((where) => {
      if ('key' in which) return where('key', '=', which.key);
      if ('runId' in which) return where('run_id', '=', which.runId);
      const ofRules = sql<boolean>`split_part(run_id, '/', 1) = any(${[...which.rules]}::text[]) and not urgent`;
      if (!which.to) return ofRules;
      const to = sql<boolean>`coalesce(person_id, channel_id) = any(${[...which.to]}::text[])`;
      return where.and([ofRules, to]);
    })
    .returning('state')
    .execute();
  return rows.filter(({ state }) => state === 'cancelled').length;
}

/** In the words of two indexes, so that not all of the ledger is read. */
const OPEN_OR_UNCERTAIN = sql<boolean>`(settled_at is null and state in ('due', 'claimed', 'sending')
  or settled_at is not null and activity_id is null and state = 'uncertain')`;

const ENDS = Array.from({ length: MOST_AGAIN }, (_, index) => setAsideEnd(index + 1));

/**
 * Deletes those of these messages with which nothing is to be done any more. Returns the keys of which no row is left, those
 * of which there never was one included.
 */
export async function deleteSettled(trx: Trx, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  await trx
    .deleteFrom('deliveries')
    .where('key', 'in', [...keys, ...keys.flatMap((key) => ENDS.map((end) => key + end))])
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

/** Where a row is to go, as it is kept. */
export type TargetRow = {
  target_kind: string;
  person_id: string | null;
  team_id: string | null;
  channel_id: string | null;
};

type ClaimRow = TargetRow &
  PlaceRow & { seq: number; id: string; attempts: number; urgent: boolean; meant_at: Date };

/**
 * Takes up to `limit` due messages for `holder`, urgent ones first, for `lease` milliseconds; with `urgentOnly`, no others.
 * A claim that is forgotten is only claimed again, so it need not wait for the disk.
 */
export async function claimDue(
  db: Db,
  holder: string,
  limit: number,
  lease: number,
  now: Date,
  urgentOnly = false,
): Promise<Claim[]> {
  const result = await sql<ClaimRow>`
    with picked as (
      select id from deliveries
      where settled_at is null and state = 'due' and not_before <= clock_timestamp()
        and (expires_at is null or expires_at > ${now})
        ${urgentOnly ? sql`and urgent` : sql``}
      order by urgent desc, seq limit ${limit} for update skip locked
    ), claimed as (
      update deliveries d set state = 'claimed', lease_holder = ${holder}, updated_at = clock_timestamp(),
        lease_until = clock_timestamp() + ${lease}::float8 * interval '1 millisecond'
      from picked, ${soonOnDisk(db)} where d.id = picked.id
      returning d.seq, d.id, d.target_kind, d.person_id, d.team_id, d.channel_id, d.attempts, d.urgent,
        coalesce(d.first_due, d.created_at) as meant_at
    )
    select d.*, ${placeColumns} from claimed d left join conversations c on c.owner = ${ownerOfRow}`.execute(
    db,
  );
  return result.rows.map((row) => {
    const { seq, id, attempts, urgent, meant_at: meantAt } = row;
    const place = placeOf(row);
    return { seq, id, attempts, urgent, meantAt, target: targetOf(row), ...(place ? { place } : {}) };
  });
}

export function targetOf(row: TargetRow): Target {
  if (row.target_kind === 'person') return { kind: 'person', personId: row.person_id ?? '' };
  return row.target_kind === 'chat'
    ? { kind: 'chat', chatId: row.channel_id ?? '' }
    : { kind: 'channel', teamId: row.team_id ?? '', channelId: row.channel_id ?? '' };
}

/** The channel's id or the chat's; null for a person. */
function placeIdOf(target: Target): string | null {
  if (target.kind === 'person') return null;
  return target.kind === 'chat' ? target.chatId : target.channelId;
}

/** Leads the planner to the primary key: it thinks a rare state a better way, and then reads the whole table. */
export function among(rows: readonly { readonly id: string }[]) {
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

/** The database's clock to the microsecond, as it writes it. */
export async function ledgerTime(db: Db): Promise<string> {
  const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(db);
  return rows[0]?.at ?? '-infinity';
}

/**
 * Gives back what `holder` had at `asOf` (see `ledgerTime`) and does not have on its way (`flying`): it knows that it did not
 * post that, also where the answer to a grant was lost. A network may deliver this statement late, when all was claimed and
 * granted anew and is being posted: that is younger than `asOf`, and stays.
 */
export async function releaseClaims(
  db: Db,
  holder: string,
  flying: readonly string[],
  asOf: string,
): Promise<void> {
  await sql`
    update deliveries set state = case when withdrawn is null then 'due' else 'cancelled' end,
      reason = coalesce(withdrawn, reason), settled_at = case when withdrawn is not null then clock_timestamp() end,
      lease_holder = null, lease_until = null, updated_at = clock_timestamp()
    where settled_at is null and state in ('claimed', 'sending') and lease_holder = ${holder}
      and updated_at <= ${asOf}::timestamptz and id <> all(${[...flying]}::text[])`.execute(db);
}

/**
 * Settles attempts, and grants the next sends: the last step before their posts, committed before the first byte leaves. Only
 * claims still held are granted, in conversations that pay their tolls; what comes back may be posted once, and must then be
 * settled. `lease` in milliseconds.
 */
export async function settleAndGrant(
  db: Db,
  holder: string,
  settlements: readonly Settlement[],
  sends: readonly Send[],
  tolls: readonly Toll[],
  lease: number,
): Promise<Sending[]> {
  const column = <K extends keyof Send>(name: K) => sends.map((send) => send[name]);
  const { rows } = await sql<Omit<Sending, 'version'> & { card_version: number }>`
    with settled as (${settling(holder, settlements)}), paced as (${takeTolls(tolls)})
    update deliveries d set state = 'sending', attempts = o.attempts + 1, reason = null, sent_at = clock_timestamp(),
      lease_until = clock_timestamp() + ${lease}::float8 * interval '1 millisecond',
      conversation_id = o.conversation_id, service_url = o.service_url, updated_at = clock_timestamp()
    from unnest(${column('id')}::text[], ${column('attempts')}::int[], ${column('owner')}::text[],
      ${column('conversationId')}::text[], ${column('serviceUrl')}::text[])
      as o(id, attempts, owner, conversation_id, service_url)
    where d.id = o.id and d.state = 'claimed' and d.lease_holder = ${holder} and d.attempts = o.attempts
      and d.lease_until > clock_timestamp() and o.owner in (select owner from paced)
    returning d.id, d.card, d.card_version, d.attempts, d.urgent, d.trace,
      (extract(epoch from clock_timestamp() - d.not_before) * 1000)::float8 as waited`.execute(db);
  return rows.map(({ card_version: version, ...row }) => ({ ...row, version }));
}

/** Settles attempts alone. Returns how many rows took it. */
export async function settleSends(
  db: Db | Trx,
  holder: string,
  settlements: readonly Settlement[],
): Promise<number> {
  if (settlements.length === 0) return 0;
  const result = await settling(holder, settlements).execute(db);
  return Number(result.numAffectedRows ?? 0);
}

/**
 * Only the holder's own attempt is settled, also when its lease lapsed in the meantime and it counts as uncertain: its poster
 * knows better. What was withdrawn meanwhile is not due again.
 */
function settling(holder: string, settlements: readonly Settlement[]) {
  const column = <K extends keyof Settlement>(name: K) => settlements.map((one) => one[name] ?? null);
  const back = sql`o.state = 'due' and d.withdrawn is not null`;
  return sql`
    update deliveries d set state = case when ${back} then 'cancelled' else o.state end,
      reason = case when ${back} then d.withdrawn else o.reason end, activity_id = o.activity_id,
      shown_version = o.version, lease_until = null,
      not_before = clock_timestamp() + coalesce(o.wait, 0) * interval '1 millisecond',
      settled_at = case when o.state = 'due' and d.withdrawn is null then null else clock_timestamp() end, updated_at = clock_timestamp()
    from unnest(${column('id')}::text[], ${column('attempts')}::int[], ${column('state')}::text[],
      ${column('reason')}::text[], ${column('activityId')}::text[], ${column('version')}::int[],
      ${column('wait')}::float8[]) as o(id, attempts, state, reason, activity_id, version, wait)
    where d.id = o.id and d.state in ('sending', 'uncertain') and d.lease_holder = ${holder}
      and d.attempts = o.attempts`;
}
