/** A reviewer may ask before deciding; the question and its owner's answer stand with the check-in. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const reviewQuestions: Migration = {
  async up(db) {
    await sql`alter table checkins add column question text, add column reply text`.execute(db);
  },
};
