import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { fold } from './text.ts';

describe('folding words', () => {
  it('takes the quick way for plain words to the same end as the long way', () => {
    const typed = fc.string({
      unit: fc.constantFrom('a', 'B', ' ', '-', "'", '~', '!', '\n', '\t', 'É', '’'),
    });
    fc.assert(
      fc.property(typed, (text) => {
        // A no-break space is no plain word, and at the end it is trimmed away.
        assert.equal(fold(text), fold(`${text}\u00a0`));
      }),
      { numRuns: 500 },
    );
  });
});
