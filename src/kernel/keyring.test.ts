import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { keyringOf, open, seal } from './keyring.ts';

const KEYS = keyringOf('ab'.repeat(32));
const PLACE = ['100001', '2026-W47'];

describe('a keyring', () => {
  it('opens what it locked, at its own place alone', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(fc.string()), fc.array(fc.string()), (plain, place, other) => {
        const sealed = seal(KEYS, place, plain);
        assert.deepEqual(new Uint8Array(open(KEYS, place, sealed)), plain);
        if (JSON.stringify(place) !== JSON.stringify(other)) assert.throws(() => open(KEYS, other, sealed));
      }),
    );
  });

  it('opens nothing of which a single bit was changed', () => {
    const sealed = seal(KEYS, PLACE, Buffer.from('Marigold Blackwood'));
    for (let bit = 0; bit < sealed.body.length * 8; bit += 1) {
      const body = Buffer.from(sealed.body);
      body.writeUInt8(body.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.throws(() => open(KEYS, PLACE, { ...sealed, body }), `bit ${bit}`);
    }
  });

  it('locks with the newest key, and opens with whichever locked', () => {
    const sealed = seal(KEYS, PLACE, Buffer.from('1'));
    const changing = keyringOf('cd'.repeat(32), 'ab'.repeat(32));
    assert.equal(open(changing, PLACE, sealed).toString(), '1');
    assert.notEqual(seal(changing, PLACE, Buffer.from('1')).mark, sealed.mark);
    assert.throws(() => open(keyringOf('cd'.repeat(32)), PLACE, sealed), { code: 'key-missing' });
  });

  it('shows nothing of the key in its mark, and locks the same bytes differently each time', () => {
    const [one, two] = [seal(KEYS, PLACE, Buffer.from('1')), seal(KEYS, PLACE, Buffer.from('1'))];
    assert.ok(!'ab'.repeat(32).includes(one.mark));
    assert.notDeepEqual(one.body, two.body);
  });
});
