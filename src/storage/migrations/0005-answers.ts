/** Tables of passages, questions in conversation, feedback. */
import type { Migration } from 'kysely/migration';

export const answers: Migration = {
  async up() {
    // Filled by the slice that owns these tables.
  },
};
