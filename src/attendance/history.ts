/**
 * Several weeks' releases side by side: the gap over at most six weeks as a chart, and the same in words. Fewer than three
 * weeks make no line, since two points are no trend. Reads releases alone.
 */
import { lineChart } from '../cards/charts.ts';
import type { Element } from '../cards/elements.ts';
import { dateInWords } from '../kernel/time.ts';
import type { Release } from './release.ts';

export const CHART_WEEKS = 6;
const FEWEST = 3;

/** Releases oldest first. Undefined when fewer than three of the last six show a gap. */
export function gapChart(releases: readonly Release[]): Element | undefined {
  const shown = releases.slice(-CHART_WEEKS).flatMap(({ monday, gap }) => (gap ? [{ monday, gap }] : []));
  if (shown.length < FEWEST) return undefined;
  const label = (monday: string) => dateInWords(monday).replace('Monday ', '');
  const inWords = shown.map(({ monday, gap }) => `${label(monday)}: ${gap.disadvantaged} and ${gap.others}`);
  return lineChart(
    {
      title: 'Days missed for every 10 pupils',
      unit: 'days',
      words: `Week by week, those experiencing disadvantage and others: ${inWords.join('; ')}.`,
    },
    [
      {
        name: 'Experiencing disadvantage',
        values: shown.map(({ monday, gap }) => [label(monday), gap.disadvantaged] as const),
      },
      { name: 'Others', values: shown.map(({ monday, gap }) => [label(monday), gap.others] as const) },
    ],
  );
}
