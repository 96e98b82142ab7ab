/** Rows of milestones, check-ins, their history. Written by `checkins/store.ts` alone. */
export type CheckinsTables = Record<never, never>;
