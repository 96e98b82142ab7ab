/**
 * Group weeks without the check and the index that a year's import would pay for forty thousand times: what an import leaves
 * unpublished is deleted with it, so no row can outlive it.
 */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const leanGroupWeeks: Migration = {
  async up(db) {
    await sql`alter table group_weeks drop constraint group_weeks_import_id_fkey`.execute(db);
    await sql`drop index group_weeks_import`.execute(db);
  },
};
