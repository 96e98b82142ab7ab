/** The tables of the document library: each file as it was last listed, and the place from which to ask for changes. */
import { z } from 'zod/v4';
import type { Refusal } from '../kernel/errors.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { LibraryColumns } from './library-columns.ts';

export type LibraryItemKept = {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly url: string;
  /** What the library's columns say of it, where the trust has named any. */
  readonly columns?: LibraryColumns | undefined;
  /** Why the copy with this hash is not answered from, so that it is not fetched again to find out. */
  readonly problem?: { readonly hash: string; readonly refusal: Refusal } | undefined;
};

export type LibraryKept = {
  readonly link?: string;
  readonly items: ReadonlyMap<string, LibraryItemKept>;
};

const text = z.string().optional();
const Columns = z.object({ kind: text, owner: text, from: text, to: text });
const Problem = z.object({
  hash: z.string(),
  refusal: z.object({ kind: z.literal('refusal'), reason: z.string(), message: z.string() }),
});

export async function readLibraryKept(db: Db, drive: string): Promise<LibraryKept> {
  const state = await db
    .selectFrom('answer_library_state')
    .select('delta_link')
    .where('drive', '=', drive)
    .executeTakeFirst();
  const rows = await db
    .selectFrom('answer_library_items')
    .selectAll()
    .where('drive', '=', drive)
    .orderBy('name')
    .execute();
  const items = rows.map((row): readonly [string, LibraryItemKept] => {
    const problem = Problem.safeParse(row.problem).data;
    const columns = Columns.safeParse(row.columns).data;
    const { item_id: id, name, version, url } = row;
    return [id, { id, name, version, url, ...(columns ? { columns } : {}), ...(problem ? { problem } : {}) }];
  });
  return { ...(state ? { link: state.delta_link } : {}), items: new Map(items) };
}

/** In place of what was kept; after everything that was listed has been taken in. */
export async function saveLibraryKept(
  db: Db,
  drive: string,
  items: readonly LibraryItemKept[],
  link: string,
  now: Date,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.deleteFrom('answer_library_items').where('drive', '=', drive).execute();
    for (let from = 0; from < items.length; from += BATCH) {
      const rows = items.slice(from, from + BATCH).map(({ id, name, version, url, problem, columns }) => ({
        drive,
        item_id: id,
        name,
        version,
        url,
        problem: problem ? JSON.stringify(problem) : null,
        columns: columns ? JSON.stringify(columns) : null,
      }));
      await trx.insertInto('answer_library_items').values(rows).execute();
    }
    await trx
      .insertInto('answer_library_state')
      .values({ drive, delta_link: link, read_at: now })
      .onConflict((conflict) => conflict.column('drive').doUpdateSet({ delta_link: link, read_at: now }))
      .execute();
  });
}

/** Rows of one insert. */
const BATCH = 500;
