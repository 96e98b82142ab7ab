/** Where the audit's chain begins once older entries were deleted. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const retention: Migration = {
  async up(db) {
    await sql`
      alter table audit_head
        add column from_link bigint not null default 0,
        add column from_seal text not null default 'start',
        add column from_vouched text not null default ''`.execute(db);
  },
};
