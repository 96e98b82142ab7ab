/** Which versions of a library's files have been taken, and where to go on listing its changes, in SQL. */
import type { Db } from '../storage/database.ts';
import type { ImportFileRow } from '../storage/tables/attendance.ts';

export async function readCursor(db: Db, source: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('import_cursors')
    .select('link')
    .where('source', '=', source)
    .executeTakeFirst();
  return row?.link;
}

export async function keepCursor(db: Db, source: string, link: string): Promise<void> {
  await db
    .insertInto('import_cursors')
    .values({ source, link })
    .onConflict((conflict) => conflict.column('source').doUpdateSet({ link }))
    .execute();
}

export async function isTaken(db: Db, source: string, item: string, version: string): Promise<boolean> {
  const row = await db
    .selectFrom('import_files')
    .select('item')
    .where('source', '=', source)
    .where('item', '=', item)
    .where('version', '=', version)
    .executeTakeFirst();
  return row !== undefined;
}

export async function keepTaken(db: Db, row: ImportFileRow): Promise<void> {
  await db
    .insertInto('import_files')
    .values(row)
    .onConflict((conflict) => conflict.columns(['source', 'item', 'version']).doNothing())
    .execute();
}
