/** Cards of the week that are not a school's: form tutors' and heads' of year, and the trust's. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const nudgeCards: Migration = {
  async up(db) {
    await sql`
      create table nudge_cards (
        audience text not null check (audience in ('tutor', 'trust')),
        week text not null check (week ~ '^\\d{4}-W\\d{2}$'),
        school_urn text not null,
        person_id text not null,
        scope text not null,
        place text not null check (place in ('message', 'digest', 'channel')),
        action text,
        follows text,
        made_at timestamptz not null,
        primary key (audience, week, school_urn, person_id)
      )`.execute(db);
  },
};
