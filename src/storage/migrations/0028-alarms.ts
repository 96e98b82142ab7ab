/** Which late or missed runs the operators were told of, so that of several instances one tells them, once. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const alarms: Migration = {
  async up(db) {
    await sql`
      create table alarms (
        run_id text not null,
        kind text not null check (kind in ('late', 'missed')),
        raised_at timestamptz not null,
        primary key (run_id, kind)
      )`.execute(db);
  },
};
