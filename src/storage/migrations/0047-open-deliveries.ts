/**
 * A message changes its state three times on its way, and each change was written to every index of the ledger, since some of
 * them named states. Now they name only what is set at the end, and pages keep room for the next version of their rows, so
 * that claiming and granting write to the row alone.
 */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const openDeliveries: Migration = {
  async up(db) {
    for (const name of ['due', 'leased', 'expiring', 'edits', 'uncertain'])
      await sql`drop index ${sql.id(`deliveries_${name}`)}`.execute(db);
    await sql`
      update deliveries set settled_at = updated_at
      where settled_at is null and state not in ('due', 'claimed', 'sending')`.execute(db);
    await sql`create index deliveries_open on deliveries (urgent desc, seq) where settled_at is null`.execute(
      db,
    );
    await sql`create index deliveries_edits on deliveries (edit_not_before)
      where shown_version < card_version and edit_problem is null`.execute(db);
    await sql`create index deliveries_undelivered on deliveries (settled_at)
      where settled_at is not null and activity_id is null`.execute(db);
    await sql`alter table deliveries set (fillfactor = 50)`.execute(db);
  },
};
