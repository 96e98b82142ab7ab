/** Rows of slots and runs. Written by `scheduling/store.ts` alone. */
export type SchedulingTables = Record<never, never>;
