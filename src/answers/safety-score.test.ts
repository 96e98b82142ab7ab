/** Holds the trained part of the safety recogniser to its file: small, quick, and what training gives. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { trainedWeights, trainingPhrases } from '../../samples/train-safety.ts';
import ordinary from '../../test/support/ordinary-questions.json' with { type: 'json' };
import later from '../../test/support/safety-later.json' with { type: 'json' };
import newcomer from '../../test/support/safety-newcomer.json' with { type: 'json' };
import phrasings from '../../test/support/safety-phrasings.json' with { type: 'json' };
import { recogniseSafety } from './safety.ts';
import { featuresOf } from './safety-features.ts';
import { unpack, weigh } from './safety-score.ts';

const FILE = 'src/answers/safety-weights.json';

describe('the trained part of the safety recogniser', () => {
  it('is what training on the committed phrases gives, in at most 400 KB', function () {
    this.timeout(120_000);
    const committed = readFileSync(FILE, 'utf8');
    assert.equal(
      committed,
      `${JSON.stringify(trainedWeights(), null, 2)}\n`,
      'run: npx node samples/train-safety.ts',
    );
    assert.ok(Buffer.byteLength(committed) <= 400_000);
  });

  it('was not trained on the phrasings that measure it', () => {
    const trained = new Set(trainingPhrases().map(({ text }) => text.toLowerCase()));
    const measured = [...phrasings, ...later.worries].map(({ text }) => text);
    const shared = [
      ...measured,
      ...ordinary,
      ...later.ordinary,
      ...newcomer.worries,
      ...newcomer.ordinary,
    ].filter((text) => text.split(' ').length > 4 && trained.has(text.toLowerCase()));
    assert.deepEqual(shared, []);
  });

  it('weighs what it knows, and nothing else', () => {
    const known = unpack({ bias: 0, unit: 0.5, features: { '2': 'a b', '-4': 'c' } });
    assert.deepEqual(
      [...known],
      [
        ['a', 1],
        ['b', 1],
        ['c', -2],
      ],
    );
    assert.equal(weigh(0.25, known, ['a', 'b', 'never seen']), 0.25 + 2 / Math.sqrt(3));
    assert.equal(weigh(0.25, known, []), 0.25);
  });

  it('reads a word by what it means, in any language', () => {
    for (const text of [
      'her dad slapped a girl',
      'tata bije dziecko',
      'पिता बच्चे को मारता',
      '爸爸打孩子',
      'ابوه يضرب طفل',
    ])
      for (const name of ['p:HIT:CHILD', 'p:HIT:FAMILY'])
        assert.ok(featuresOf(text).includes(name), `${name}: ${text}`);
  });

  it('gives the same answer twice and takes at most 5 ms for a short message', () => {
    const texts = phrasings.map(({ text }) => text);
    const first = texts.map((text) => recogniseSafety(text)?.kind);
    const took: number[] = [];
    const second = texts.map((text) => {
      const from = performance.now();
      const kind = recogniseSafety(text)?.kind;
      took.push(performance.now() - from);
      return kind;
    });
    assert.deepEqual(second, first);
    const middle = took.sort((one, other) => one - other)[Math.floor(took.length / 2)] ?? 0;
    assert.ok(middle <= 5, `${middle.toFixed(1)} ms`);
  });
});
