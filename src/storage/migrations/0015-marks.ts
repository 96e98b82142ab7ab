/**
 * Imports that are staged and then published; a pupil's week under a pseudonym; pupils' names, encrypted, where a school may
 * show them; tutor groups; and which files of a folder have been taken.
 */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const marks: Migration = {
  async up(db) {
    await sql`
      alter table attendance_imports
        add column state text not null default 'published' check (state in ('staged', 'published')),
        add column source text not null default 'command-line'`.execute(db);
    await sql`alter table group_weeks add column import_id text references attendance_imports (id)`.execute(
      db,
    );
    await sql`
      update group_weeks set import_id = school_weeks.import_id from school_weeks
      where school_weeks.school_urn = group_weeks.school_urn and school_weeks.week = group_weeks.week
        and school_weeks.version = group_weeks.version`.execute(db);
    await sql`
      alter table group_weeks
        alter column import_id set not null,
        drop constraint group_weeks_school_urn_week_version_fkey,
        drop constraint group_weeks_pkey,
        drop constraint group_weeks_group_type_check`.execute(db);
    await sql`alter table group_weeks drop column version`.execute(db);
    await sql`
      alter table group_weeks
        add primary key (school_urn, week, import_id, group_type, group_key),
        add check (group_type in ('all', 'pp', 'sen', 'year', 'reg', 'day'))`.execute(db);
    await sql`create index group_weeks_import on group_weeks (import_id)`.execute(db);
    await sql`
      create table pupil_weeks (
        school_urn text not null,
        week text not null,
        import_id text not null references attendance_imports (id) on delete cascade,
        pupils integer not null,
        body bytea not null,
        primary key (school_urn, week, import_id)
      )`.execute(db);
    await sql`
      create table pupil_rows (
        school_urn text not null,
        week text not null,
        reg_group text not null,
        import_id text not null,
        expires_at timestamptz not null,
        body bytea not null,
        primary key (school_urn, week, reg_group)
      )`.execute(db);
    await sql`
      create table import_files (
        source text not null,
        item text not null,
        version text not null,
        taken_at timestamptz not null,
        outcome text not null check (outcome in ('imported', 'refused', 'checked')),
        primary key (source, item, version)
      )`.execute(db);
    await sql`create table import_cursors (source text primary key, link text not null)`.execute(db);
  },
};
