/**
 * The school year so far, of the weeks that were published, as they were published. It adds up shown sessions only: a week
 * that was hidden could otherwise be worked out by taking one Monday's total from the next one's.
 */
import { mondayOf } from '../kernel/time.ts';
import { pool } from './engine.ts';
import { figureOf, gapOf, poolShown } from './figures.ts';
import type { ReleaseBody } from './release-shape.ts';
import { type Counts, type Showable, showable } from './showable.ts';

/** A week as it was published, with the counts that its release was made of. */
export type PublishedWeek = {
  readonly release: Pick<ReleaseBody, 'week' | 'monday' | 'threshold' | 'schoolDays' | 'school' | 'gap'>;
  readonly counts: Counts;
};

export function toDateOf(
  week: string,
  shown: Showable,
  schoolDays: number,
  published: readonly PublishedWeek[],
): ReleaseBody['toDate'] {
  if (!shown.all) return null;
  const earlier = published
    .filter(({ release }) => release.school !== null && release.week < week)
    .map(({ release, counts }) => ({
      monday: release.monday,
      gap: release.gap !== null,
      shown: showable(counts, { threshold: release.threshold, sessions: release.schoolDays * 2 }),
    }));
  const all = poolShown([shown.all, ...earlier.flatMap((one) => (one.shown.all ? [one.shown.all] : []))]);
  const school = all && figureOf(all);
  if (!school) return null;
  const pairs = [shown.pp, ...earlier.map((one) => (one.gap ? one.shown.pp : null))].filter(
    (pair) => pair !== null,
  );
  const side = (pick: 'yes' | 'no') => pool(pairs.map((pair) => pair[pick]));
  return {
    weeks: earlier.length + 1,
    from: [mondayOf(week), ...earlier.map((one) => one.monday)].toSorted()[0] ?? mondayOf(week),
    school,
    gap: shown.pp && gapOf(side('yes'), side('no'), schoolDays),
  };
}
