/** Rows of digests as they were sent. Written by `digests/store.ts` alone. */
export type DigestsTables = Record<never, never>;
