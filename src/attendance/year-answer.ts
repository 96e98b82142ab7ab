/**
 * A school year in an answer: its weeks as they were published, added up, as the year's newest release has them; or what is held
 * instead. Released figures alone. Pure.
 */
import { type Card, card, line, said, title } from '../cards/elements.ts';
import { numberInWords } from '../kernel/text.ts';
import { dateWithYear, mondayOf } from '../kernel/time.ts';
import type { Group } from './asking-groups.ts';
import { QUERIED } from './card.ts';
import { BOUND_WORDS, gapSentence, isEarly } from './card-lines.ts';
import type { Release } from './release.ts';

/** `2024/25`, by the calendar year in which it begins. */
export function yearName(start: number): string {
  return `${start}/${String((start + 1) % 100).padStart(2, '0')}`;
}

/** `release`: the newest of the school year that stands. */
export function yearCard(
  release: Release,
  about: {
    readonly start: number;
    readonly group: Group | undefined;
    readonly queried: boolean;
    readonly today: string;
  },
): Card {
  const year = yearName(about.start);
  return card({
    summary: `${said(release.schoolName)}: attendance in ${year}`,
    body: [
      title(`${said(release.schoolName)}, school year ${year}`),
      ...yearLines(release, about.group).map((text) => line(text)),
      line(
        isEarly(release, about.today)
          ? 'Weeks as they were published on their Mondays; the newest is provisional.'
          : 'Weeks as they were published on their Mondays, before later corrections.',
        { subtle: true },
      ),
      ...(about.queried ? [line(QUERIED, { strong: true })] : []),
    ],
  });
}

function yearLines({ toDate, schoolName, schoolDays }: Release, group: Group | undefined): string[] {
  if (!toDate) return [`${said(schoolName)}’s figures of that year are too small to show here.`];
  const weeks = toDate.weeks === 1 ? 'one week' : `${numberInWords(toDate.weeks)} weeks`;
  const since = `Published: ${weeks}, from that of ${dateWithYear(toDate.from)} on.`;
  const whole = `Whole school: ${toDate.school.perHundred}${BOUND_WORDS[toDate.school.bound]} in every 100 sessions attended.`;
  if (group === 'send' || group === 'other')
    return ['I don’t say figures of that group for a year. This is the whole school.', whole, since];
  const gap = toDate.gap
    ? `A week of ${schoolDays} days: ${gapSentence(toDate.gap)}`
    : 'For disadvantaged pupils and others there is no comparison over the year to show. They still come first.';
  return group === 'disadvantaged' ? [gap, since] : [gap, whole, since];
}

/** Nothing of that year stands. `span`: the weeks of the first and last release that do; undefined for none. */
export function heldInstead(
  schoolName: string,
  start: number,
  span: { readonly first: string; readonly last: string } | undefined,
): string {
  const none = `I hold no published figures of ${schoolName} for ${yearName(start)}.`;
  if (!span) return `${none} They come on Mondays, once the marks are in.`;
  const [first, last] = [span.first, span.last].map((week) => dateWithYear(mondayOf(week)));
  return first === last
    ? `${none} What I hold is the week of ${first}.`
    : `${none} What I hold goes from the week of ${first} to that of ${last}.`;
}
