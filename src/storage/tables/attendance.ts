/** Rows of imports and group weeks. Written by `attendance/store.ts` alone. */
export type AttendanceTables = Record<never, never>;
