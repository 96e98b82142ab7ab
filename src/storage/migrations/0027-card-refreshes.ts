/** Check-ins whose cards no longer show their state: written with the change, taken away with the new faces. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const cardRefreshes: Migration = {
  async up(db) {
    await sql`
      create table checkin_refreshes (
        seq bigint generated always as identity primary key,
        checkin_id text not null
      )`.execute(db);
    await sql`create index checkins_approved on checkins (milestone_id, decided_at desc, round desc)
      where state = 'approved'`.execute(db);
  },
};
