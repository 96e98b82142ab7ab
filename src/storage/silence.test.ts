import { strict as assert } from 'node:assert';
import pg from 'pg';
import { testDatabaseUrl } from '../../test/support/store.ts';
import { type Cut, openWire, type Wire } from '../../test/support/wire.ts';
import { sleep } from '../kernel/time.ts';
import { askServer, createGuard, type Guard } from './silence.ts';

const PATIENCE = { askAfter: 200, grace: 200, askFor: 400 };

describe('an answer of the database that does not come', () => {
  const url = testDatabaseUrl();
  let wire: Wire;
  let pool: pg.Pool;
  let guard: Guard;

  beforeEach(async function () {
    if (!url) this.skip();
    wire = await openWire(Number(new URL(url).port || 5432));
    const config = { connectionString: wire.through(url), connectionTimeoutMillis: 500 };
    pool = new pg.Pool({ ...config, max: 1 });
    pool.on('connect', (client) =>
      client.on('error', () => {
        // Told by the statement that fails; an error that nobody listens for would end this process.
      }),
    );
    guard = createGuard(askServer(config, PATIENCE), PATIENCE);
  });
  afterEach(async () => {
    await pool?.end();
    await wire?.close();
  });

  const ask = async (text: string) => {
    const client = await pool.connect();
    try {
      const { rows } = await guard<pg.QueryResult<{ answer: number }>>(client, (done) =>
        client.query(text, done),
      );
      return rows[0]?.answer;
    } finally {
      client.release();
    }
  };

  it('is waited for as long as the server works on it', async () => {
    assert.equal(await ask('select 1 as answer from pg_sleep(1.5)'), 1);
  });

  for (const how of ['silent', 'reset'] satisfies Cut[])
    it(`fails the statement when the network was cut (${how}), and the next one finds a connection that works`, async () => {
      assert.equal(await ask('select 0 as answer'), 0);
      const failed = assert.rejects(ask('select 1 as answer from pg_sleep(0.2)'), /terminated|ECONNRESET/);
      await sleep(20);
      wire.cut(how);
      await failed;
      await assert.rejects(ask('select 2 as answer'), /timeout|ECONNRESET|terminated/);
      wire.mend();
      assert.equal(await ask('select 3 as answer'), 3);
    });

  it('is not given up when the network only held it back for a moment', async () => {
    assert.equal(await ask('select 0 as answer'), 0);
    const waiting = ask('select 1 as answer from pg_sleep(0.1)');
    await sleep(20);
    wire.cut('stalled');
    await sleep(150);
    wire.mend();
    assert.equal(await waiting, 1);
  });

  it('is given up when the server has long done with it', async () => {
    assert.equal(await ask('select 0 as answer'), 0);
    const waiting = ask('select 1 as answer from pg_sleep(0.1)');
    const failed = assert.rejects(waiting, /terminated/);
    await sleep(20);
    // Connections of this moment are forgotten by the network; new ones are made as ever.
    wire.cut('silent');
    wire.mend();
    await failed;
    assert.equal(await ask('select 2 as answer'), 2);
  });
});
