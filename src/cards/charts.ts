/**
 * Teams' chart elements, each with the same in words for clients without them. Lines differ by colour and by legend, in
 * blue and amber, which every kind of colour vision tells apart. No chart says what the text beside it does not.
 */
import type { Element } from './elements.ts';

/** Named colours of Teams' charts; told apart with red-green and blue-yellow blindness, in light and in dark. */
const COLOURS = ['categoricalBlue', 'categoricalMarigold'] as const;

export type Series = {
  readonly name: string;
  /** In order; `null` leaves a gap in the line. */
  readonly values: readonly (readonly [label: string, value: number | null])[];
};

type ChartText = {
  readonly title: string;
  /** What a point counts, for the axis: `days missed by every 10 pupils`. */
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

/** Named colours of Teams' charts for parts of a whole, at most four: told apart by their lightness too. */
const PARTS = ['categoricalBlue', 'categoricalMarigold', 'categoricalPurple', 'neutral'] as const;

/** Parts of a whole, each named with its number in the legend; at most four, and none of nought. */
export function donut(
  { title, words }: Omit<ChartText, 'unit'>,
  parts: readonly (readonly [name: string, value: number])[],
): Element {
  const coloured = parts.slice(0, PARTS.length).map(([name, value], index) => ({
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

function frame({ title, unit }: ChartText) {
  return { title, xAxisTitle: '', yAxisTitle: unit, spacing: 'Medium' };
}

function inWords({ words }: Pick<ChartText, 'words'>): Element {
  return { type: 'TextBlock', text: words, wrap: true, isSubtle: true };
}
