import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { readOutside } from './outside.ts';

describe('JSON from outside', () => {
  it('comes through as it is when there is nothing wrong with it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme-ascii' }), (value) => {
        assert.deepEqual(readOutside(JSON.stringify(value)), {
          kind: 'value',
          value: JSON.parse(JSON.stringify(value)),
        });
      }),
    );
  });

  it('loses what no database keeps: control characters, halves of a pair, fields so named', () => {
    const text = '{"id":"a\\u0000b","half":"x\\ud800","a\\u0000":1,"list":["\\u0001",{"deep":"\\u0002y"}]}';
    assert.deepEqual(readOutside(text), {
      kind: 'value',
      value: { id: 'ab', half: 'x\ufffd', list: ['', { deep: 'y' }] },
    });
  });

  it('is refused when it is none, or too deep for a reader', () => {
    assert.deepEqual(readOutside('{"a":'), { kind: 'not-json' });
    for (const depth of [70, 5_000, 100_000])
      assert.deepEqual(
        readOutside(`${'['.repeat(depth)}${']'.repeat(depth)}`),
        { kind: 'too-deep' },
        `${depth}`,
      );
  });

  it('cannot change what every object is', () => {
    const read = readOutside('{"__proto__":{"staff":true}}');
    assert.equal(({} as { staff?: boolean }).staff, undefined);
    assert.ok(read.kind === 'value');
  });
});
