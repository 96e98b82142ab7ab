/**
 * Rows of the directory: our copy of the staff, their managers and the groups that matter. Written by `directory/store.ts` alone,
 * `leavers` by `privacy/leavers-store.ts`.
 */

export type DirectoryTables = {
  people: PersonRow;
  group_members: GroupMemberRow;
  directory_state: DirectoryStateRow;
  leavers: LeaverRow;
};

/** One member of the staff group. Pupils and other accounts of the tenant are never kept. */
export type PersonRow = {
  id: string;
  name: string;
  given_name: string;
  mail: string;
  job_title: string;
  office: string;
  enabled: boolean;
  /** `Member` of the tenant, as against `Guest`. */
  member: boolean;
  manager_id: string | null;
};

/** Who of the staff is in a group that a document or the trust names. */
export type GroupMemberRow = { group_id: string; person_id: string };

/** One row, made by the migration: how far the copy has come. `revision` rises with every change of the copy. */
export type DirectoryStateRow = {
  id: 'people';
  revision: number;
  delta_link: string | null;
  full_at: Date | null;
  synced_at: Date | null;
  failed_at: Date | null;
  failure: string | null;
  /** How many people the last copy held that was not suspiciously small, and since when each night's is. */
  believed_people: number | null;
  small_since: Date | null;
};

/** Somebody of whom rows of their own are kept, and since when they are in the copy no more. */
export type LeaverRow = { person_id: string; left_at: Date };
