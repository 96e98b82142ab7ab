/** What each owner was last told of their documents, so that they hear only of what is new. */
import { z } from 'zod/v4';
import type { Trx } from '../storage/database.ts';

export type OwnerTold = {
  /** Hashes of the findings that the newest card names. */
  readonly findings: readonly string[];
  /** How many cards there have been: part of their keys. */
  readonly round: number;
};

const Findings = z.array(z.string());

/** The row, held until the transaction ends. */
export async function lockTold(trx: Trx, owner: string): Promise<OwnerTold> {
  const row = await trx
    .selectFrom('answer_health_told')
    .selectAll()
    .where('owner', '=', owner)
    .forUpdate()
    .executeTakeFirst();
  return row ? { findings: Findings.parse(row.findings), round: row.round } : { findings: [], round: 0 };
}

export async function saveTold(trx: Trx, owner: string, told: OwnerTold, now: Date): Promise<void> {
  const row = { findings: JSON.stringify(told.findings), round: told.round, told_at: now };
  await trx
    .insertInto('answer_health_told')
    .values({ owner, ...row })
    .onConflict((conflict) => conflict.column('owner').doUpdateSet(row))
    .execute();
}

/** Those who were told of something that was not mended yet. */
export async function listTold(trx: Trx): Promise<string[]> {
  const rows = await trx.selectFrom('answer_health_told').select(['owner', 'findings']).execute();
  return rows.filter(({ findings }) => Findings.parse(findings).length > 0).map(({ owner }) => owner);
}

export async function forgetTold(db: Pick<Trx, 'deleteFrom'>, owner: string): Promise<void> {
  await db.deleteFrom('answer_health_told').where('owner', '=', owner).execute();
}
