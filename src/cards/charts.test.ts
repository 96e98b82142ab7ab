import { strict as assert } from 'node:assert';
import { CHART_TONES } from '../../test/support/chart-drawing.ts';
import {
  contrast,
  difference,
  labOf,
  linearOf,
  seenBy,
  VISIONS,
  type Vision,
} from '../../test/support/colour-vision.ts';
import { COLOURS, donut, groupedBars, lineChart, PARTS } from './charts.ts';

/** Teams' cards, light and dark. */
const GROUNDS = ['#ffffff', '#292929'];
/** WCAG 2.2, 1.4.11. */
const LEAST_CONTRAST = 3;
/** CIEDE2000: lines that cross must be far apart, parts of a ring with their names beside them plainly apart. */
const LEAST = { lines: 30, parts: 7 };

function differenceSeen(vision: Vision, one: string, other: string): number {
  const seen = (hex: string) => labOf(seenBy(vision, linearOf(hex)));
  return difference(seen(one), seen(other));
}

describe('the measure of colours', () => {
  it('gives the differences that its paper prints', () => {
    // Sharma, Wu and Dalal 2005, table 1: pairs 1, 7, 17 and 25.
    const pairs = [
      [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
      [[50, 0, 0], [50, -1, 2], 2.3669],
      [[50, 2.5, 0], [73, 25, -18], 27.1492],
      [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    ] as const;
    for (const [one, other, printed] of pairs)
      assert.ok(
        Math.abs(difference(one, other) - printed) < 0.0001,
        `${difference(one, other)}, not ${printed}`,
      );
    assert.equal(Math.round(contrast('#ffffff', '#000000')), 21);
  });

  it('leaves white and grey as they are, and would find the pair that must not be used', () => {
    for (const vision of Object.keys(VISIONS) as Vision[])
      for (const hex of ['#ffffff', '#808080'])
        assert.ok(difference(labOf(seenBy(vision, linearOf(hex))), labOf(linearOf(hex))) < 0.5, vision);
    // Red and green of one lightness: apart for most people, alike in deuteranopia.
    assert.ok(differenceSeen('usual', '#b05a3c', '#7a7a1e') > 25);
    assert.ok(differenceSeen('deuteranopia', '#b05a3c', '#7a7a1e') < LEAST.lines);
  });
});

describe('colours of charts', () => {
  const tones = (names: readonly (keyof typeof CHART_TONES)[]) => names.map((name) => CHART_TONES[name]);

  for (const ground of GROUNDS)
    it(`stand out from ${ground}`, () => {
      for (const tone of tones(PARTS)) {
        const found = contrast(tone, ground);
        assert.ok(found >= LEAST_CONTRAST, `${tone} on ${ground}: ${found.toFixed(2)} to 1`);
      }
    });

  for (const vision of Object.keys(VISIONS) as Vision[])
    it(`can be told apart with ${vision} vision`, () => {
      const apart = (some: readonly string[], least: number) => {
        for (const [index, one] of some.entries())
          for (const other of some.slice(index + 1)) {
            const found = differenceSeen(vision, one, other);
            assert.ok(found >= least, `${one} and ${other}: ${found.toFixed(1)}`);
          }
      };
      apart(tones(COLOURS), LEAST.lines);
      apart(tones(PARTS), LEAST.parts);
    });

  it('are the only ones in use, and every chart says the same in words', () => {
    const text = { title: 'Days', unit: 'days', words: '5 October: 6 and 2.' };
    const one = { name: 'One', values: [['5 October', 6] as const] };
    const charts = [
      lineChart(text, [one, { ...one, name: 'Other' }]),
      groupedBars(text, [one, { ...one, name: 'Other' }]),
      donut(text, [
        ['On track', 1],
        ['At risk or off track', 2],
        ['Not yet checked in', 1],
      ]),
    ];
    for (const chart of charts) {
      const used = (chart.data as { color: string }[]).map(({ color }) => color);
      assert.deepEqual(used, [...new Set(used)]);
      for (const color of used) assert.ok(color in CHART_TONES, color);
      assert.deepEqual((chart.fallback as { type: string }).type, 'TextBlock');
    }
  });
});
