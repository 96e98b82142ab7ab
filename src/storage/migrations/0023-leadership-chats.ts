/** A head's card may go to her school's leadership chat: messages to a group chat, and where each week's card went. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const leadershipChats: Migration = {
  async up(db) {
    await sql`alter table deliveries drop constraint deliveries_target_kind_check`.execute(db);
    await sql`
      alter table deliveries add constraint deliveries_target_kind_check
        check (target_kind in ('person', 'channel', 'chat'))`.execute(db);
    await sql`
      alter table deliveries add constraint deliveries_chat_check
        check (target_kind <> 'chat' or (channel_id is not null and team_id is null))`.execute(db);
    await sql`
      alter table nudge_weeks add column head_in text not null default 'digest'
        check (head_in in ('digest', 'chat'))`.execute(db);
  },
};
