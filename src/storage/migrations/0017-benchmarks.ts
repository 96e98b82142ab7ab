/** Published figures of areas, to set a school's beside. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const benchmarks: Migration = {
  async up(db) {
    await sql`
      create table benchmarks (
        level text not null check (level in ('national', 'regional', 'local-authority')),
        area text not null,
        area_name text not null,
        phase text not null check (phase in ('primary', 'secondary', 'special', 'all')),
        period text not null,
        possible bigint not null,
        attended bigint not null,
        published text not null,
        imported_at timestamptz not null,
        primary key (level, area, phase, period)
      )`.execute(db);
  },
};
