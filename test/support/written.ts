/**
 * What a part of the service has written, row by row, as the database itself saw it: triggers on every table of check-ins, on
 * their lines of the audit and on the cards that they send. Where nothing is said here, nothing was written, not even the same again.
 */
import { sql } from 'kysely';
import type { Db } from '../../src/storage/database.ts';
import type { CheckinsTables } from '../../src/storage/tables/checkins.ts';

/** A new table of check-ins does not compile until it stands here. */
const WATCHED = {
  milestones: true,
  milestone_history: true,
  checkins: true,
  checkin_history: true,
  checkin_messages: true,
  checkin_refreshes: true,
  checkin_settings: true,
  checkin_drafts: true,
  milestone_list_state: true,
  milestone_list_rows: true,
} as const satisfies Record<keyof CheckinsTables, true>;

/** `row`: as it was written, or as it was before it was deleted. */
export type Written = { readonly name: string; readonly row: Readonly<Record<string, unknown>> };

export type Watch = {
  /** All that was written since it was last asked. */
  since(): Promise<Written[]>;
};

export async function watchWrites(db: Db): Promise<Watch> {
  await sql`create table watched_writes (name text not null, written jsonb not null)`.execute(db);
  await sql`
    create function note_write() returns trigger language plpgsql as $note$
    begin
      insert into watched_writes values (tg_table_name, to_jsonb(case tg_op when 'DELETE' then old else new end));
      return null;
    end $note$`.execute(db);
  const each = 'for each row execute function note_write()';
  for (const name of Object.keys(WATCHED))
    await sql.raw(`create trigger noted after insert or update or delete on ${name} ${each}`).execute(db);
  await sql
    .raw(`create trigger noted after insert on audit for each row when (new.action like 'checkins.%')
      execute function note_write()`)
    .execute(db);
  // The sender's own marks on a delivery are no card: only what is to be sent, and what is shown anew.
  await sql.raw(`create trigger noted after insert on deliveries ${each}`).execute(db);
  await sql
    .raw(`create trigger noted_face after update on deliveries for each row
      when (new.card_version is distinct from old.card_version) execute function note_write()`)
    .execute(db);
  return {
    since: async () => {
      const { rows } = await sql<{ name: string; written: Record<string, unknown> }>`
        delete from watched_writes returning name, written`.execute(db);
      return rows.map(({ name, written }) => ({ name, row: written }));
    },
  };
}
