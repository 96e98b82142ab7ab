/**
 * What people choose of their week (days, hours, a colleague in their place) and the cards that colleague gets; what was typed
 * into a form and not sent; and answers that have waited long for their reader.
 */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const asking: Migration = {
  async up(db) {
    await sql`
      alter table checkin_settings
        add column works text check (works ~ '^[1-5](,[1-5])*$'),
        add column hours_from text check (hours_from ~ '^\\d{2}:\\d{2}$'),
        add column hours_to text check (hours_to ~ '^\\d{2}:\\d{2}$'),
        add column delegate_id text,
        add column delegate_from text check (delegate_from ~ '^\\d{4}-\\d{2}-\\d{2}$'),
        add column delegate_to text check (delegate_to ~ '^\\d{4}-\\d{2}-\\d{2}$')`.execute(db);
    await sql`alter table checkin_messages drop constraint checkin_messages_role_check`.execute(db);
    await sql`
      alter table checkin_messages add constraint checkin_messages_role_check
        check (role in ('owner', 'reviewer', 'channel', 'stand-in'))`.execute(db);
    await sql`
      create table checkin_drafts (
        milestone_id text not null,
        person_id text not null,
        typed jsonb not null,
        saved_at timestamptz not null,
        primary key (milestone_id, person_id)
      )`.execute(db);
    await sql`
      alter table checkins
        add column told_to text,
        add column escalate_from text check (escalate_from ~ '^\\d{4}-\\d{2}-\\d{2}$'),
        add column escalated_to text`.execute(db);
  },
};
