/** When sending was paused: everything, one rule or one school; one that has ended still says why its runs were skipped. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const pauses: Migration = {
  async up(db) {
    await sql`
      create table pauses (
        id text primary key,
        kind text not null check (kind in ('everything', 'rule', 'school')),
        subject text not null,
        reason text not null,
        paused_by text not null,
        since timestamptz not null,
        until timestamptz
      )`.execute(db);
    await sql`create unique index pauses_open on pauses (kind, subject) where until is null`.execute(db);
  },
};
