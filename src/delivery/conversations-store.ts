/**
 * Where each person and each channel can be reached, refreshed on every inbound activity, and how soon each may be written
 * to again. Times by the database's clock. Refuses to know what is sent.
 */
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { inBatches } from '../storage/batch.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import { conversationRoot } from './address.ts';
import type { Target } from './message.ts';
import type { Outcome } from './outcome.ts';
import type { Pace, Toll } from './pacing.ts';
import type { Home } from './teams.ts';

/** Taken from an inbound activity. `teamId` is the Graph id of the team (`channelData.team.aadGroupId`). */
export type Contact = {
  readonly target: Target;
  readonly conversationId: string;
  readonly serviceUrl: string;
  readonly botId: string;
  readonly tenantId: string;
};

export type Conversation = {
  readonly owner: string;
  readonly conversationId: string;
  readonly serviceUrl: string;
  readonly botId: string;
  readonly tenantId: string;
  readonly state: 'active' | 'gone';
  readonly reason?: string;
};

/** A conversation, and how soon it may be written to again. */
export type Place = Conversation & Pace;

export function ownerOf(target: Target): string {
  if (target.kind === 'person') return `person:${target.personId}`;
  return target.kind === 'chat' ? `chat:${target.chatId}` : `channel:${target.channelId}`;
}

/**
 * Keeps where a target is reached. Called at every message, so what is known already is not written again within the hour:
 * looking costs a fraction of a commit.
 */
export async function saveContact(db: Db, contact: Contact): Promise<void> {
  const { target, serviceUrl, botId, tenantId } = contact;
  const fresh: Fresh = {
    owner: ownerOf(target),
    team_id: target.kind === 'channel' ? target.teamId : null,
    conversation_id: conversationRoot(contact.conversationId),
    service_url: serviceUrl,
    bot_id: botId,
    tenant_id: tenantId,
    state: 'active',
  };
  if (await isKnown(db, fresh)) return;
  const changed = { ...fresh, reason: null };
  await db
    .insertInto('conversations')
    .values(changed)
    .onConflict((conflict) => conflict.column('owner').doUpdateSet({ ...changed, updated_at: sql`now()` }))
    .execute();
}

type Fresh = {
  readonly owner: string;
  readonly team_id: string | null;
  readonly conversation_id: string;
  readonly service_url: string;
  readonly bot_id: string;
  readonly tenant_id: string;
  readonly state: 'active';
};

const isKnown = inBatches(async (db, contacts: readonly Fresh[]) => {
  const found = await sql<Fresh>`
    select owner, team_id, conversation_id, service_url, bot_id, tenant_id, state from conversations
    where owner in (
      select jsonb_array_elements_text(${JSON.stringify(contacts.map(({ owner }) => owner))}::jsonb)
      limit ${contacts.length})
      and updated_at > now() - interval '1 hour'`.execute(db);
  const known = new Map(found.rows.map((row) => [row.owner, row]));
  return contacts.map((fresh) => isDeepStrictEqual({ ...known.get(fresh.owner) }, fresh));
});

/** Whose address ends: a person's, a group chat's, or those of all channels of a team. */
export type Whose = { readonly personId: string } | { readonly teamId: string } | { readonly chatId: string };

