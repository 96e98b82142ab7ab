import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { useStore } from '../../test/support/store.ts';
import { inTransaction } from './database.ts';

describe('a connection to the server', () => {
  const store = useStore();

  it('that ends in the middle of a transaction fails the transaction, not the process', async function () {
    const { db, engine } = store();
    if (engine.kind === 'embedded') this.skip();
    const broken = inTransaction(db, async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      await sql`create table lost_with_it ()`.execute(trx);
      await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(db);
      await sql`select pg_sleep(0.2)`.execute(db);
      await sql`select 1`.execute(trx);
    });
    await assert.rejects(broken, /terminat|not queryable/);
    const { rows } = await sql<{ found: string | null }>`
      select to_regclass('lost_with_it')::text as found`.execute(db);
    assert.deepEqual(rows, [{ found: null }]);
  });

  it('is given up by the server, with its locks, when its instance falls silent in a transaction', async function () {
    const { db, engine } = store();
    if (engine.kind === 'embedded') this.skip();
    const { rows } = await sql<{ name: string; setting: string }>`
      select name, setting from pg_settings
      where name in ('idle_in_transaction_session_timeout', 'tcp_user_timeout', 'tcp_keepalives_idle')
      order by name`.execute(db);
    assert.deepEqual(rows, [
      { name: 'idle_in_transaction_session_timeout', setting: '30000' },
      { name: 'tcp_keepalives_idle', setting: '10' },
      { name: 'tcp_user_timeout', setting: '20000' },
    ]);
  });
});
