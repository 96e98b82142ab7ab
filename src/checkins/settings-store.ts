/** Keeps what people chose about their own check-ins. The only writer of its table; knows nothing of what follows from it. */
import type { Db, Trx } from '../storage/database.ts';
import type { CheckinSettingsRow } from '../storage/tables/checkins.ts';
import type { Choices, Delegation } from './settings.ts';

export async function readChoices(db: Db | Trx): Promise<ReadonlyMap<string, Choices>> {
  const rows = await db.selectFrom('checkin_settings').selectAll().execute();
  return new Map(rows.map((row) => [row.person_id, toChoices(row)]));
}

export async function readChoicesOf(db: Db | Trx, personId: string): Promise<Choices> {
  const row = await db
    .selectFrom('checkin_settings')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row ? toChoices(row) : {};
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

export async function saveChoices(trx: Trx, personId: string, choices: Choices, now: Date): Promise<void> {
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
  };
  await trx
    .insertInto('checkin_settings')
    .values({ person_id: personId, ...chosen })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(chosen))
    .execute();
}

function toChoices(row: CheckinSettingsRow): Choices {
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