/** Marks as gone what belonged to a person, a chat, or all channels of a team. Returns how many were still active. */
export async function closeContact(db: Db | Trx, whose: Whose, reason: string): Promise<number> {
  const result = await db
    .updateTable('conversations')
    .set({ state: 'gone', reason, updated_at: sql`now()` })
    .where('state', '=', 'active')
    .where((where) =>
      'teamId' in whose
        ? where('team_id', '=', whose.teamId)
        : where(
            'owner',
            '=',
            ownerOf('personId' in whose ? { kind: 'person', ...whose } : { kind: 'chat', ...whose }),
          ),
    )
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export async function findConversations(
  db: Db | Trx,
  targets: readonly Target[],
): Promise<Map<string, Place>> {
  const found = new Map<string, Place>();
  if (targets.length === 0) return found;
  await adoptChannels(db, targets);
  const owners = [...new Set(targets.map(ownerOf))];
  const { rows } = await sql<PlaceRow>`
    select ${placeColumns} from conversations c where c.owner = any(${owners}::text[])`.execute(db);
  for (const row of rows) {
    const place = placeOf(row);
    if (place) found.set(place.owner, place);
  }
  return found;
}

/** A row of `placeColumns`; all null where a left join found no conversation. */
export type PlaceRow = {
  owner: string | null;
  conversation_id: string;
  service_url: string;
  bot_id: string;
  tenant_id: string;
  conversation_state: string;
  conversation_reason: string | null;
  debt: number;
  throttled: number;
};

/** Of a conversation `c`: where it is, and how soon it may be written to again. */
export const placeColumns = sql`
  c.owner, c.conversation_id, c.service_url, c.bot_id, c.tenant_id, c.state as conversation_state,
  c.reason as conversation_reason, (extract(epoch from c.paced_until - clock_timestamp()) * 1000)::float8 as debt,
  (extract(epoch from c.throttled_until - clock_timestamp()) * 1000)::float8 as throttled`;

/** As `ownerOf`, of a delivery `d`. */
export const ownerOfRow = sql`d.target_kind || ':' || case d.target_kind when 'person' then d.person_id else d.channel_id end`;

export function placeOf(row: PlaceRow): Place | undefined {
  if (row.owner === null) return undefined;
  return {
    owner: row.owner,
    conversationId: row.conversation_id,
    serviceUrl: row.service_url,
    botId: row.bot_id,
    tenantId: row.tenant_id,
    state: row.conversation_state === 'active' ? 'active' : 'gone',
    debt: row.debt,
    throttled: row.throttled,
    ...(row.conversation_reason ? { reason: row.conversation_reason } : {}),
  };
}

/** Where Teams last reached us from, and as which bot; undefined when it never has. */
export async function findHome(db: Db): Promise<Home | undefined> {
  const row = await db
    .selectFrom('conversations')
    .select(['service_url', 'bot_id', 'tenant_id'])
    .where('state', '=', 'active')
    .orderBy('updated_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { serviceUrl: row.service_url, botId: row.bot_id, tenantId: row.tenant_id };
}

/**
 * A bot installed in a team may post in any of its standard channels, and a channel's conversation id is the channel's id:
 * a channel never heard from is reached at the address of another channel of its team.
 */
async function adoptChannels(db: Db | Trx, targets: readonly Target[]): Promise<void> {
  const channels = targets.flatMap((target) =>
    target.kind === 'channel' ? [{ team: target.teamId, channel: target.channelId }] : [],
  );
  if (channels.length === 0) return;
  await sql`
    insert into conversations (owner, team_id, conversation_id, service_url, bot_id, tenant_id, state)
    select distinct on (o.channel) 'channel:' || o.channel, o.team, o.channel, c.service_url, c.bot_id, c.tenant_id, 'active'
    from jsonb_to_recordset(${JSON.stringify(channels)}::jsonb) as o(team text, channel text)
    join conversations c on c.team_id = o.team and c.state = 'active'
    order by o.channel, c.updated_at desc
    on conflict (owner) do nothing`.execute(db);
}

/**
 * For the `with` of the statement that grants sends: takes their tolls and returns the owners that may be written to now.
 * Whoever has to rest, or has spent what it had meanwhile, is left out and pays nothing.
 */
export function takeTolls(tolls: readonly Toll[]) {
  return sql`
    update conversations c
    set paced_until = greatest(c.paced_until, clock_timestamp()) + o.cost * interval '1 millisecond'
    from unnest(${tolls.map(({ owner }) => owner)}::text[], ${tolls.map(({ cost }) => cost)}::float8[],
      ${tolls.map(({ room }) => room)}::float8[]) as o(owner, cost, room)
    where c.owner = o.owner and c.throttled_until <= clock_timestamp()
      and c.paced_until <= clock_timestamp() + o.room * interval '1 millisecond'
    returning c.owner`;
}

/**
 * Takes tolls at once, for what no statement grants. Returns who may be written to. Whoever is being paid for by another statement is
 * left out, so that two that lock several rows never wait for each other.
 */
export async function payTolls(db: Db, tolls: readonly Toll[]): Promise<ReadonlySet<string>> {
  if (tolls.length === 0) return new Set();
  const owners = tolls.map(({ owner }) => owner);
  const free = await inTransaction(db, async (trx) => {
    const locked = await sql<{ owner: string }>`
      select owner from conversations where owner = any(${owners}::text[]) for update skip locked`.execute(
      trx,
    );
    const ours = new Set(locked.rows.map(({ owner }) => owner));
    const paid = await sql<{ owner: string }>`
      with paced as (${takeTolls(tolls.filter(({ owner }) => ours.has(owner)))}) select owner from paced`.execute(
      trx,
    );
    return paid.rows.map(({ owner }) => owner);
  });
  return new Set(free);
}

/** `elapsed`: milliseconds since it came. */
export type Answer = {
  readonly place: Conversation;
  readonly outcome: Outcome;
  readonly elapsed: number;
};

/** What answers say of conversations: one that has ended is closed, one that is throttled rests for the time asked. */
export async function keepAnswers(db: Db, answers: readonly Answer[]): Promise<void> {
  const closed = answers.flatMap(({ place: { owner, conversationId }, outcome }) =>
    outcome.kind === 'gone' ? [{ owner, conversationId, reason: outcome.reason }] : [],
  );
  const rests = answers.flatMap(({ place: { owner }, outcome, elapsed }) =>
    outcome.kind === 'throttled' ? [{ owner, wait: Math.max(0, outcome.wait - elapsed) }] : [],
  );
  if (closed.length + rests.length === 0) return;
  await inTransaction(db, async (trx) => {
    await lockOwners(
      trx,
      [...closed, ...rests].map(({ owner }) => owner),
    );
    await closeOwners(trx, closed);
    await saveThrottles(trx, rests);
  });
}

/** Locks the rows, in order, until the transaction ends, so that two that write to several do not wait for each other. */
async function lockOwners(trx: Trx, owners: readonly string[]): Promise<void> {
  await trx
    .selectFrom('conversations')
    .select('owner')
    .where('owner', 'in', [...new Set(owners)])
    .orderBy('owner')
    .forUpdate()
    .execute();
}

async function closeOwners(
  trx: Trx,
  closed: readonly { readonly owner: string; readonly conversationId: string; readonly reason: string }[],
): Promise<void> {
  if (closed.length === 0) return;
  // Only the conversation that was tried: a newer contact may have come in while the post was under way.
  await sql`
    update conversations c set state = 'gone', reason = o.reason, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(closed)}::jsonb) as o(owner text, "conversationId" text, reason text)
    where c.owner = o.owner and c.conversation_id = o."conversationId"`.execute(trx);
}

/** These are written to by nobody for so many milliseconds, or for longer if that was asked before. */
export async function saveThrottles(
  db: Db | Trx,
  rests: readonly { readonly owner: string; readonly wait: number }[],
): Promise<void> {
  if (rests.length === 0) return;
  await sql`
    update conversations c
    set throttled_until = greatest(throttled_until, clock_timestamp() + o.wait * interval '1 millisecond')
    from jsonb_to_recordset(${JSON.stringify(rests)}::jsonb) as o(owner text, wait float8)
    where c.owner = o.owner`.execute(db);
}
