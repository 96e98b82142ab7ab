/**
 * Where each person and each channel can be reached, refreshed on every inbound activity, and how soon each may be written
 * to again. Times by the database's clock. Refuses to know what is sent.
 */
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { inBatches } from '../storage/batch.ts';
import type { Db, Trx } from '../storage/database.ts';
import { conversationRoot } from './address.ts';
import type { Target } from './message.ts';
import type { Pace } from './pacing.ts';

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

export async function closeOwners(
  db: Db | Trx,
  closed: readonly { readonly owner: string; readonly conversationId: string; readonly reason: string }[],
): Promise<void> {
  if (closed.length === 0) return;
  // Only the conversation that was tried: a newer contact may have come in while the post was under way.
  await sql`
    update conversations c set state = 'gone', reason = o.reason, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(closed)}::jsonb) as o(owner text, "conversationId" text, reason text)
    where c.owner = o.owner and c.conversation_id = o."conversationId"`.execute(db);
}

export async function findConversations(
  db: Db | Trx,
  targets: readonly Target[],
): Promise<Map<string, Conversation>> {
  const found = new Map<string, Conversation>();
  if (targets.length === 0) return found;
  await adoptChannels(db, targets);
  const rows = await db
    .selectFrom('conversations')
    .selectAll()
    .where('owner', 'in', [...new Set(targets.map(ownerOf))])
    .execute();
  for (const row of rows) {
    found.set(row.owner, {
      owner: row.owner,
      conversationId: row.conversation_id,
      serviceUrl: row.service_url,
      botId: row.bot_id,
      tenantId: row.tenant_id,
      state: row.state === 'active' ? 'active' : 'gone',
      ...(row.reason ? { reason: row.reason } : {}),
    });
  }
  return found;
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

/** Locks the rows, in order, until the transaction ends: pacing is decided by one instance at a time. */
export async function lockPaces(trx: Trx, owners: readonly string[]): Promise<Pace[]> {
  const rows = await trx
    .selectFrom('conversations')
    .select(['owner'])
    .select([
      sql<number>`(extract(epoch from paced_until - clock_timestamp()) * 1000)::float8`.as('debt'),
      sql<number>`(extract(epoch from throttled_until - clock_timestamp()) * 1000)::float8`.as('throttled'),
    ])
    .where('owner', 'in', [...new Set(owners)])
    .orderBy('owner')
    .forUpdate()
    .execute();
  return rows;
}

export async function savePaces(
  trx: Trx,
  debts: readonly { readonly owner: string; readonly debt: number }[],
): Promise<void> {
  if (debts.length === 0) return;
  await sql`
    update conversations c set paced_until = clock_timestamp() + o.debt * interval '1 millisecond'
    from jsonb_to_recordset(${JSON.stringify(debts)}::jsonb) as o(owner text, debt float8)
    where c.owner = o.owner`.execute(trx);
}

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

/**
 * Takes the next `count` send slots of the tenant, `each` milliseconds apart, for this instance alone. Returns how many
 * milliseconds from now the first one is.
 */
export async function reserveSlots(db: Db | Trx, count: number, each: number): Promise<number> {
  const span = sql`${count * each}::float8 * interval '1 millisecond'`;
  const result = await sql<{ wait: number }>`
    update send_slots set next_at = greatest(next_at, clock_timestamp()) + ${span}
    where scope = 'tenant'
    returning (extract(epoch from next_at - ${span} - clock_timestamp()) * 1000)::float8 as wait`.execute(db);
  return Math.max(0, result.rows[0]?.wait ?? 0);
}
