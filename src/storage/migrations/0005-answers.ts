/** Tables of documents and passages, dialogues, questions with their feedback. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const answers: Migration = {
  async up(db) {
    await sql`
      create table answer_documents (
        id text primary key,
        source text not null check (source in ('folder', 'library')),
        hash text not null,
        facts jsonb not null,
        read_at timestamptz not null
      )`.execute(db);
    await sql`
      create table answer_passages (
        document_id text not null references answer_documents (id) on delete cascade,
        ord integer not null,
        id text not null,
        body jsonb not null,
        primary key (document_id, ord)
      )`.execute(db);
    await sql`create index answer_passages_by_id on answer_passages (id)`.execute(db);
    await sql`
      create table answer_dialogues (
        person_id text not null,
        conversation_id text not null,
        state jsonb not null,
        question_id text not null,
        updated_at timestamptz not null,
        primary key (person_id, conversation_id)
      )`.execute(db);
    await sql`create index answer_dialogues_updated on answer_dialogues (updated_at)`.execute(db);
    await sql`
      create table answer_questions (
        id text primary key,
        asked_at timestamptz not null,
        question text not null,
        outcome text not null check (outcome in ('answer', 'refusal', 'clarify')),
        passages jsonb not null,
        reaction text check (reaction in ('like', 'dislike')),
        reason text
      )`.execute(db);
    await sql`create index answer_questions_asked on answer_questions (asked_at)`.execute(db);
  },
};
