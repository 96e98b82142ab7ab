import { strict as assert } from 'node:assert';
import { harmsOf, WEAKENED } from '../../test/support/attacked.ts';
import { ATTACKS, makeAttacks } from '../../test/support/attacks.ts';

describe('attacks by documents, by what is typed and by a model', () => {
  const families = Object.keys(ATTACKS);
  for (const attack of makeAttacks(families.length * 2)) {
    it(`${attack.number}: "${attack.family}" fails, and succeeds without the defence "${attack.against}"`, async () => {
      assert.deepEqual(await harmsOf(attack), []);
      assert.notDeepEqual(await harmsOf(attack, attack.against), []);
    });
  }

  it('try every defence there is', () => {
    const tried = new Set(makeAttacks(families.length).map((attack) => attack.against));
    assert.deepEqual([...tried].sort(), Object.keys(WEAKENED).sort());
  });
});
