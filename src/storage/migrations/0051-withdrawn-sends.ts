/** Why a message was withdrawn, also while it was being posted: should it not have left, it is not due again. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const withdrawnSends: Migration = {
  async up(db) {
    await sql`alter table deliveries add column withdrawn text`.execute(db);
  },
};
