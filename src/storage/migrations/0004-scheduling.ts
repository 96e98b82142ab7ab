/** Tables of slots and runs. */
import type { Migration } from 'kysely/migration';

export const scheduling: Migration = {
  async up() {
    // Filled by the slice that owns these tables.
  },
};
