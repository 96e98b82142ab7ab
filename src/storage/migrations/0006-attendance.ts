/** Tables of imports, group weeks, releases and choices on nudges. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const attendance: Migration = {
  async up(db) {
    await sql`
      create table attendance_imports (
        id text primary key,
        received_at timestamptz not null,
        actor text not null,
        marks integer not null,
        school_weeks integer not null
      )`.execute(db);
    await sql`
      create table school_weeks (
        school_urn text not null,
        week text not null,
        version integer not null,
        import_id text not null references attendance_imports (id),
        received_at timestamptz not null,
        superseded_at timestamptz,
        marks integer not null,
        dates jsonb not null,
        fingerprint text not null,
        primary key (school_urn, week, version)
      )`.execute(db);
    await sql`
      create unique index school_weeks_current on school_weeks (school_urn, week)
      where superseded_at is null`.execute(db);
    await sql`
      create table group_weeks (
        school_urn text not null,
        week text not null,
        version integer not null,
        group_type text not null check (group_type in ('all', 'pp', 'sen', 'year', 'day')),
        group_key text not null,
        pupils integer not null,
        present integer not null,
        approved integer not null,
        authorised integer not null,
        unauthorised integer not null,
        unexplained integer not null,
        late_before integer not null,
        late_after integer not null,
        not_possible integer not null,
        not_collected integer not null,
        missing integer not null,
        primary key (school_urn, week, version, group_type, group_key),
        foreign key (school_urn, week, version) references school_weeks (school_urn, week, version)
      )`.execute(db);
    await sql`
      create table releases (
        school_urn text not null,
        week text not null,
        version integer not null,
        published_at timestamptz not null,
        body jsonb not null,
        primary key (school_urn, week)
      )`.execute(db);
    await sql`
      create table nudge_choices (
        school_urn text not null,
        week text not null,
        kind text not null check (kind in ('outcome', 'help')),
        choice text not null,
        actor text not null,
        at timestamptz not null,
        primary key (school_urn, week, kind)
      )`.execute(db);
  },
};
