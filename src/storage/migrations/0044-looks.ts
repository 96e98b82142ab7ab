/** When an uncertain message was looked for in its channel, and when it is next. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const looks: Migration = {
  async up(db) {
    await sql`
      create table looks (
        delivery_id text not null references deliveries (id) on delete cascade,
        attempt int not null,
        looks int not null default 0,
        next_at timestamptz not null,
        primary key (delivery_id, attempt)
      )`.execute(db);
    await sql`create index looks_next on looks (next_at)`.execute(db);
    await sql`create index deliveries_uncertain on deliveries (sent_at) where state = 'uncertain'`.execute(
      db,
    );
  },
};
