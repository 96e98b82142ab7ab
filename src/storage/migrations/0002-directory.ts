/** Tables of the directory: our copy of people, managers, groups, teams. */
import type { Migration } from 'kysely/migration';

export const directory: Migration = {
  async up() {
    // Filled by the slice that owns these tables.
  },
};
