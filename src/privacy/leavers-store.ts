/**
 * Finds people of whom rows of their own are kept and who are in our copy of the directory no more, and deletes those rows. The
 * only writer of `leavers`. Whether the copy may be believed is judged elsewhere.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Trx } from '../storage/database.ts';
import type { Owner } from './processing.ts';

export type OwnTable = Owner & { readonly table: string };

/** Marks since when somebody is gone, and takes the mark from whoever is back or has nothing left here. */
export async function markLeavers(trx: Trx, tables: readonly OwnTable[], now: Date): Promise<void> {
  const owners = ownersIn(tables);
  await sql`
    delete from leavers where person_id in (select id from people)
      or person_id not in (select id from (${owners}) o where id is not null)`.execute(trx);
  await sql`
    insert into leavers (person_id, left_at)
    select distinct id, ${now}::timestamptz from (${owners}) o
    where id is not null and not exists (select 1 from people p where p.id = o.id)
    on conflict (person_id) do nothing`.execute(trx);
}

/** Who left before an instant. */
export async function listLeavers(trx: Trx, before: Date): Promise<string[]> {
  const rows = await trx.selectFrom('leavers').select('person_id').where('left_at', '<', before).execute();
  return rows.map(({ person_id }) => person_id);
}

/** Deletes all that is only theirs. Returns how many rows went, by table. */
export async function deleteLeft(
  trx: Trx,
  tables: readonly OwnTable[],
  people: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const gone: Record<string, number> = {};
  const ids = JSON.stringify(people);
  for (const table of tables) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table.table)} where ${idIn(table)} in (select jsonb_array_elements_text(${ids}::jsonb))`.execute(
      trx,
    );
    if (numAffectedRows) gone[table.table] = Number(numAffectedRows);
  }
  await sql`
    delete from leavers where person_id in (select jsonb_array_elements_text(${ids}::jsonb))`.execute(trx);
  return gone;
}

function ownersIn(tables: readonly OwnTable[]): RawBuilder<unknown> {
  return sql.join(
    tables.map((table) => sql`select ${idIn(table)} as id from ${sql.table(table.table)}`),
    sql` union `,
  );
}

/** Whose a row is; null when it is nobody's. */
function idIn({ column, prefix }: OwnTable): RawBuilder<string | null> {
  if (prefix === undefined) return sql`${sql.ref(column)}`;
  return sql`case when starts_with(${sql.ref(column)}, ${prefix}) then substr(${sql.ref(column)}, ${prefix.length + 1}::int) end`;
}
