/**
 * Teams' chart elements, each with the same in words for clients without them. Lines differ by colour and by legend, in
 * colours that every kind of colour vision tells apart. No chart says what the text beside it does not.
 */
import type { Element } from './elements.ts';

/**
 * Teams draws a name in one tone, in light and in dark. Of its names three stand out from both grounds (3 to 1, WCAG 2.2,
 * 1.4.11), and of those this pair is furthest apart in every kind of colour vision; `charts.test.ts` measures it.
 */
export const COLOURS = ['categoricalLightBlue', 'divergingRed'] as const;

export type Series = {
  readonly name: string;
  /** In order; `null` leaves a gap in the line. */
  readonly values: readonly (readonly [label: string, value: number | null])[];
};

type ChartText = {
  readonly title: string;
  /** What a point counts, for the axis: `days missed for every 10 pupils`. */
  readonly unit: string;
  /** All of it in words, shown where charts are not, and read out. */
  readonly words: string;
};

/** Points over time, one line a series; at most two. */
export function lineChart(text: ChartText, series: readonly [Series] | readonly [Series, Series]): Element {
  return {
    type: 'Chart.Line',
    ...frame(text),
    data: series.map(({ name, values }, index) => ({
      legend: name,
      color: COLOURS[index],
      values: values.flatMap(([label, value]) => (value === null ? [] : [{ x: label, y: value }])),
    })),
    fallback: inWords(text),
  };
}

/** Bars side by side, one pair a place; at most two series. */
export function groupedBars(text: ChartText, series: readonly [Series] | readonly [Series, Series]): Element {
  return {
    type: 'Chart.VerticalBar.Grouped',
    ...frame(text),
    stacked: false,
    data: series.map(({ name, values }, index) => ({
      legend: name,
      color: COLOURS[index],
      values: values.flatMap(([label, value]) => (value === null ? [] : [{ x: label, y: value }])),
    })),
    fallback: inWords(text),
  };
}

/** For parts of a whole: all three that stand out from both grounds. There is no fourth. */
export const PARTS = [...COLOURS, 'sequential4'] as const;

/** Parts of a whole, each named with its number in the legend; at most three, and none of nought. */
export function donut(
  { title, words }: Omit<ChartText, 'unit'>,
  parts: readonly (readonly [name: string, value: number])[] & { readonly length: 1 | 2 | 3 },
): Element {
  const coloured = parts.map(([name, value], index) => ({
    legend: `${name}: ${value}`,
    value,
    color: PARTS[index],
  }));
  return {
    type: 'Chart.Donut',
    title,
    spacing: 'Medium',
    data: coloured.filter(({ value }) => value > 0),
    fallback: inWords({ words }),
  };
}

/** With its title as a line above: Teams' renderer keeps a chart's own title for screen readers and shows it to nobody else. */
export function titled(chart: Element | undefined): Element[] {
  return chart ? [{ type: 'TextBlock', text: `**${String(chart.title)}**`, wrap: true }, chart] : [];
}

function frame({ title, unit }: ChartText) {
  return { title, xAxisTitle: '', yAxisTitle: unit, spacing: 'Medium' };
}

function inWords({ words }: Pick<ChartText, 'words'>): Element {
  return { type: 'TextBlock', text: words, wrap: true, isSubtle: true };
}
