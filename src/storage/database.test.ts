import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { useStore } from '../../test/support/store.ts';
import { writeAudit } from './audit.ts';
import { inTransaction } from './database.ts';
import { startJobs } from './jobs.ts';
import { migrate } from './migrate.ts';

describe('the store', () => {
  const store = useStore();
  const at = new Date('2026-11-23T07:30:00Z');
  const entry = { at, actor: 'waymark', action: 'test.write', subject: 'x', detail: { n: 1 } };

  it('applies every migration once', async () => {
    assert.deepEqual(await migrate(store().db, store().schema), []);
  });

  it('on the embedded engine fills no file of its log while everything else waits', async function () {
    if (store().engine.kind !== 'embedded') this.skip();
    const { rows } = await sql<{ wal_init_zero: string }>`show wal_init_zero`.execute(store().db);
    assert.deepEqual(rows, [{ wal_init_zero: 'off' }]);
  });

  it('sees only its own tables, so that schemas made and dropped beside it disturb no migration', async () => {
    const { db, schema } = store();
    const other = sql.id(`${schema}_other`);
    await sql`create schema ${other}`.execute(db);
    await sql`create table ${other}.kysely_migration (name text)`.execute(db);
    const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
    assert.deepEqual(new Set(tables.map((table) => table.schema)), new Set([schema]));
    assert.ok(tables.some(({ name }) => name === 'kysely_migration'));
    await sql`drop schema ${other} cascade`.execute(db);
  });

  it('keeps what a transaction wrote and nothing of one that failed', async () => {
    await inTransaction(store().db, (trx) => writeAudit(trx, entry));
    const failing = inTransaction(store().db, async (trx) => {
      await writeAudit(trx, entry);
      throw new Error('stop');
    });
    await assert.rejects(failing, /stop/);
    const rows = await store().db.selectFrom('audit').selectAll().execute();
    assert.equal(rows.length, 1);
    assert.deepEqual(rows[0]?.detail, { n: 1 });
    assert.equal(rows[0]?.at.toISOString(), at.toISOString());
  });

  it('runs a job only when the transaction that sent it commits, even right after start', async () => {
    const jobs = await startJobs(store(), {
      warn: (message, fields) => assert.fail(`${message} ${JSON.stringify(fields)}`),
    });
    const seen: string[] = [];
    try {
      await inTransaction(store().db, (trx) => jobs.send('delivery.wake', { run: 'kept' }, trx));
      const failing = inTransaction(store().db, async (trx) => {
        await jobs.send('delivery.wake', { run: 'lost' }, trx);
        throw new Error('stop');
      });
      await assert.rejects(failing, /stop/);
      const done = new Promise<void>((resolve) => {
        void jobs.work('delivery.wake', async (data) => {
          seen.push(data.run ?? '');
          resolve();
        });
      });
      await done;
      assert.deepEqual(seen, ['kept']);
    } finally {
      await jobs.stop();
    }
  });
});
