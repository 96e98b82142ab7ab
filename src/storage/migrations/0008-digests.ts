/** Tables of digests as they were sent. */
import type { Migration } from 'kysely/migration';

export const digests: Migration = {
  async up() {
    // Filled by the slice that owns these tables.
  },
};
