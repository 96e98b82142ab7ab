/** Milestones are made and changed on cards: who changed each, and whether its owner is being asked to agree to every week. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const milestonesInChat: Migration = {
  async up(db) {
    await sql`alter table milestones add column weekly_asked boolean`.execute(db);
    await sql`alter table milestone_history add column changed_by text`.execute(db);
  },
};
