/**
 * Who did what, to what, when. No pupil attributes and no free text: `detail` holds ids, counts and states only. Entries are
 * written with the change they tell of, unsealed, so that no two changes wait for each other; sealing into the chain
 * (audit-chain.ts) follows within seconds, by one instance at a time.
 */
import { sql } from 'kysely';
import { AppError } from '../kernel/errors.ts';
import { newSecret } from '../kernel/ids.ts';
import {
  commitmentOf,
  ERASED,
  erasureOf,
  instantText,
  sealOf,
  vouchFor,
  vouchForStart,
} from './audit-chain.ts';
import { type Db, inTransaction, type Trx } from './database.ts';

/** Entries sealed at a time. */
const BATCH = 500;

export type AuditEntry = {
  readonly at: Date;
  /** A person's id, or `waymark` for the service itself. */
  readonly actor: string;
  /** `slice.verb`, for example `checkins.approve`. */
  readonly action: string;
  readonly subject: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
};

export async function writeAudit(db: Db | Trx, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      at: entry.at,
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}

/** Several, in one statement. */
export async function writeAudits(db: Db | Trx, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    insert into audit (at, actor, action, subject, detail)
    select at, actor, action, subject, coalesce(detail, '{}')
    from rows from (jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
      as (at timestamptz, actor text, action text, subject text, detail jsonb)) with ordinality
      as entry(at, actor, action, subject, detail, place) order by place`.execute(db);
}

/** An entry of a statement that writes several things: `item` is which of them it tells of. */
export type ItemEntry = AuditEntry & { readonly item: number };

/**
 * The entries as a part of another store's statement, so that a change and what tells of it need one way to the database.
 * `written`: a table of that statement whose column `item` names the things that were indeed written.
 */
export function auditPart(entries: readonly ItemEntry[], written: string) {
  return sql`
    insert into audit (at, actor, action, subject, detail)
    select entry.at, entry.actor, entry.action, entry.subject, coalesce(entry.detail, '{}')
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
      as entry(item int, at timestamptz, actor text, action text, subject text, detail jsonb)
      join ${sql.table(written)} using (item) order by item`;
}

/** Seals what is unsealed. Returns how many. */
export async function sealAudit(db: Db, key: string): Promise<number> {
  let sealed = 0;
  for (;;) {
    const count = await inTransaction(db, (trx) => sealBatch(trx, key));
    sealed += count;
    if (count < BATCH) return sealed;
  }
}

async function sealBatch(trx: Trx, key: string): Promise<number> {
  const waiting = await trx.selectFrom('audit').select('seq').where('link', 'is', null).limit(1).execute();
  if (waiting.length === 0) return 0;
  // Whoever holds the head seals alone, so what is read after this is nobody else's.
  const head = await trx.selectFrom('audit_head').selectAll().forUpdate().executeTakeFirst();
  if (!head) throw noHead();
  const entries = await trx
    .selectFrom('audit')
    .select(['seq', 'at', 'actor', 'action', 'subject', 'detail'])
    .where('link', 'is', null)
    .orderBy('seq')
    .limit(BATCH)
    .execute();
  let links = Number(head.links);
  let { seal } = head;
  const sealed: { seq: number; link: number; salt: string; commitment: string; seal: string }[] = [];
  for (const { seq, at, actor, action, subject, detail } of entries) {
    links += 1;
    const salt = newSecret(16).toString('hex');
    const commitment = commitmentOf(salt, { actor, subject, detail });
    seal = sealOf(key, seal, { link: links, seq: Number(seq), at: instantText(at), action, commitment });
    sealed.push({ seq: Number(seq), link: links, salt, commitment, seal });
  }
  await sql`
    update audit set link = fresh.link, salt = fresh.salt, commitment = fresh.commitment, seal = fresh.seal
    from jsonb_to_recordset(${JSON.stringify(sealed)}::jsonb)
      as fresh(seq bigint, link bigint, salt text, commitment text, seal text)
    where audit.seq = fresh.seq`.execute(trx);
  await trx
    .updateTable('audit_head')
    .set({ links, seal, vouched: vouchFor(key, links, seal) })
    .execute();
  return entries.length;
}

/** Takes a person out of every entry. The entries stay, the chain holds, and nobody can tell who it was. Returns how many. */
export async function eraseFromAudit(trx: Trx, key: string, person: string): Promise<number> {
  while ((await sealBatch(trx, key)) === BATCH);
  const rows = await trx.selectFrom('audit').selectAll().where(namesPerson(person)).execute();
  for (const row of rows) {
    const content = {
      actor: row.actor.replaceAll(person, ERASED),
      subject: row.subject.replaceAll(person, ERASED),
      detail: JSON.parse(JSON.stringify(row.detail).replaceAll(person, ERASED)) as AuditEntry['detail'] &
        object,
    };
    const erasure = erasureOf(key, { link: Number(row.link), commitment: row.commitment ?? '', ...content });
    await trx
      .updateTable('audit')
      .set({ ...content, detail: JSON.stringify(content.detail), salt: null, erasure })
      .where('seq', '=', row.seq)
      .execute();
  }
  return rows.length;
}

/** Where an entry names this person, in any of its parts. */
export function namesPerson(person: string) {
  return sql<boolean>`(actor = ${person} or position(${person} in subject) > 0 or position(${person} in detail::text) > 0)`;
}

/**
 * Takes the sealed entries before an instant away and moves the chain's beginning up to where they ended, vouched for, so that
 * the rest still verifies. Returns how many went.
 */
export async function pruneAudit(trx: Trx, key: string, before: Date): Promise<number> {
  const head = await trx.selectFrom('audit_head').selectAll().forUpdate().executeTakeFirst();
  if (!head) throw noHead();
  const young = await trx
    .selectFrom('audit')
    .select((select) => select.fn.min('link').as('link'))
    .where('link', 'is not', null)
    .where('at', '>=', before)
    .executeTakeFirst();
  const last = young?.link ? Number(young.link) - 1 : Number(head.links);
  if (last <= Number(head.from_link)) return 0;
  const { seal } = await trx
    .selectFrom('audit')
    .select('seal')
    .where('link', '=', last)
    .executeTakeFirstOrThrow();
  const gone = await trx.deleteFrom('audit').where('link', '<=', last).executeTakeFirst();
  await trx
    .updateTable('audit_head')
    .set({ from_link: last, from_seal: seal ?? '', from_vouched: vouchForStart(key, last, seal ?? '') })
    .execute();
  return Number(gone.numDeletedRows);
}

function noHead(): AppError {
  return new AppError('audit-head', 'The record of the audit’s last entry is gone.', {
    remedy: 'Restore the table audit_head from a backup; until then nothing new is sealed.',
  });
}
