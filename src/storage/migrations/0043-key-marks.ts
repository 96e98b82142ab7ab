/** Under which key pupil data is locked, so that keys can change. Null: written before; sheets were not locked then. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const keyMarks: Migration = {
  async up(db) {
    await sql`alter table pupil_weeks add column key_mark text`.execute(db);
    await sql`alter table pupil_rows add column key_mark text`.execute(db);
  },
};
