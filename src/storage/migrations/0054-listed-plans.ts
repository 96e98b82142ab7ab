/** What was last written to a list's row of the milestone itself, beside what was approved of it. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const listedPlans: Migration = {
  async up(db) {
    await sql`alter table milestone_list_rows add column plan_written text`.execute(db);
  },
};
