/**
 * Our copy of the staff: people, the groups that matter, and how far the copy has come. The only writer of `people`,
 * `group_members` and `directory_state`. Who is in the copy and what it means is decided elsewhere.
 */
import { sql } from 'kysely';
import type { Db, Trx } from '../storage/database.ts';
import type { PersonRow } from '../storage/tables/directory.ts';
import type { Account } from './replies.ts';

/** An account with the manager that Graph names. */
export type StoredPerson = Account & { readonly managerId?: string };

export type SyncState = {
  readonly revision: number;
  readonly deltaLink?: string;
  readonly fullAt?: Date;
  readonly syncedAt?: Date;
  readonly failure?: { readonly at: Date; readonly code: string };
  /** How many people the last copy held that was not suspiciously small, and since when it has been so at every look. */
  readonly believed?: { readonly people: number; readonly smallSince?: Date };
};

/** Rows in one statement; ten columns each stay far below PostgreSQL's 65,535 parameters. */
const CHUNK = 500;

export async function readState(db: Db | Trx): Promise<SyncState> {
  return stateFrom(await db.selectFrom('directory_state').selectAll().executeTakeFirstOrThrow());
}

/** As `readState`, and holds it until the transaction ends: one sync writes at a time. */
export async function lockState(trx: Trx): Promise<SyncState> {
  return stateFrom(await trx.selectFrom('directory_state').selectAll().forUpdate().executeTakeFirstOrThrow());
}

export async function readRevision(db: Db): Promise<number> {
  const row = await db.selectFrom('directory_state').select('revision').executeTakeFirstOrThrow();
  return row.revision;
}

export async function readStored(db: Db | Trx): Promise<StoredPerson[]> {
  const rows = await db.selectFrom('people').selectAll().orderBy('name').orderBy('id').execute();
  return rows.map(({ given_name, job_title, manager_id, ...row }) => ({
    ...row,
    givenName: given_name,
    jobTitle: job_title,
    ...(manager_id === null ? {} : { managerId: manager_id }),
  }));
}

/** Group → people in it. */
export async function readGroups(db: Db | Trx): Promise<Map<string, Set<string>>> {
  const groups = new Map<string, Set<string>>();
  for (const row of await db.selectFrom('group_members').selectAll().execute()) {
    const members = groups.get(row.group_id) ?? new Set();
    groups.set(row.group_id, members.add(row.person_id));
  }
  return groups;
}

export async function savePeople(trx: Trx, people: readonly StoredPerson[]): Promise<void> {
  for (let start = 0; start < people.length; start += CHUNK) {
    await trx
      .insertInto('people')
      .values(people.slice(start, start + CHUNK).map(rowFrom))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          name: ref('excluded.name'),
          given_name: ref('excluded.given_name'),
          mail: ref('excluded.mail'),
          job_title: ref('excluded.job_title'),
          office: ref('excluded.office'),
          enabled: ref('excluded.enabled'),
          member: ref('excluded.member'),
          manager_id: ref('excluded.manager_id'),
        })),
      )
      .execute();
  }
}

export async function removePeople(trx: Trx, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += CHUNK) {
    await trx
      .deleteFrom('people')
      .where('id', 'in', ids.slice(start, start + CHUNK))
      .execute();
  }
}

/** Replaces the members of all groups. */
export async function saveGroups(trx: Trx, groups: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
  await trx.deleteFrom('group_members').execute();
  const rows = [...groups].flatMap(([group_id, members]) =>
    [...members].map((person_id) => ({ group_id, person_id })),
  );
  for (let start = 0; start < rows.length; start += CHUNK) {
    await trx
      .insertInto('group_members')
      .values(rows.slice(start, start + CHUNK))
      .execute();
  }
}

export type Progress = { readonly at: Date; readonly deltaLink: string; readonly full: boolean };

/** The copy was changed from outside a sync: every instance reads it anew. */
export async function touchRevision(db: Db): Promise<void> {
  await db.updateTable('directory_state').set({ revision: sql<number>`revision + 1` }).execute();
}

/** A sync succeeded: the copy has a new revision and no failure. */
export async function saveProgress(trx: Trx, { at, deltaLink, full }: Progress): Promise<void> {
  await trx
    .updateTable('directory_state')
    .set({
      revision: sql<number>`revision + 1`,
      delta_link: deltaLink,
      synced_at: at,
      failed_at: null,
      failure: null,
      ...(full ? { full_at: at } : {}),
    })
    .execute();
}

/** The copy is not suspiciously small: so many people. */
export async function saveBelieved(trx: Trx, people: number): Promise<void> {
  await trx.updateTable('directory_state').set({ believed_people: people, small_since: null }).execute();
}

/** It is, and was not at the last look. */
export async function saveSmall(trx: Trx, since: Date): Promise<void> {
  await trx.updateTable('directory_state').set({ small_since: since }).execute();
}

export async function countPeople(trx: Trx): Promise<number> {
  const { n } = await trx
    .selectFrom('people')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

export async function saveFailure(db: Db, at: Date, code: string): Promise<void> {
  await db.updateTable('directory_state').set({ failed_at: at, failure: code }).execute();
}

function rowFrom(person: StoredPerson): PersonRow {
  return {
    id: person.id,
    name: person.name,
    given_name: person.givenName,
    mail: person.mail,
    job_title: person.jobTitle,
    office: person.office,
    enabled: person.enabled,
    member: person.member,
    manager_id: person.managerId ?? null,
  };
}

type StateRow = {
  revision: number;
  delta_link: string | null;
  full_at: Date | null;
  synced_at: Date | null;
  failed_at: Date | null;
  failure: string | null;
  believed_people: number | null;
  small_since: Date | null;
};

function stateFrom(row: StateRow): SyncState {
  return {
    revision: row.revision,
    ...(row.delta_link === null ? {} : { deltaLink: row.delta_link }),
    ...(row.full_at === null ? {} : { fullAt: row.full_at }),
    ...(row.synced_at === null ? {} : { syncedAt: row.synced_at }),
    ...(row.failed_at === null || row.failure === null
      ? {}
      : { failure: { at: row.failed_at, code: row.failure } }),
    ...(row.believed_people === null
      ? {}
      : {
          believed: {
            people: row.believed_people,
            ...(row.small_since ? { smallSince: row.small_since } : {}),
          },
        }),
  };
}
