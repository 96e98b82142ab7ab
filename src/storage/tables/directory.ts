/** Rows of the directory: our copy of the staff, their managers and the groups that matter. Written by `directory/store.ts` alone. */

export type DirectoryTables = {
  people: PersonRow;
  group_members: GroupMemberRow;
  directory_state: DirectoryStateRow;
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
};
