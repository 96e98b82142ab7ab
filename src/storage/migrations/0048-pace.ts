/**
 * How much of the tenant's limit may be used, in the row from which all instances take their send slots: halved when Teams
 * asks all of the tenant for less, and growing back with time. `share` held at `share_at`.
 */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const pace: Migration = {
  async up(db) {
    await sql`alter table send_slots
      add column share float8 not null default 1, add column share_at timestamptz not null default now()`.execute(
      db,
    );
  },
};
