import { strict as assert } from 'node:assert';
import { isTest, readSources } from './sources.ts';

const shipped = readSources('src').filter(({ path }) => !isTest(path));
/** Of check-ins, milestones and digests: what is sent to people about people. */
const CARDS = shipped.filter(
  ({ path, code }) => /^src\/(?:checkins|digests)\//.test(path) && /\bcard\(\{/.test(code),
);

describe('"Who sees this?"', () => {
  it('is asked in one place', () => {
    const asking = shipped.filter(({ code }) =>
      /Who sees this\?/.test(code.replace(/\/\*[\s\S]*?\*\//g, '')),
    );
    assert.deepEqual(
      asking.map(({ path }) => path),
      ['src/cards/who-sees.ts'],
    );
  });

  it('is answered as often as a file of check-ins or digests makes a card', () => {
    assert.ok(CARDS.length > 12, `${CARDS.length} files make cards`);
    const short = CARDS.flatMap(({ path, code }) => {
      const made = code.match(/\bcard\(\{/g)?.length ?? 0;
      const answers = code.match(/\bwhoSees\w*\(/g)?.length ?? 0;
      return answers < made ? [`${path}: ${made} cards, ${answers} answers`] : [];
    });
    assert.deepEqual(short, []);
  });
});
