/** Tables of milestones, check-ins, their history. One live check-in a milestone is held by an index, not by good manners. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const checkins: Migration = {
  async up(db) {
    await sql`
      create table milestones (
        id text primary key,
        title text not null,
        strand text not null,
        school_urn text,
        owner_id text not null,
        measure text not null,
        unit text not null,
        target double precision not null,
        due text not null check (due ~ '^\\d{4}-\\d{2}-\\d{2}$'),
        every_weeks integer not null check (every_weeks > 0),
        first_round text not null check (first_round ~ '^\\d{4}-\\d{2}-\\d{2}$'),
        next_round text check (next_round ~ '^\\d{4}-\\d{2}-\\d{2}$'),
        ended boolean not null default false,
        changed_at timestamptz not null
      )`.execute(db);
    await sql`
      create table milestone_history (
        seq bigint generated always as identity primary key,
        milestone_id text not null references milestones (id),
        at timestamptz not null,
        change text not null check (change in ('added', 'changed', 'moved', 'ended')),
        milestone jsonb not null
      )`.execute(db);
    await sql`create index milestone_history_of on milestone_history (milestone_id, seq)`.execute(db);
    await sql`
      create table checkins (
        id text primary key,
        milestone_id text not null references milestones (id),
        round text not null check (round ~ '^\\d{4}-\\d{2}-\\d{2}$'),
        owner_id text not null,
        state text not null check (state in ('open', 'submitted', 'approved', 'returned', 'withdrawn')),
        version integer not null check (version > 0),
        answer jsonb,
        unchanged boolean not null default false,
        submitted_at timestamptz,
        help_asked_at timestamptz,
        asked integer not null default 0,
        ask_on text,
        resting boolean not null default false,
        comment text,
        decided_by text,
        decided_at timestamptz,
        opened_at timestamptz not null,
        check (state not in ('submitted', 'approved', 'returned') or answer is not null),
        check (state not in ('approved', 'returned') or (decided_by is not null and decided_by <> owner_id))
      )`.execute(db);
    await sql`
      create unique index checkins_one_live on checkins (milestone_id)
      where state in ('open', 'submitted', 'returned')`.execute(db);
    await sql`create index checkins_of on checkins (milestone_id, round)`.execute(db);
    await sql`create index checkins_owner on checkins (owner_id)`.execute(db);
    await sql`
      create table checkin_history (
        seq bigint generated always as identity primary key,
        checkin_id text not null references checkins (id),
        version integer not null,
        event text not null,
        actor text not null,
        at timestamptz not null,
        state text not null,
        answer jsonb,
        comment text,
        unique (checkin_id, version)
      )`.execute(db);
    await sql`
      create table checkin_messages (
        key text primary key,
        checkin_id text not null references checkins (id),
        person_id text not null,
        role text not null check (role in ('owner', 'reviewer')),
        sent_at timestamptz not null
      )`.execute(db);
    await sql`create index checkin_messages_of on checkin_messages (checkin_id)`.execute(db);
  },
};
