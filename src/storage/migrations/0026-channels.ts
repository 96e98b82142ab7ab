/** Channels whose milestone threads are read: the watch over each, notices not yet worked through, replies handled once. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const channels: Migration = {
  async up(db) {
    await sql`
      create table channel_watches (
        channel_id text primary key,
        team_id text not null,
        team_name text,
        channel_name text,
        state text not null default 'new'
          check (state in ('new', 'listening', 'sweeping', 'lost', 'archived', 'denied', 'private')),
        since timestamptz not null,
        trouble text,
        subscription_id text unique,
        subscription_ends timestamptz,
        delta_link text,
        swept_at timestamptz,
        read_through_at timestamptz,
        tended_at timestamptz,
        lease_until timestamptz
      )`.execute(db);
    await sql`
      create table channel_notices (
        seq bigint generated always as identity primary key,
        channel_id text not null,
        root_id text not null,
        message_id text not null,
        content jsonb,
        tokens jsonb,
        received_at timestamptz not null,
        not_before timestamptz not null default clock_timestamp(),
        tries integer not null default 0
      )`.execute(db);
    await sql`create index channel_notices_due on channel_notices (not_before)`.execute(db);
    await sql`
      create table channel_replies (
        channel_id text not null,
        message_id text not null,
        edition timestamptz not null,
        outcome text not null,
        person_id text,
        handled_at timestamptz not null,
        primary key (channel_id, message_id)
      )`.execute(db);
  },
};
