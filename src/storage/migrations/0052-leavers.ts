/** Since when somebody of whom rows of their own are kept is in the directory no more, and how many people it was last believed to hold. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const leavers: Migration = {
  async up(db) {
    await sql`create table leavers (person_id text primary key, left_at timestamptz not null)`.execute(db);
    await sql`alter table directory_state add column believed_people int, add column small_since timestamptz`.execute(
      db,
    );
  },
};
