/** Rows of the directory: our copy of people, managers, groups, teams. Written by `directory/store.ts` alone. */
export type DirectoryTables = Record<never, never>;
