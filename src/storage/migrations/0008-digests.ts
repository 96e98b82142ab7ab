/** Tables of digests as they were sent, and of who wants fewer. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const digests: Migration = {
  async up(db) {
    await sql`
      create table digests (
        id text primary key,
        person_id text not null,
        slot text not null,
        date text not null check (date ~ '^\\d{4}-\\d{2}-\\d{2}$'),
        made_at timestamptz not null,
        digest jsonb not null,
        unique (person_id, slot)
      )`.execute(db);
    await sql`create index digests_person on digests (person_id, date desc)`.execute(db);
    await sql`
      create table digest_preferences (
        person_id text primary key,
        every_weeks integer not null check (every_weeks in (1, 2)),
        changed_at timestamptz not null
      )`.execute(db);
  },
};
