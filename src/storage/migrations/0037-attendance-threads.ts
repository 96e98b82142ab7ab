/** Which school and week a person asked about last, for the next question; for some hours. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const attendanceThreads: Migration = {
  async up(db) {
    await sql`
      create table attendance_threads (
        person_id text not null,
        conversation_id text not null,
        thread jsonb not null,
        asked_at timestamptz not null,
        primary key (person_id, conversation_id)
      )`.execute(db);
    await sql`create index attendance_threads_asked on attendance_threads (asked_at)`.execute(db);
  },
};
