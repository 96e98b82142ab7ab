/**
 * A store for a suite: a fresh schema on PGlite or, when TEST_DATABASE_URL is set, on that PostgreSQL server. The schema
 * is dropped when the suite passed and kept, and named, when it failed.
 */
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { newId } from '../../src/kernel/ids.ts';
import { openStore, type Store, wrapEmbedded } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';

let engine: PGlite | undefined;

export function testDatabaseUrl(): string | undefined {
  return process.env.TEST_DATABASE_URL;
}

export function engineName(): string {
  return testDatabaseUrl() ? 'PostgreSQL server' : 'PGlite';
}

export type TestStore = Store & { drop(): Promise<void> };

/** A store on the one PGlite that suites share, one after the other; closing it leaves the engine open. */
export async function openEngine(schema: string): Promise<Store> {
  engine ??= await PGlite.create();
  return wrapEmbedded(engine, schema);
}

/** A migrated store of its own. On PGlite suites share one engine, one after the other. */
export async function openTestStore(): Promise<TestStore> {
  const schema = newId('t');
  const url = testDatabaseUrl();
  const store = url ? await openStore({ databaseUrl: url, dataDir: '', schema }) : await openEngine(schema);
  await migrate(store.db, schema);
  return {
    ...store,
    drop: async () => {
      await dropSchemas(store);
      await store.close();
    },
  };
}

/** The store's own tables and the job engine's. */
export async function dropSchemas({ db, schema }: Store): Promise<void> {
  for (const name of [schema, `${schema}_jobs`])
    await sql`drop schema if exists ${sql.id(name)} cascade`.execute(db);
}

/** The same of a store that a process of its own had open. */
export async function dropSchemasAt(databaseUrl: string, schema: string): Promise<void> {
  const store = await openStore({ databaseUrl, dataDir: '', schema });
  await dropSchemas(store);
  await store.close();
}

/** A suite's store: opened before it, dropped after it when all of it passed. Call inside `describe`. */
export function useStore(): () => Store {
  let store: TestStore | undefined;
  let failed = false;
  before(async () => {
    store = await openTestStore();
  });
  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed = true;
  });
  after(async () => {
    if (failed) process.stderr.write(`kept schema ${store?.schema} for a look\n`);
    else await store?.drop();
  });
  return () => {
    if (!store) throw new Error('useStore() is for use inside tests');
    return store;
  };
}

export async function closeEngines(): Promise<void> {
  await engine?.close();
}
