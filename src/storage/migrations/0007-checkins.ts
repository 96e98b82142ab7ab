/** Tables of milestones, check-ins, their history. */
import type { Migration } from 'kysely/migration';

export const checkins: Migration = {
  async up() {
    // Filled by the slice that owns these tables.
  },
};
