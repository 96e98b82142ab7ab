/** Keeps what people chose about their own check-ins. The only writer of its table; knows nothing of what follows from it. */

import type { Selectable } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { CheckinSettingsRow } from '../storage/tables/checkins.ts';
import type { Choices, Delegation } from './settings.ts';

export async function readChoices(db: Db | Trx): Promise<ReadonlyMap<string, Choices>> {
  const rows = await db.selectFrom('checkin_settings').selectAll().execute();
  return new Map(rows.map((row) => [row.person_id, toChoices(row)]));
}

export async function readChoicesOf(db: Db | Trx, personId: string): Promise<Choices> {
  return (await readSettings(db, personId)).choices;
}

/** `version`: how often they were saved. */
export type OwnSettings = { readonly choices: Choices; readonly version: number };

export async function readSettings(db: Db | Trx, personId: string): Promise<OwnSettings> {
  const row = await db
    .selectFrom('checkin_settings')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row ? { choices: toChoices(row), version: row.version } : { choices: {}, version: 0 };
}

/** Whom people chose to act in their place, whatever the day. */
export async function readDelegations(db: Db | Trx): Promise<ReadonlyMap<string, Delegation>> {
  const rows = await db
    .selectFrom('checkin_settings')
    .select(['person_id', 'delegate_id', 'delegate_from', 'delegate_to'])
    .where('delegate_id', 'is not', null)
    .execute();
  return new Map(
    rows.flatMap((row): [string, Delegation][] => {
      const delegation = delegationOf(row);
      return delegation ? [[row.person_id, delegation]] : [];
    }),
  );
}

/** False when they were saved since they had this version: then nothing is written. */
export async function saveChoices(
  trx: Trx,
  personId: string,
  { choices, version }: OwnSettings,
  now: Date,
): Promise<boolean> {
  const { delegation, hours, works } = choices;
  const chosen = {
    paused_until: choices.pausedUntil ?? null,
    reminded: choices.unreminded !== true,
    works: works ? works.join(',') : null,
    hours_from: hours?.from ?? null,
    hours_to: hours?.to ?? null,
    delegate_id: delegation?.delegate ?? null,
    delegate_from: delegation?.from ?? null,
    delegate_to: delegation?.to ?? null,
    changed_at: now,
    version: version + 1,
  };
  if (version > 0) {
    const { numUpdatedRows } = await trx
      .updateTable('checkin_settings')
      .set(chosen)
      .where('person_id', '=', personId)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
  const { numInsertedOrUpdatedRows = 0n } = await trx
    .insertInto('checkin_settings')
    .values({ person_id: personId, ...chosen })
    .onConflict((conflict) =>
      conflict.column('person_id').doUpdateSet(chosen).where('checkin_settings.version', '=', 0),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows > 0n;
}

function toChoices(row: Selectable<CheckinSettingsRow>): Choices {
  const delegation = delegationOf(row);
  const hours = {
    ...(row.hours_from === null ? {} : { from: row.hours_from }),
    ...(row.hours_to === null ? {} : { to: row.hours_to }),
  };
  return {
    ...(row.paused_until === null ? {} : { pausedUntil: row.paused_until }),
    ...(row.reminded ? {} : { unreminded: true as const }),
    ...(row.works === null ? {} : { works: row.works.split(',').map(Number) }),
    ...(Object.keys(hours).length > 0 ? { hours } : {}),
    ...(delegation ? { delegation } : {}),
  };
}

function delegationOf(
  row: Pick<CheckinSettingsRow, 'delegate_id' | 'delegate_from' | 'delegate_to'>,
): Delegation | undefined {
  const { delegate_id: delegate, delegate_from: from, delegate_to: to } = row;
  return delegate !== null && from !== null && to !== null ? { delegate, from, to } : undefined;
}
