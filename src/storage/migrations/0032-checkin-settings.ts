/** What a person chose for themself: a pause of check-ins, and no reminders. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const checkinSettings: Migration = {
  async up(db) {
    await sql`
      create table checkin_settings (
        person_id text primary key,
        paused_until text check (paused_until ~ '^\\d{4}-\\d{2}-\\d{2}$'),
        reminded boolean not null,
        changed_at timestamptz not null
      )`.execute(db);
  },
};
