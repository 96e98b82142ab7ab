/** Tables of the directory: our copy of the staff, their managers and the groups that matter. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const directory: Migration = {
  async up(db) {
    await sql`
      create table people (
        id text primary key,
        name text not null,
        given_name text not null,
        mail text not null,
        job_title text not null,
        office text not null,
        enabled boolean not null,
        member boolean not null,
        manager_id text
      )`.execute(db);
    await sql`
      create table group_members (
        group_id text not null,
        person_id text not null,
        primary key (group_id, person_id)
      )`.execute(db);
    await sql`
      create table directory_state (
        id text primary key check (id = 'people'),
        revision integer not null,
        delta_link text,
        full_at timestamptz,
        synced_at timestamptz,
        failed_at timestamptz,
        failure text
      )`.execute(db);
    await sql`insert into directory_state (id, revision) values ('people', 0)`.execute(db);
  },
};
