/** Who reads a milestone's check-ins, where that is not its owner's line manager. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const milestoneReaders: Migration = {
  async up(db) {
    await sql`alter table milestones add column reviewer text`.execute(db);
  },
};
