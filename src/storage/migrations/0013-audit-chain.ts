/** The audit becomes a chain: what seals an entry, and the record of the chain's end. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const auditChain: Migration = {
  async up(db) {
    await sql`
      alter table audit
        add column link bigint unique,
        add column salt text,
        add column commitment text,
        add column seal text,
        add column erasure text`.execute(db);
    await sql`create index audit_unsealed on audit (seq) where link is null`.execute(db);
    await sql`
      create table audit_head (
        one boolean primary key default true check (one),
        links bigint not null,
        seal text not null,
        vouched text not null
      )`.execute(db);
    await sql`insert into audit_head (links, seal, vouched) values (0, 'start', '')`.execute(db);
  },
};
