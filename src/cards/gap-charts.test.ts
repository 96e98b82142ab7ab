import { strict as assert } from 'node:assert';
import { gapByPlace } from './gap-charts.ts';

function labelsOf(...names: string[]): string[] {
  const chart = gapByPlace(
    names.map((name, index) => ({ name, gap: { disadvantaged: 5 + index, others: 2 } })),
  );
  const [first] = (chart?.data ?? []) as { values: { x: string }[] }[];
  return first?.values.map(({ x }) => x) ?? [];
}

describe('bars by school', () => {
  it('have as few words of a name beneath them as tell the schools apart', () => {
    assert.deepEqual(labelsOf('Harbour Primary', 'Lantern Primary'), ['Harbour', 'Lantern']);
    assert.deepEqual(labelsOf("St Mary's Primary", "St Peter's Primary", 'Quayside Academy'), [
      "St Mary's",
      "St Peter's",
      'Quayside',
    ]);
    assert.deepEqual(labelsOf('Bay Park', 'Bay Park Infants', 'Bay'), [
      'Bay Park',
      'Bay Park Infants',
      'Bay',
    ]);
  });
});
