/**
 * Finds, copies and removes one person across every table there is, those of the job engine too. It is the one place that
 * writes other stores' tables, because a table that somebody forgot here would keep a person for ever: it goes by the
 * catalogue, not by a list. Refuses to know what any row means.
 */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { Known, Word } from './person-words.ts';

export type Place = { readonly schema: string; readonly table: string };
export type Row = Readonly<Record<string, unknown>>;

type Column = { readonly name: string; readonly type: string };
type Table = Place & { readonly columns: readonly Column[] };

/** Sealed; it forgets a person by its own rule (storage/audit.ts). */
const AUDIT = 'audit';
/** Of such a column a person has the whole row, and it goes with them. */
const OWNING = ['person_id'];
/** Says nothing about anybody, and a copy is easier to read without. */
const PLUMBING = ['salt', 'commitment', 'seal', 'erasure', 'lease_holder', 'lease_until'];

/** Tables with the columns that can hold words. */
async function listTables(db: Db | Trx, schema: string): Promise<Table[]> {
  const { rows } = await sql<{ schema: string; table: string; name: string; type: string }>`
    select c.table_schema as schema, c.table_name as table, c.column_name as name, c.udt_name as type
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema in (${schema}, ${`${schema}_jobs`}) and t.table_type = 'BASE TABLE'
      and c.udt_name in ('text', 'varchar', 'json', 'jsonb', '_text', '_varchar') and c.is_generated = 'NEVER'
    order by 1, 2, c.ordinal_position`.execute(db);
  const tables = new Map<string, Table & { columns: Column[] }>();
  for (const { schema: place, table, name, type } of rows) {
    const key = `${place}.${table}`;
    const known = tables.get(key) ?? { schema: place, table, columns: [] };
    known.columns.push({ name, type });
    tables.set(key, known);
  }
  return [...tables.values()];
}

/**
 * Nobody writes anywhere until the transaction ends; all can read. To be asked for once, before anything else. Throws what
 * `isTakenElsewhere` knows when a table is not to be had within `wait` milliseconds; less than a second, after which the server
 * would look for a deadlock and might end somebody's turn.
 */
export async function lockTables(trx: Trx, schema: string, wait: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${`${wait}ms`}, true)`.execute(trx);
  const names = (await listTables(trx, schema)).map(({ schema: place, table }) =>
    sql.table(`${place}.${table}`),
  );
  await sql`lock table ${sql.join(names)} in exclusive mode`.execute(trx);
}

/** Whether a fault is only that a table could not be had in time. */
export function isTakenElsewhere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03';
}

/** How many rows of each table hold any of these words, in any letter case. */
export async function countMentions(
  db: Db | Trx,
  schema: string,
  words: readonly Word[],
): Promise<(Place & { readonly rows: number })[]> {
  const found: (Place & { rows: number })[] = [];
  for (const table of await listTables(db, schema)) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(`${table.schema}.${table.table}`)} t
      where ${mentions(table, words)}`.execute(db);
    const n = rows[0]?.n ?? 0;
    if (n > 0) found.push({ schema: table.schema, table: table.table, rows: n });
  }
  return found;
}

/** The rows of which a column is this person, by table. */
export async function copyRows(
  db: Db,
  schema: string,
  id: string,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const copies = new Map<string, readonly Row[]>();
  for (const table of await listTables(db, schema)) {
    const own = table.columns.filter(({ type }) => type === 'text' || type === 'varchar');
    if (own.length === 0) continue;
    const theirs = sql.join(
      own.map(({ name }) => sql`${sql.ref(name)} in (${id}, ${`person:${id}`})`),
      sql` or `,
    );
    const { rows } = await sql<{ row: Row }>`
      select to_jsonb(t) as row from ${sql.table(`${table.schema}.${table.table}`)} t where ${theirs}`.execute(
      db,
    );
    if (rows.length > 0)
      copies.set(
        table.table,
        rows.map(({ row }) => withoutPlumbing(row)),
      );
  }
  return copies;
}

function withoutPlumbing(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !PLUMBING.includes(name)));
}

