/** A digest may also come every fourth week. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const digestRhythm: Migration = {
  async up(db) {
    await sql`alter table digest_preferences drop constraint digest_preferences_every_weeks_check`.execute(
      db,
    );
    await sql`
      alter table digest_preferences add constraint digest_preferences_every_weeks_check
        check (every_weeks in (1, 2, 4))`.execute(db);
  },
};
