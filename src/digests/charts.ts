/** The pictures of a digest: milestones by status, the gap over weeks, the gap by school. Each says what words beside it say. Pure. */
import { donut } from '../cards/charts.ts';
import type { Element } from '../cards/elements.ts';
import { gapByPlace, gapOverWeeks } from '../cards/gap-charts.ts';
import { listInWords } from '../kernel/text.ts';
import type { Digest } from './compose.ts';
import { countsInWords } from './lines.ts';

/** Fewer milestones than this are read faster than a ring. */
const FEWEST_MILESTONES = 3;

export function chartsOf(digest: Digest): {
  readonly byStatus?: Element | undefined;
  readonly overWeeks?: Element | undefined;
  readonly bySchool?: Element | undefined;
} {
  const { attendance } = digest;
  // Bars stand beside each other only for one and the same week.
  const schools = (attendance?.schools ?? []).filter(({ week }) => week === undefined);
  return {
    byStatus: byStatus(digest),
    overWeeks: attendance?.weeks && gapOverWeeks(attendance.weeks),
    bySchool: gapByPlace(schools.map(({ name, missedByTen }) => ({ name, gap: missedByTen ?? null }))),
  };
}

/** Names short enough that Teams shows all three under the ring: it folds away what does not fit one line. */
function byStatus({ statuses }: Digest): Element | undefined {
  const { onTrack, atRisk, offTrack, notYet } = statuses;
  const parts = [
    ['On track', onTrack],
    ['At risk or off', atRisk + offTrack],
    ['None approved', notYet],
  ] as const;
  const [all, different] = [onTrack + atRisk + offTrack + notYet, parts.filter(([, number]) => number > 0)];
  // A ring of one part says nothing.
  if (all < FEWEST_MILESTONES || different.length < 2) return undefined;
  return donut({ title: 'Milestones', words: `Milestones: ${listInWords(countsInWords(statuses))}.` }, parts);
}
