/** Tables of imports and group weeks. */
import type { Migration } from 'kysely/migration';

export const attendance: Migration = {
  async up() {
    // Filled by the slice that owns these tables.
  },
};
