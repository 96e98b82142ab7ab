/**
 * Connections to the PostgreSQL server: how many, with which settings, and that the loss of one, told or untold, is an error of
 * whoever uses it and never the end of the process.
 */
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { AppError } from '../kernel/errors.ts';
import { askServer, createGuard, type Guard } from './silence.ts';

/** Connections of one instance: the web turns, the sender's waves and pg-boss share them. Azure's smallest server allows 50. */
const POOL_SIZE = 12;
/** For a connection to be made, or for one to be free. Teams waits 15 s for an answer. Milliseconds. */
const CONNECT_WITHIN = 10_000;
/** Probes of a connection on which nothing is said begin after so long. Milliseconds. */
const PROBE_AFTER = 10_000;
/**
 * What the server does with connections of ours: an instance that is gone without a word must not hold locks that all others wait
 * for. Nothing of ours pauses so long inside a transaction.
 */
const SESSION = {
  TimeZone: 'UTC',
  idle_in_transaction_session_timeout: '30s',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '20s',
};

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Query = (text: string, values?: readonly unknown[]) => Promise<{ readonly rows: unknown[] }>;

export type ServerPool = {
  readonly pool: pg.Pool;
  readonly forKysely: PostgresPool;
  /** One statement on whichever connection is free. */
  readonly query: Query;
};

/** `password`: asked for each new connection, instead of one in the URL. Connects nothing yet. */
export function openPool(databaseUrl: string, schema: string, password?: () => Promise<string>): ServerPool {
  const config = {
    // Parsed here: a `connectionString` would override `password` with its own, even when it has none.
    ...parseIntoClientConfig(databaseUrl),
    ...(password ? { password } : {}),
    options: Object.entries({ search_path: schema, ...SESSION })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    application_name: 'waymark',
    keepAlive: true,
    keepAliveInitialDelayMillis: PROBE_AFTER,
    connectionTimeoutMillis: CONNECT_WITHIN,
  };
  const pool = new pg.Pool({ ...config, max: POOL_SIZE });
  pool.on('connect', (client) => {
    client.on('error', () => {
      // It broke while somebody used it, perhaps between two statements of a transaction: their next statement fails. The pool
      // listens only while a connection is idle, and an error that nobody listens for ends the process.
    });
  });
  pool.on('error', () => {
    // An idle connection broke. The pool drops it; the next query opens another or reports its own error.
  });
  const guard = createGuard(askServer(config));
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  /** The same one each time: Kysely keeps what it knows of a connection by it. */
  const guarded = (client: pg.PoolClient): PostgresPoolClient => {
    const own = known.get(client) ?? guardedClient(client, guard);
    known.set(client, own);
    return own;
  };
  return {
    pool,
    forKysely: {
      options: pool.options,
      connect: async () => guarded(await pool.connect()),
      end: () => pool.end(),
    },
    query: async (text, values = []) => {
      const client = await pool.connect();
      try {
        return await guard<pg.QueryResult>(client, (done) => client.query(text, [...values], done));
      } finally {
        client.release();
      }
    },
  };
}

function guardedClient(client: pg.PoolClient, guard: Guard): PostgresPoolClient {
  function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query(asked: string | PostgresCursor<unknown>, values: readonly unknown[] = []): unknown {
    if (typeof asked === 'string')
      return guard<pg.QueryResult>(client, (done) => client.query(asked, [...values], done));
    throw new AppError('no-cursors', 'Cursors are not used here.', {
      remedy: 'Read in pieces, or extend src/storage/pool.ts.',
    });
  }
  return { query, release: (broken) => client.release(broken) };
}
