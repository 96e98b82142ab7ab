/** What owners were told of their documents. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const documentHealth: Migration = {
  async up(db) {
    await sql`
      create table answer_health_told (
        owner text primary key,
        findings jsonb not null,
        round integer not null,
        told_at timestamptz not null
      )`.execute(db);
  },
};
