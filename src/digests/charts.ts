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

function byStatus({ statuses }: Digest): Element | undefined {
  const { onTrack, atRisk, offTrack, notYet } = statuses;
  if (onTrack + atRisk + offTrack + notYet < FEWEST_MILESTONES) return undefined;
  return donut({ title: 'Milestones', words: `Milestones: ${listInWords(countsInWords(statuses))}.` }, [
    ['On track', onTrack],
    ['At risk or off track', atRisk + offTrack],
    ['Not yet checked in', notYet],
  ]);
}
