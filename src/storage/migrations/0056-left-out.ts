/** A run of a rule by schools keeps for whom it was not the day, so that a calendar that is changed afterwards loses nobody's unseen. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const leftOut: Migration = {
  async up(db) {
    await sql`alter table slots add column left_out jsonb`.execute(db);
  },
};
