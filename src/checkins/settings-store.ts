/** Keeps what people chose about their own check-ins. The only writer of its table; knows nothing of what follows from it. */
import type { Db, Trx } from '../storage/database.ts';
import type { Choices } from './settings.ts';

export async function readChoices(db: Db): Promise<ReadonlyMap<string, Choices>> {
  const rows = await db.selectFrom('checkin_settings').selectAll().execute();
  return new Map(
    rows.map((row) => [
      row.person_id,
      {
        ...(row.paused_until === null ? {} : { pausedUntil: row.paused_until }),
        ...(row.reminded ? {} : { unreminded: true as const }),
      },
    ]),
  );
}

export async function saveChoices(trx: Trx, personId: string, choices: Choices, now: Date): Promise<void> {
  const chosen = {
    paused_until: choices.pausedUntil ?? null,
    reminded: choices.unreminded !== true,
    changed_at: now,
  };
  await trx
    .insertInto('checkin_settings')
    .values({ person_id: personId, ...chosen })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(chosen))
    .execute();
}
