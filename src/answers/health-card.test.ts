import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { cardProblems } from '../cards/size.ts';
import { healthCard, healthDoneCard } from './health-card.ts';

describe("the card of a document's health", () => {
  it('keeps the limits of cards whatever documents say, and gives no mark or link of theirs a meaning', () => {
    const words = fc.array(
      fc.constantFrom(
        'the',
        'policy',
        '[x](https://evil.example)',
        '**must**',
        '<at>all</at>',
        'x'.repeat(90),
      ),
      {
        minLength: 1,
        maxLength: 80,
      },
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 60 }), (found) => {
        const card = healthCard(
          found.map((text) => ({ text: text.join(' '), doc: 'A policy', url: 'https://t.example/a' })),
        );
        // What leaders call forbidden words may stand in a quotation of their own document.
        assert.deepEqual(cardProblems(card), []);
        assert.doesNotMatch(JSON.stringify(card.content.body), /evil\.example|<at>|(?<!\\)\*\*/);
      }),
    );
    for (const why of ['mended', 'newer'] as const) assert.deepEqual(cardProblems(healthDoneCard(why)), []);
  });
});
