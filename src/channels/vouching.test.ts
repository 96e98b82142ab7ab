import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { createVouching, statesIn } from './vouching.ts';

const bodyOf = (states: readonly string[], space?: number) =>
  Buffer.from(
    JSON.stringify(
      { value: states.map((clientState) => ({ subscriptionId: 's', clientState })) },
      null,
      space,
    ),
  );

describe('who proves to be Graph before a word is read', () => {
  it('is whoever carries one of our secrets, alone or among others’', async () => {
    const vouches = createVouching(async () => ['one-of-ours', 'another-of-ours']);
    for (const space of [undefined, 2]) {
      assert.equal(await vouches(bodyOf(['one-of-ours'], space)), true);
      assert.equal(await vouches(bodyOf(['guessed', 'another-of-ours'], space)), true);
      assert.equal(await vouches(bodyOf(['guessed', ''], space)), false);
    }
    for (const junk of ['', '{"value":[]}', '"one-of-ours"', '"clientState":one-of-ours'])
      assert.equal(await vouches(Buffer.from(junk)), false);
  });

  it('finds each secret wherever a body says it', () => {
    const secret = fc.stringMatching(/^[0-9a-f]{1,64}$/);
    fc.assert(
      fc.property(fc.array(secret, { maxLength: 20 }), fc.constantFrom(undefined, 1, 4), (states, space) => {
        assert.deepEqual(statesIn(bodyOf(states, space)), states);
      }),
    );
  });

  it('asks for our secrets once, however many bodies come', async () => {
    let asked = 0;
    const vouches = createVouching(async () => {
      asked += 1;
      return ['ours'];
    });
    for (let n = 0; n < 100; n += 1) await vouches(bodyOf(['guessed']));
    await vouches(Buffer.from('{"value":1}'));
    assert.equal(asked, 1);
  });

  it('asks again after it could not be told them', async () => {
    let away = true;
    const vouches = createVouching(async () => {
      if (away) throw new Error('the store is away');
      return ['ours'];
    });
    await assert.rejects(vouches(bodyOf(['ours'])));
    away = false;
    assert.equal(await vouches(bodyOf(['ours'])), true);
  });
});
