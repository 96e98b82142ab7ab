/** Where a conversation is reached is looked up for every edit of a card; without this each look read the whole table. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const conversationPlaces: Migration = {
  async up(db) {
    await sql`create index conversations_place on conversations (conversation_id)`.execute(db);
  },
};
