/** Who did what, to what, when. No pupil attributes and no free text: `detail` holds ids, counts and states only. */
import type { Db, Trx } from './database.ts';

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
