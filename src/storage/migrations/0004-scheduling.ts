/** Tables of rules and slots. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const scheduling: Migration = {
  async up(db) {
    await sql`create table rules (rule text primary key, recorded_until timestamptz not null)`.execute(db);
    await sql`
      create table slots (
        rule text not null,
        slot_key text not null,
        run_id text not null unique,
        due_at timestamptz not null,
        state text not null default 'due' check (state in ('due', 'claimed', 'failed', 'done', 'skipped')),
        reason text,
        note text,
        deliveries int,
        attempts int not null default 0,
        not_before timestamptz not null default now(),
        lease_holder text,
        lease_until timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (rule, slot_key)
      )`.execute(db);
    await sql`create index slots_open on slots (rule, due_at) where state in ('due', 'claimed', 'failed')`.execute(
      db,
    );
    await sql`create index slots_due_at on slots (due_at)`.execute(db);
  },
};
