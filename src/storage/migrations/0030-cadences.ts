/** Milestones are asked after in school time; those with a number of weeks keep it. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const cadences: Migration = {
  async up(db) {
    await sql`
      alter table milestones add column cadence text
        check (cadence in ('half-termly', 'fortnightly', 'term-end', 'weekly'))`.execute(db);
    await sql`create index checkins_opened on checkins (opened_at)`.execute(db);
  },
};
