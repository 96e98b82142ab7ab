/** Milestones of a SharePoint list: how far it was read, what its rows need mending, and what was last written to each. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const milestoneList: Migration = {
  async up(db) {
    await sql`
      create table milestone_list_state (
        list text primary key,
        link text,
        problems jsonb not null,
        looked_at timestamptz not null
      )`.execute(db);
    await sql`
      create table milestone_list_rows (
        milestone_id text primary key references milestones (id) on delete cascade,
        row_id text not null,
        written text,
        written_at timestamptz
      )`.execute(db);
  },
};
