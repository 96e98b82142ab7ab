/** The audit and the record of inbound activities. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const foundation: Migration = {
  async up(db) {
    await sql`
      create table audit (
        seq bigint generated always as identity primary key,
        at timestamptz not null,
        actor text not null,
        action text not null,
        subject text not null,
        detail jsonb not null default '{}'
      )`.execute(db);
    await sql`
      create table activities (
        key text primary key,
        received_at timestamptz not null,
        state text not null check (state in ('running', 'done')),
        response jsonb
      )`.execute(db);
    await sql`create index activities_received on activities (received_at)`.execute(db);
  },
};
