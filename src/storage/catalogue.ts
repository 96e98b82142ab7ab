/**
 * What the migrator asks of the catalogue, for our own schema alone. Kysely's introspector reads every table of every schema,
 * which takes half a second on the embedded store and fails when somebody drops another schema in that moment.
 */
import { type DatabaseIntrospector, type Dialect, type Kysely, sql } from 'kysely';

/** The dialect, with an introspector that sees the tables of `schema` by name and nothing else. */
export function withinSchema(dialect: Dialect, schema: string): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => dialect.createDriver(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => introspect(db, schema),
  };
}

function introspect(db: Kysely<unknown>, schema: string): DatabaseIntrospector {
  return {
    getSchemas: async () => {
      const { rows } = await sql<{ name: string }>`
        select nspname as name from pg_namespace where nspname = ${schema}`.execute(db);
      return rows;
    },
    getTables: async () => {
      const { rows } = await sql<{ name: string }>`
        select relname as name from pg_class
        where relnamespace = (select oid from pg_namespace where nspname = ${schema}) and relkind in ('r', 'p')`.execute(
        db,
      );
      return rows.map(({ name }) => ({ name, schema, isView: false, isForeign: false, columns: [] }));
    },
  };
}
