/** Whose own chats are being opened, and whose could not be and why. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const openings: Migration = {
  async up(db) {
    await sql`
      create table openings (
        person_id text primary key,
        state text not null check (state in ('wanted', 'refused')),
        reason text,
        tries int not null default 0,
        next_at timestamptz not null default now(),
        lease_until timestamptz,
        updated_at timestamptz not null default now(),
        check (state = 'wanted' or reason is not null)
      )`.execute(db);
    await sql`create index openings_wanted on openings (next_at) where state = 'wanted'`.execute(db);
  },
};
