/** Questions passed on to people, the notes made of their answers, and how far a document library was read. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const asks: Migration = {
  async up(db) {
    await sql`alter table answer_questions add column asker_mark text, add column reader_id text`.execute(db);
    await sql`
      create table answer_asks (
        id text primary key,
        asked_at timestamptz not null,
        asker_id text,
        named boolean not null,
        question text not null,
        readers jsonb not null,
        state text not null check (state in ('open', 'answered', 'published')),
        version integer not null,
        answer text,
        answered_by text,
        answered_at timestamptz,
        check ((state = 'open') = (answer is null)),
        check ((answer is null) = (answered_by is null)),
        check ((answer is null) = (answered_at is null))
      )`.execute(db);
    await sql`create index answer_asks_asked on answer_asks (asked_at)`.execute(db);
    await sql`alter table answer_documents drop constraint answer_documents_source_check`.execute(db);
    await sql`
      alter table answer_documents add constraint answer_documents_source_check
        check (source in ('folder', 'library', 'note'))`.execute(db);
    await sql`
      create table answer_library_items (
        drive text not null,
        item_id text not null,
        name text not null,
        version text not null,
        url text not null,
        problem jsonb,
        primary key (drive, item_id)
      )`.execute(db);
    await sql`
      create table answer_library_state (
        drive text primary key,
        delta_link text not null,
        read_at timestamptz not null
      )`.execute(db);
  },
};