/** Deletes the rows that are a person's own. Returns how many by table. */
export async function deleteOwnRows(
  trx: Trx,
  schema: string,
  id: string,
): Promise<ReadonlyMap<string, number>> {
  const deleted = new Map<string, number>();
  for (const table of await listTables(trx, schema)) {
    const names = table.columns.map(({ name }) => name);
    const conditions = [
      ...OWNING.filter((name) => names.includes(name)).map((name) => sql`${sql.ref(name)} = ${id}`),
      ...(table.table === 'people' ? [sql`id = ${id}`] : []),
      ...(table.table === 'conversations' ? [sql`owner = ${`person:${id}`}`] : []),
    ];
    if (conditions.length === 0) continue;
    const { numAffectedRows } = await sql`
      delete from ${sql.table(`${table.schema}.${table.table}`)} where ${sql.join(conditions, sql` or `)}`.execute(
      trx,
    );
    if (numAffectedRows) deleted.set(table.table, Number(numAffectedRows));
  }
  return deleted;
}

/** Puts other words in the place of a person's, wherever a row still holds one that leads to them. Returns how many rows by table. */
export async function replaceWords(
  trx: Trx,
  schema: string,
  words: readonly Word[],
): Promise<ReadonlyMap<string, number>> {
  const changed = new Map<string, number>();
  for (const table of await listTables(trx, schema)) {
    const here = words.filter(({ except = [] }) => !except.includes(table.table));
    if (table.table === AUDIT || here.every(({ leads }) => !leads)) continue;
    const sets = table.columns.map(({ name, type }) => {
      const replaced = here.reduce(
        (inner, { word, instead, exact }) =>
          sql`regexp_replace(${inner}, ${literal(word)}, ${instead}, ${exact ? 'g' : 'gi'})`,
        sql`${sql.ref(name)}::text`,
      );
      return sql`${sql.ref(name)} = (${replaced})::${sql.raw(type === '_text' ? 'text[]' : type === '_varchar' ? 'varchar[]' : type)}`;
    });
    const { numAffectedRows } = await sql`
      update ${sql.table(`${table.schema}.${table.table}`)} t set ${sql.join(sets)}
      where ${mentions(
        table,
        here.filter(({ leads }) => leads),
      )}`.execute(trx);
    if (numAffectedRows) changed.set(table.table, Number(numAffectedRows));
  }
  return changed;
}

function mentions(table: Table, words: readonly Pick<Word, 'word' | 'exact'>[]) {
  return sql.join(
    table.columns.flatMap(({ name }) =>
      words.map(({ word, exact }) =>
        exact
          ? sql`${sql.ref(`t.${name}`)}::text ~ ${literal(word)}`
          : sql`${sql.ref(`t.${name}`)}::text ~* ${literal(word)}`,
      ),
    ),
    sql` or `,
  );
}

/**
 * A word as a pattern of PostgreSQL's that means itself, not as a part of a longer word. It may end in a bracket, and stand at the
 * beginning of a line, which JSON writes as a letter.
 */
function literal(word: string): string {
  return `(?:(?<!\\w)|(?<=\\\\[nrt]))${word.replace(/[^\p{L}\p{N} ]/gu, '\\$&')}(?!\\w)`;
}

/** Who it is in our copy of the directory. */
export async function identify(db: Db | Trx, id: string): Promise<Known | undefined> {
  const person = await db
    .selectFrom('people')
    .select(['name', 'given_name', 'mail'])
    .where('id', '=', id)
    .executeTakeFirst();
  return person && among(db, id, { name: person.name, givenName: person.given_name, mail: person.mail });
}

/** Somebody as they are called, and how many others are called so. */
export async function among(
  db: Db | Trx,
  id: string,
  person: Pick<Known, 'name' | 'givenName' | 'mail'>,
): Promise<Known> {
  const others = await db
    .selectFrom('people')
    .select(['name', 'given_name'])
    .where('id', '!=', id)
    .where((where) => where.or([where('name', '=', person.name), where('given_name', '=', person.givenName)]))
    .execute();
  return {
    ...person,
    namesakes: others.filter(({ name }) => name === person.name).length,
    sharers: others.filter(({ given_name }) => given_name === person.givenName).length,
  };
}
