/** Tables of the ledger of deliveries, the conversation references and the send slots that all instances share. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const delivery: Migration = {
  async up(db) {
    await sql`
      create table deliveries (
        seq bigint generated always as identity,
        id text primary key,
        run_id text not null,
        key text not null unique,
        target_kind text not null check (target_kind in ('person', 'channel')),
        person_id text,
        team_id text,
        channel_id text,
        card jsonb not null,
        card_version int not null default 1,
        shown_version int,
        urgent boolean not null,
        expires_at timestamptz,
        state text not null default 'due' check (state in ('due', 'claimed', 'sending', 'delivered', 'blocked',
          'gone', 'refused', 'unreachable', 'cancelled', 'expired', 'uncertain')),
        reason text,
        attempts int not null default 0,
        not_before timestamptz not null default now(),
        lease_holder text,
        lease_until timestamptz,
        service_url text,
        conversation_id text,
        activity_id text,
        edit_attempts int not null default 0,
        edit_not_before timestamptz not null default now(),
        edit_lease_until timestamptz,
        edit_problem text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        sent_at timestamptz,
        settled_at timestamptz,
        check ((target_kind = 'person') = (person_id is not null)),
        check ((target_kind = 'channel') = (channel_id is not null and team_id is not null)),
        check (state <> 'delivered' or activity_id is not null),
        check (state not in ('claimed', 'sending') or lease_until is not null)
      )`.execute(db);
    await sql`create index deliveries_due on deliveries (urgent desc, seq) where state = 'due'`.execute(db);
    await sql`create index deliveries_leased on deliveries (lease_until) where state in ('claimed', 'sending')`.execute(
      db,
    );
    await sql`create index deliveries_expiring on deliveries (expires_at) where state = 'due' and expires_at is not null`.execute(
      db,
    );
    await sql`create index deliveries_edits on deliveries (edit_not_before)
      where state = 'delivered' and shown_version < card_version and edit_problem is null`.execute(db);
    await sql`create index deliveries_run on deliveries (run_id, seq)`.execute(db);
    await sql`
      create table conversations (
        owner text primary key,
        team_id text,
        conversation_id text not null,
        service_url text not null,
        bot_id text not null,
        tenant_id text not null,
        state text not null check (state in ('active', 'gone')),
        reason text,
        paced_until timestamptz not null default now(),
        throttled_until timestamptz not null default now(),
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`.execute(db);
    await sql`create index conversations_team on conversations (team_id) where team_id is not null`.execute(
      db,
    );
    await sql`create table send_slots (scope text primary key, next_at timestamptz not null)`.execute(db);
    await sql`insert into send_slots values ('tenant', now())`.execute(db);
  },
};
