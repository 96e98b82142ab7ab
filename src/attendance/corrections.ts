/**
 * What may be said of a published week whose registers changed since. Two versions of a week differ by the pupils whose
 * marks changed, who may be one pupil; by how much is said only when no nine pupils could have made the difference.
 */
import { attendanceRate, type Totals } from './engine.ts';
import { movedBy } from './figures.ts';
import type { Rule } from './suppression.ts';

/** Undefined when nothing changed. `moved`: points of attendance, one decimal; null when that might tell of a few. */
export function correctionOf(
  then: Totals,
  now: Totals,
  rule: Rule,
): { readonly moved: string | null } | undefined {
  if (then.possible === now.possible && then.absent === now.absent) return undefined;
  if (!attendanceRate(then) || !attendanceRate(now)) return { moved: null };
  const attended = Math.abs(now.possible - now.absent - (then.possible - then.absent));
  const joined = Math.abs(now.possible - then.possible);
  const enough = attended > (rule.threshold - 1) * rule.sessions && joined <= rule.sessions;
  return { moved: enough ? movedBy(then, now) : null };
}
