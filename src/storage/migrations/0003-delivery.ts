/** Tables of the ledger of deliveries and the conversation references. */
import type { Migration } from 'kysely/migration';

export const delivery: Migration = {
  async up() {
    // Filled by the slice that owns these tables.
  },
};
