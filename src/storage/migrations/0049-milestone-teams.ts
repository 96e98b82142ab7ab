/** A milestone may belong to a team of the trust that is no school. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const milestoneTeams: Migration = {
  async up(db) {
    await sql`alter table milestones add column team_id text`.execute(db);
  },
};
