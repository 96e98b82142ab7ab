/** When a message was taken back by an operator: from then on no later face is put on it. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const recalls: Migration = {
  async up(db) {
    await sql`alter table deliveries add column recalled_at timestamptz`.execute(db);
  },
};
