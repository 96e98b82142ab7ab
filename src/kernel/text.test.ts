import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { fold, readable, storable } from './text.ts';

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

describe('text from outside', () => {
  it('loses what neither a store nor a document can keep, and nothing else', () => {
    assert.equal(storable('a\u0000b\ufffec\uffffd\tE\n\ud83d\ude42'), 'abcd\tE\n\ud83d\ude42');
    assert.equal(storable('x\ud800y'), 'x\ufffdy');
  });

  it('is read as it is seen: nothing unseen stays in it, and what nobody sees is nothing', () => {
    assert.equal(readable('Fe\u00adwer da\u200bys \u202elost\ufeff'), 'Fewer days lost');
    for (const unseen of ['', ' \n', '\u200b\u200b', '\u200d', '\u202e \u2066'])
      assert.equal(readable(unseen), '');
    for (const seen of ['\ud83d\udc69\u200d\ud83c\udfeb', 'A\nB', '?']) assert.equal(readable(seen), seen);
  });
});
