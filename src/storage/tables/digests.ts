/** Rows of digests as they were sent, and of who wants fewer. Written by `digests/store.ts` alone. */
import type { Json } from './foundation.ts';

export type DigestsTables = { digests: DigestRow; digest_preferences: DigestPreferenceRow };

/** `digest` is the whole of it as it stood; `digests/compose.ts` gives it its shape. */
export type DigestRow = {
  id: string;
  person_id: string;
  slot: string;
  date: string;
  made_at: Date;
  digest: Json<unknown>;
};

export type DigestPreferenceRow = { person_id: string; every_weeks: number; changed_at: Date };
