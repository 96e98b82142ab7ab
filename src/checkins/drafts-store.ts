/**
 * Keeps what somebody typed and has not sent, for them alone: by milestone, so that words for a round that was overtaken are
 * there in the next. The only writer of its table but for `saveChanges`, which drops the sender's own with what they sent.
 */
import { sql } from 'kysely';
import type { Db } from '../storage/database.ts';
import type { Typed } from './form.ts';

export type Draft = { readonly typed: Typed; readonly savedAt: Date };

export async function saveDraft(
  db: Db,
  { milestoneId, personId }: { readonly milestoneId: string; readonly personId: string },
  { typed, savedAt }: Draft,
): Promise<void> {
  const kept = { typed: JSON.stringify(typed), saved_at: savedAt };
  await db
    .insertInto('checkin_drafts')
    .values({ milestone_id: milestoneId, person_id: personId, ...kept })
    .onConflict((conflict) => conflict.columns(['milestone_id', 'person_id']).doUpdateSet(kept))
    .execute();
}

export async function readDraft(db: Db, milestoneId: string, personId: string): Promise<Draft | undefined> {
  const row = await db
    .selectFrom('checkin_drafts')
    .select(['typed', 'saved_at'])
    .where('milestone_id', '=', milestoneId)
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row && { typed: { unblocker: '', unblockerId: '', ...row.typed }, savedAt: row.saved_at };
}

/** Who has begun an answer to which of these milestones; never what is in it. */
export async function readBegun(
  db: Db,
  milestoneIds: readonly string[],
): Promise<(milestoneId: string, personId: string) => boolean> {
  const { rows } = await sql<{ milestone_id: string; person_id: string }>`
    select milestone_id, person_id from checkin_drafts
    where milestone_id in (select jsonb_array_elements_text(${JSON.stringify(milestoneIds)}::jsonb))`.execute(
    db,
  );
  const begun = new Set(rows.map((row) => `${row.milestone_id}\n${row.person_id}`));
  return (milestoneId, personId) => begun.has(`${milestoneId}\n${personId}`);
}
