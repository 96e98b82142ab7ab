/** Finds the answers to presses that are still kept: they hold the words of the cards that were shown. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const pressAnswers: Migration = {
  async up(db) {
    await sql`create index activities_answers on activities (received_at)
      where response is not null and starts_with(key, 'invoke:')`.execute(db);
  },
};
