/** When a message might first leave: quiet hours hold what was meant for an open hour, and not what was put into them. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const firstDue: Migration = {
  async up(db) {
    await sql`alter table deliveries add column first_due timestamptz`.execute(db);
  },
};
