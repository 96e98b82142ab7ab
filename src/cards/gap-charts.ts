/**
 * The gap as a picture, the same in every card: over some weeks as lines, by school as bars; with all of it in words. Takes
 * figures that may be shown and nothing else. Too few points make no picture.
 */
import { dateInWords } from '../kernel/time.ts';
import { groupedBars, lineChart } from './charts.ts';
import { type Element, said } from './elements.ts';

/** Days that every ten pupils of a group missed between them. */
export type GapPoint = { readonly disadvantaged: number; readonly others: number };

export const CHART_WEEKS = 6;
/** Two points are no trend. */
const FEWEST_WEEKS = 3;
const FEWEST_BARS = 2;
/** More schools than this make bars too thin to read on a phone. */
const MOST_BARS = 8;
const TEXT = { title: 'Days missed for every 10 pupils', unit: 'days missed for every 10 pupils' };
/** Teams cuts a label of a narrow axis: of a month three letters stand there. */
const MONTH = /( [A-Z][a-z]{2})[a-z]+$/;
const NAMES = ['Experiencing disadvantage', 'Others'] as const;

type Labelled = GapPoint & { readonly label: string };

/** Weeks oldest first; of the last six, those that show a gap. Undefined with fewer than three. */
export function gapOverWeeks(
  weeks: readonly { readonly monday: string; readonly gap: GapPoint | null }[],
): Element | undefined {
  const shown = weeks
    .slice(-CHART_WEEKS)
    .flatMap(({ monday, gap }): Labelled[] =>
      gap ? [{ label: dateInWords(monday).replace('Monday ', ''), ...gap }] : [],
    );
  if (shown.length < FEWEST_WEEKS) return undefined;
  const words = shown.map(({ label, disadvantaged, others }) => `${label}: ${disadvantaged} and ${others}`);
  return lineChart(
    { ...TEXT, words: `Week by week, those experiencing disadvantage and others: ${words.join('; ')}.` },
    seriesOf(shown.map((week) => ({ ...week, label: week.label.replace(MONTH, '$1') }))),
  );
}

/** In the order given. Undefined with fewer than two places, or more than bars can show. */
export function gapByPlace(
  places: readonly { readonly name: string; readonly gap: GapPoint | null }[],
): Element | undefined {
  const names = places.map(({ name }) => name);
  const shown = places.flatMap(({ name, gap }): Labelled[] =>
    gap ? [{ label: short(name, names), ...gap }] : [],
  );
  if (shown.length < FEWEST_BARS || shown.length > MOST_BARS) return undefined;
  const words = shown.map(
    ({ label, disadvantaged, others }) => `${said(label)} ${disadvantaged} and ${others}`,
  );
  return groupedBars(
    {
      ...TEXT,
      title: `${TEXT.title}, by school`,
      words: `${TEXT.title}, those experiencing disadvantage and others: ${words.join('; ')}.`,
    },
    seriesOf(shown),
  );
}

function seriesOf(points: readonly Labelled[]) {
  return [
    { name: NAMES[0], values: points.map(({ label, disadvantaged }) => [label, disadvantaged] as const) },
    { name: NAMES[1], values: points.map(({ label, others }) => [label, others] as const) },
  ] as const;
}

/** `Harbour` of `Harbour Primary`, since labels under bars are narrow; of "St Mary's" and "St Peter's" as many words as tell them apart. */
function short(name: string, names: readonly string[]): string {
  const words = name.split(' ');
  const begins = (other: string, most: number) => other.split(' ').slice(0, most).join(' ');
  const fewest = words.findIndex((_, index) => {
    const own = begins(name, index + 1);
    return names.every((other) => other === name || begins(other, index + 1) !== own);
  });
  return fewest < 0 ? name : begins(name, fewest + 1);
}
