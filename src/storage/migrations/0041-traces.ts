/** Ties a message that leaves to what wrote it, so that one trace leads from a press to the card that came of it. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const traces: Migration = {
  async up(db) {
    await sql`alter table deliveries add column trace text`.execute(db);
  },
};
