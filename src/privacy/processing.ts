/**
 * What the register of processing says of a table (processing-tables.ts has the entries): what a row holds, about whom, why, who
 * sees it, and until when it is kept. Pure.
 */
import type { Trust } from '../config/trust.ts';
import type { Tables } from '../storage/tables.ts';

export type RetentionName = keyof Trust['retention'];

export type Purpose = keyof typeof PURPOSES;

/** Why anything is kept. The legal basis is for the trust's data protection officer to confirm. */
export const PURPOSES = {
  answers: 'Answering staff from the trust’s own documents',
  attendance: 'Helping schools act on attendance, disadvantaged pupils first',
  plan: 'Following the milestones of the trust’s strategy',
  delivery: 'Sending each message once, to the right person, and being able to show it',
  access: 'Knowing who is staff and who may see what',
  account: 'Being able to show who did what',
} as const;

/** About whom a row tells something. `pupils, as counts`: totals, some of fewer than ten, which nobody is shown. */
export type Subject = 'nobody' | 'staff' | 'pupils, as counts' | 'pupils, by pseudonym' | 'pupils, by name';

export type Keeping =
  /** Follows its source: the directory, the library, the trust's file. */
  | { readonly until: 'replaced' }
  /** Goes with the row of another table: `column` there is its `key`. */
  | { readonly until: 'parent'; readonly table: keyof Tables; readonly key: string; readonly column: string }
  /** Deleted every night once `since` is so many days past. */
  | {
      readonly until: 'days';
      readonly setting: RetentionName;
      readonly since: string;
      /** How `since` is written: an instant, or an ISO week as text. */
      readonly as: 'instant' | 'week';
      /** Only rows of which this column is one of these; others are still at work. */
      readonly only?: { readonly column: string; readonly in: readonly string[] };
      /** Not while one of these tables still points to it. */
      readonly unless?: readonly {
        readonly table: keyof Tables;
        readonly key: string;
        readonly column: string;
      }[];
    }
  /** Its slice has a rule of its own. */
  | { readonly until: 'rule'; readonly says: string };

/** The column that says whose a row is; `prefix` stands there before the id, and other rows are nobody's. */
export type Owner = { readonly column: string; readonly prefix?: string };

export type ProcessingEntry = {
  /** What a row is, in words for a data protection officer. */
  readonly holds: string;
  readonly about: Subject;
  readonly purpose: Purpose;
  /** Who is shown it. */
  readonly seenBy: string;
  readonly keep: Keeping;
  /** Its rows are one person's alone: `retention.leavers_days` after they left the directory they go, whatever `keep` says. */
  readonly owner?: Owner;
};
