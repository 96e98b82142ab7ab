/** What a question leaned on, and to whom the documents nearest to it are open: for whoever it is passed on to, and for their note. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const questionContext: Migration = {
  async up(db) {
    for (const table of ['answer_questions', 'answer_asks']) {
      await sql`
        alter table ${sql.table(table)}
          add column topic text,
          add column within jsonb not null default '[]'`.execute(db);
    }
  },
};
