/**
 * Who waits for a turn is known from the moment it is taken until what came of it is kept, so that they can be told when its
 * process ends in between. One small index finds every turn that is not done.
 */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const interruptedTurns: Migration = {
  async up(db) {
    await sql`alter table activities drop constraint activities_late_check`.execute(db);
    await sql`
      alter table activities
        add constraint activities_late_check check ((state = 'late') = (event is not null)
          and (state = 'late') = (lease_until is not null)
          and (state <> 'late' or person_id is not null) and (state <> 'done' or person_id is null))`.execute(
      db,
    );
    await sql`drop index activities_late`.execute(db);
    await sql`create index activities_open on activities (received_at) where state <> 'done'`.execute(db);
  },
};
