/** What became of each school's weekly nudge, the choices on it by card, queried figures, and who wants fewer. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const nudges: Migration = {
  async up(db) {
    await sql`
      create table nudge_weeks (
        school_urn text not null,
        week text not null,
        state text not null check (state in
          ('held', 'waiting', 'sent', 'partial', 'dropped', 'quiet', 'preview', 'none')),
        note text,
        action text,
        follows text,
        decided_at timestamptz not null,
        recalled_at timestamptz,
        primary key (school_urn, week)
      )`.execute(db);
    await sql`alter table nudge_choices add column scope text not null default ''`.execute(db);
    await sql`alter table nudge_choices drop constraint nudge_choices_pkey`.execute(db);
    await sql`alter table nudge_choices add primary key (school_urn, week, scope, kind)`.execute(db);
    await sql`alter table nudge_choices drop constraint nudge_choices_kind_check`.execute(db);
    await sql`
      alter table nudge_choices add constraint nudge_choices_kind_check
      check (kind in ('outcome', 'help', 'follow-up', 'focus'))`.execute(db);
    await sql`
      create table nudge_queries (
        id text primary key,
        school_urn text not null,
        week text not null,
        asker text not null,
        reason text not null,
        asked_at timestamptz not null,
        state text not null check (state in ('open', 'right', 'wrong')),
        answered_by text,
        answered_at timestamptz
      )`.execute(db);
    await sql`create index nudge_queries_week on nudge_queries (school_urn, week)`.execute(db);
    await sql`
      create table nudge_preferences (
        person_id text primary key,
        every_weeks integer not null check (every_weeks in (1, 2)),
        paused_until text,
        changed_at timestamptz not null
      )`.execute(db);
  },
};
