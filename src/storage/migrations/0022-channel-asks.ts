/** A milestone can be asked in its school's channel, where one card shows each reader their own view. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const channelAsks: Migration = {
  async up(db) {
    await sql`
      alter table milestones add column ask_in text not null default 'chat'
        check (ask_in in ('chat', 'channel'))`.execute(db);
    await sql`alter table checkin_messages drop constraint checkin_messages_role_check`.execute(db);
    await sql`
      alter table checkin_messages add constraint checkin_messages_role_check
        check (role in ('owner', 'reviewer', 'channel'))`.execute(db);
  },
};
