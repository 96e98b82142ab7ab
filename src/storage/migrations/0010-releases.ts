/** What decides which groups may be shown side by side, and the releases of the whole trust. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const releases: Migration = {
  async up(db) {
    await sql`alter table school_weeks add column crossings jsonb not null default '[]'`.execute(db);
    await sql`
      create table trust_releases (
        week text primary key,
        published_at timestamptz not null,
        body jsonb not null
      )`.execute(db);
  },
};
