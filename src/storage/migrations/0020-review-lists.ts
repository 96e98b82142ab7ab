/** One card can hold several reviews of one manager, so a message's key alone no longer names a row. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const reviewLists: Migration = {
  async up(db) {
    await sql`alter table checkin_messages drop constraint checkin_messages_pkey`.execute(db);
    await sql`alter table checkin_messages add primary key (key, checkin_id)`.execute(db);
    await sql`create index checkin_messages_reader on checkin_messages (person_id, sent_at) where role = 'reviewer'`.execute(
      db,
    );
  },
};
