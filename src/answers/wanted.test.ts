import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { documentText, meets, textOf } from './match.ts';
import { bestIn, wantedBy } from './wanted.ts';

const stem = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const form = fc.record(
  {
    stems: fc.array(stem, { minLength: 1, maxLength: 3 }),
    value: fc.constantFrom(1, 0.9, 0.65, 0.55, 0.4),
    loose: fc.constant(true as const),
  },
  { requiredKeys: ['stems', 'value'] },
);
const concept = fc.record({
  word: stem,
  forms: fc.array(form, { minLength: 1, maxLength: 5 }),
  named: fc.constant(false),
  known: fc.constant(false),
});

describe('what a question wants of a text', () => {
  it('is found at once as it would be found wording by wording', () => {
    fc.assert(
      fc.property(
        fc.array(concept, { maxLength: 4 }),
        fc.array(stem, { maxLength: 12 }),
        (concepts, stems) => {
          const text = textOf(stems);
          const oneByOne = concepts.map(({ forms }) =>
            Math.max(0, ...forms.filter((one) => meets(text, one)).map(({ value }) => value)),
          );
          assert.deepEqual(bestIn(wantedBy(concepts), text), oneByOne);
          assert.deepEqual(bestIn(wantedBy(concepts), documentText(stems.join(' '))), oneByOne);
          assert.deepEqual(
            bestIn(wantedBy(concepts), text, 0.6),
            oneByOne.map((value) => (value >= 0.6 ? value : 0)),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
