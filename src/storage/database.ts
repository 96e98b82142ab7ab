/**
 * Opens the store: PGlite in a folder, or a PostgreSQL server. One dialect, one set of SQL. Everything above sees only
 * `Db` and `Trx`. Vendor types stop here (and in `jobs.ts`, which shares the same connection).
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect, sql, type Transaction } from 'kysely';
import type pg from 'pg';
import { AppError, messageOf } from '../kernel/errors.ts';
import { withinSchema } from './catalogue.ts';
import type { StoreImage } from './empty-store.ts';
import { lockFolder } from './lock.ts';
import { openPool, type Query } from './pool.ts';
import { storePlaces } from './store-ahead.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;

export type Store = {
  readonly db: Db;
  readonly schema: string;
  readonly engine:
    | { readonly kind: 'embedded'; readonly pglite: PGlite }
    | { readonly kind: 'server'; readonly pool: pg.Pool; readonly query: Query };
  close(): Promise<void>;
};

export type StoreOptions = {
  readonly databaseUrl?: string;
  /** Asked for each new connection, instead of a password in the URL: tokens of an identity live for an hour or a day. */
  readonly password?: () => Promise<string>;
  readonly dataDir: string;
  readonly schema: string;
  /** Begun before there was time to use it; made when needed if left out. Only a folder without a store asks for it. */
  readonly emptyStore?: (() => Promise<StoreImage>) | undefined;
};

/** Throws AppError `store-busy` when another process holds the folder, `store-unreachable` when the server cannot be used. */
export async function openStore(options: StoreOptions): Promise<Store> {
  return options.databaseUrl
    ? openServer(options.databaseUrl, options.schema, options.password)
    : openEmbedded(options);
}

async function openEmbedded({ dataDir, schema, emptyStore }: StoreOptions): Promise<Store> {
  await mkdir(dataDir, { recursive: true });
  const unlock = await lockFolder(dataDir);
  try {
    const pglite = await openFolder(dataDir, emptyStore);
    return await wrapEmbedded(pglite, schema, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

/**
 * PGlite in its folder, made when there is none. A folder whose making was cut short by a kill cannot be opened and holds
 * nothing yet: a marker beside it says so, and it is made again.
 */
async function openFolder(dataDir: string, emptyStore?: () => Promise<StoreImage>): Promise<PGlite> {
  // Loaded only here: a service on a database server has no need of a database in its memory.
  const [{ PGlite }, { makeEmptyStore }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('./empty-store.ts'),
  ]);
  const { folder, unfinished } = storePlaces(dataDir);
  if (existsSync(unfinished)) await rm(folder, { recursive: true, force: true });
  if (existsSync(folder)) return PGlite.create(folder);
  await writeFile(unfinished, 'The store in this folder is being made.\n');
  const pglite = await PGlite.create({
    dataDir: folder,
    loadDataDir: await (emptyStore ?? makeEmptyStore)(),
  });
  await rm(unfinished);
  return pglite;
}

/** A store over an open PGlite; also for tests, which share one engine and give each suite a schema. */
export async function wrapEmbedded(
  pglite: PGlite,
  schema: string,
  afterClose?: () => Promise<void>,
): Promise<Store> {
  const db: Db = new Kysely<Tables>({
    dialect: withinSchema(new PGliteDialect({ pglite }), schema),
  });
  await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
  await sql`select set_config('search_path', ${schema}, false), set_config('TimeZone', 'UTC', false)`.execute(
    db,
  );
  // A new file of the log is otherwise filled with 16 MB of zeros inside whichever statement comes to its end: 0.2 to 0.4 s in
  // which nothing else of the process runs. It is made at its full length all the same.
  await sql`set wal_init_zero = off`.execute(db);
  return {
    db,
    schema,
    engine: { kind: 'embedded', pglite },
    close: async () => {
      if (!afterClose) return;
      await db.destroy();
      if (!pglite.closed) await pglite.close();
      await afterClose();
    },
  };
}

async function openServer(
  databaseUrl: string,
  schema: string,
  password?: () => Promise<string>,
): Promise<Store> {
  const { pool, forKysely, query } = openPool(databaseUrl, schema, password);
  const db: Db = new Kysely<Tables>({
    dialect: withinSchema(new PostgresDialect({ pool: forKysely }), schema),
  });
  ofServers.add(db);
  try {
    // "if not exists" does not spare two instances that start together: one of them would fail.
    await db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(hashtext(${schema}))`.execute(trx);
      await sql`create schema if not exists ${sql.id(schema)}`.execute(trx);
    });
  } catch (cause) {
    await pool.end();
    throw new AppError('store-unreachable', `The database cannot be used: ${messageOf(cause)}`, {
      remedy: 'Check DATABASE_URL, that the server runs, and that its user may create a schema.',
      cause,
    });
  }
  return { db, schema, engine: { kind: 'server', pool, query }, close: () => db.destroy() };
}

/** Runs `work` while no other instance of this schema does; for what several of them would trip over at start. */
export async function oneAtATime<T>(store: Store, work: () => Promise<T>): Promise<T> {
  if (store.engine.kind === 'embedded') return work();
  const client = await store.engine.pool.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [store.schema]);
    return await work();
  } finally {
    // The lock belongs to the connection: closing it frees the lock, whatever happened.
    client.release(true);
  }
}

/** The database's clock. */
export async function databaseTime(db: Db): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(db);
  return rows[0]?.at ?? new Date(Number.NaN);
}

const ofServers = new WeakSet<Db>();

/**
 * For the `from` of a single statement: what it writes is committed at once and on disk a moment later. Only where a commit that
 * follows makes it good: whatever waits for that one to be on disk waits for everything before it too. A process that dies
 * loses nothing by it, a server that crashes within the moment may. The embedded store dies with its process and has nobody who
 * would write later, so there it changes nothing.
 */
export function soonOnDisk(db: Db) {
  return ofServers.has(db)
    ? sql`(select set_config('synchronous_commit', 'off', true)) as soon`
    : sql`(select 1) as soon`;
}

const afterCommits = new WeakMap<Trx, (() => void)[]>();

/** Runs `work` in one transaction; it is rolled back when `work` throws. */
export async function inTransaction<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  const hooks: (() => void)[] = [];
  const result = await db.transaction().execute((trx) => {
    afterCommits.set(trx, hooks);
    return work(trx);
  });
  for (const hook of hooks) hook();
  return result;
}

/** Runs `work` on the store as it stands now, whatever others write meanwhile. */
export function inSnapshot<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').execute(work);
}

/**
 * Runs `hook` in this process once the transaction has committed, for wake-ups that only save time: it is not durable, and
 * does not run for a transaction that `inTransaction` did not open. `hook` must not throw.
 */
export function afterCommit(trx: Trx, hook: () => void): void {
  afterCommits.get(trx)?.push(hook);
}
