/** A person's own settings carry a version, so that an old card does not put back what was changed since. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const settingsVersion: Migration = {
  async up(db) {
    await sql`alter table checkin_settings add column version integer not null default 0`.execute(db);
  },
};
