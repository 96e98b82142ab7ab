/** What a library's columns say of each of its files. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const libraryColumns: Migration = {
  async up(db) {
    await sql`alter table answer_library_items add column columns jsonb`.execute(db);
  },
};
