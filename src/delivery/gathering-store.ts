/**
 * Which messages wait because a week had enough of them, and which card names each. A message itself stays in the ledger, withheld
 * under its own key, so its newest face is the one that is opened.
 */
import { sql } from 'kysely';
import type { Card } from '../cards/elements.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { WaitingItem } from './gathering-card.ts';

/** Nobody else counts or holds back until this transaction ends: two runs at once would both see room. */
export async function lockAllowances(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(current_schema() || '/allowances'))`.execute(trx);
}

/** Of these keys, those that the ledger knows already. */
export async function knownKeys(trx: Trx, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const rows = await trx.selectFrom('deliveries').select('key').where('key', 'in', keys).execute();
  return new Set(rows.map(({ key }) => key));
}

/** How many messages that can wait each person has, or is to get, of these runs. */
export async function countHad(
  trx: Trx,
  personIds: readonly string[],
  runIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (personIds.length === 0 || runIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom('deliveries')
    .select(({ fn }) => ['person_id', fn.countAll<number>().as('had')])
    .where('run_id', 'in', runIds)
    .where('person_id', 'in', personIds)
    .where('urgent', '=', false)
    .where('state', 'in', ['due', 'claimed', 'sending', 'delivered', 'uncertain'])
    .groupBy('person_id')
    .execute();
  return new Map(rows.map(({ person_id, had }) => [person_id ?? '', Number(had)]));
}

export async function holdBack(
  trx: Trx,
  held: readonly { readonly key: string; readonly personId: string; readonly runId: string }[],
  now: Date,
): Promise<void> {
  if (held.length === 0) return;
  await trx
    .insertInto('gathered')
    .values(
      held.map(({ key, personId, runId }) => ({
        key,
        person_id: personId,
        run_id: runId,
        gathered_at: now,
      })),
    )
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}

/** `id`: its delivery's. */
export type Held = WaitingItem & { readonly id: string; readonly personId: string; readonly runId: string };

/** What waits and is named by no card yet, the oldest first; locked. `personIds` undefined: everybody's. */
export async function waitingFor(trx: Trx, personIds?: readonly string[]): Promise<Held[]> {
  if (personIds?.length === 0) return [];
  return read(
    trx,
    personIds === undefined
      ? sql`g.into_key is null and g.fate is null`
      : sql`g.into_key is null and g.fate is null and g.person_id = any(${[...personIds]}::text[])`,
  );
}

/** What these cards name, by the card's key. */
export async function namedIn(
  trx: Trx,
  intoKeys: readonly string[],
): Promise<ReadonlyMap<string, readonly Held[]>> {
  if (intoKeys.length === 0) return new Map();
  const found = await read(trx, sql`g.into_key = any(${[...intoKeys]}::text[])`);
  return Map.groupBy(found, ({ intoKey }) => intoKey ?? '');
}

async function read(
  trx: Trx,
  which: ReturnType<typeof sql>,
): Promise<(Held & { readonly intoKey: string | null })[]> {
  const { rows } = await sql<{
    key: string;
    id: string;
    person_id: string;
    run_id: string;
    into_key: string | null;
    summary: string;
    text: string;
    opened: boolean;
  }>`
    select g.key, d.id, g.person_id, g.run_id, g.into_key, d.card->>'summary' as summary, d.card->>'text' as text,
      g.opened_at is not null as opened
    from gathered g join deliveries d on d.key = g.key
    where ${which} order by g.gathered_at, d.seq for update of g`.execute(trx);
  return rows.map(({ person_id, run_id, into_key, ...row }) => ({
    ...row,
    personId: person_id,
    runId: run_id,
    intoKey: into_key,
  }));
}

/** From now on a card names these: the report says which. */
export async function nameIn(trx: Trx, keys: readonly string[], intoKey: string): Promise<void> {
  if (keys.length === 0) return;
  await trx
    .updateTable('gathered')
    .set({ into_key: intoKey, fate: `merged into ${intoKey}` })
    .where('key', 'in', keys)
    .execute();
}

/** It needs no card that names it: it goes by itself after all. */
export async function endWait(trx: Trx, key: string, fate: string, now: Date): Promise<void> {
  await trx.updateTable('gathered').set({ fate, opened_at: now }).where('key', '=', key).execute();
}

/** It waits for no card any more and none names it: only the ledger says of it, from now on, what became of it. */
export async function goAlone(trx: Trx, key: string): Promise<void> {
  await trx.deleteFrom('gathered').where('key', '=', key).execute();
}

/** Drops what waits of these rules, for these people alone where they are given; no card will name it. Returns how many. */
export async function dropWaiting(
  trx: Trx,
  { rules, to }: { readonly rules: readonly string[]; readonly to?: readonly string[] },
  fate: string,
): Promise<number> {
  const result = await sql`
    update gathered set fate = ${fate}
    where into_key is null and fate is null and split_part(run_id, '/', 1) = any(${[...rules]}::text[])
      and ${to ? sql`person_id = any(${[...to]}::text[])` : sql`true`}`.execute(trx);
  return Number(result.numAffectedRows ?? 0);
}

/** Cards that name any of these messages. */
export async function cardsNaming(trx: Trx, keys: readonly string[]): Promise<string[]> {
  const rows = await trx
    .selectFrom('gathered')
    .select('into_key')
    .distinct()
    .where('key', 'in', keys)
    .where('into_key', 'is not', null)
    .execute();
  return rows.flatMap(({ into_key }) => into_key ?? []);
}

/** Faces of messages as the ledger has them, by key. */
export async function facesOf(trx: Trx, keys: readonly string[]): Promise<ReadonlyMap<string, Card>> {
  if (keys.length === 0) return new Map();
  const rows = await trx.selectFrom('deliveries').select(['key', 'card']).where('key', 'in', keys).execute();
  return new Map(rows.map(({ key, card }) => [key, card as Card]));
}

export type HeldMessage = Pick<Held, 'id' | 'personId' | 'runId' | 'opened'> & {
  readonly intoKey: string | null;
};

/** A message that waited; undefined when there is none of that key, or it went with its run. Locked. */
export async function readHeld(trx: Trx, key: string): Promise<HeldMessage | undefined> {
  return (await read(trx, sql`g.key = ${key}`))[0];
}

export async function markOpened(trx: Trx, key: string, now: Date): Promise<void> {
  await trx.updateTable('gathered').set({ opened_at: now }).where('key', '=', key).execute();
}

/** For whom messages wait, unnamed as yet. */
export async function whoWaits(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('gathered')
    .select('person_id')
    .distinct()
    .where('into_key', 'is', null)
    .where('fate', 'is', null)
    .execute();
  return new Set(rows.map(({ person_id }) => person_id));
}

/** Whether any message ever waited, as far as is still kept. */
export async function anyGathered(trx: Trx): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select exists (select from gathered) as found`.execute(trx);
  return rows[0]?.found === true;
}

/** What these cards named and nobody has opened waits again: the cards are no more. */
export async function waitAgain(trx: Trx, intoKeys: readonly string[]): Promise<void> {
  if (intoKeys.length === 0) return;
  await trx
    .updateTable('gathered')
    .set({ into_key: null, fate: null })
    .where('into_key', 'in', intoKeys)
    .where('opened_at', 'is', null)
    .execute();
}
