/** How an entry of the register of processing is written, in few words. Pure. */
import type { Keeping, Owner, ProcessingEntry, Purpose, RetentionName, Subject } from './processing.ts';

export const REPLACED = { until: 'replaced' } as const;
export const SERVICE = 'the service alone';

export function days(setting: RetentionName, since: string): Keeping {
  return { until: 'days', setting, since, as: 'instant' };
}

export function weeks(since = 'week'): Keeping {
  return { until: 'days', setting: 'figures_days', since, as: 'week' };
}

/** Rows that are only theirs whose id stands there. */
export const THEIRS: Owner = { column: 'person_id' };

export function rule(says: string): Keeping {
  return { until: 'rule', says };
}

export function entry(
  purpose: Purpose,
  about: Subject,
  holds: string,
  seenBy: string,
  keep: Keeping,
  owner?: Owner,
): ProcessingEntry {
  return { holds, about, purpose, seenBy, keep, ...(owner ? { owner } : {}) };
}
