/** Turns that were acknowledged and are not yet finished: what must be done again when a process dies in between. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const lateTurns: Migration = {
  async up(db) {
    await sql`
      alter table activities
        add column person_id text,
        add column event jsonb,
        add column tries integer not null default 0,
        add column lease_until timestamptz`.execute(db);
    await sql`alter table activities drop constraint activities_state_check`.execute(db);
    await sql`
      alter table activities
        add constraint activities_state_check check (state in ('running', 'late', 'done')),
        add constraint activities_late_check check ((state = 'late') = (event is not null)
          and (state = 'late') = (person_id is not null) and (state = 'late') = (lease_until is not null))`.execute(
      db,
    );
    await sql`create index activities_late on activities (lease_until) where state = 'late'`.execute(db);
  },
};
