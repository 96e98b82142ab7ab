/** What was too much for somebody's week, and which card names it. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const gathered: Migration = {
  async up(db) {
    await sql`
      create table gathered (
        key text primary key,
        person_id text not null,
        run_id text not null,
        into_key text,
        fate text,
        opened_at timestamptz,
        gathered_at timestamptz not null
      )`.execute(db);
    await sql`create index gathered_waiting on gathered (person_id) where into_key is null`.execute(db);
    await sql`create index gathered_into on gathered (into_key) where into_key is not null`.execute(db);
  },
};
