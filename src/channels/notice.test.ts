import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { isSecret, readNotices } from './notice.ts';

const ITEM = {
  subscriptionId: 's1',
  clientState: 'secret',
  tenantId: 't1',
  changeType: 'created',
  resource: "teams('a')/channels('19:b@thread.tacv2')/messages('1')/replies('2')",
};

describe('what Graph tells', () => {
  it('is a reply in a thread of a channel', () => {
    const read = readNotices({ value: [ITEM], validationTokens: ['x'] });
    assert.deepEqual(read, {
      tokens: ['x'],
      notices: [
        {
          subscriptionId: 's1',
          clientState: 'secret',
          tenantId: 't1',
          kind: 'message',
          channelId: '19:b@thread.tacv2',
          rootId: '1',
          messageId: '2',
        },
      ],
    });
  });

  it('is a thread’s first message, an event in a subscription’s life, or of no concern', () => {
    const kinds = (change: object) => readNotices({ value: [{ ...ITEM, ...change }] })?.notices[0];
    const first = kinds({ resource: "/teams('a')/channels('b')/messages('1')" });
    assert.equal(first?.kind === 'message' && first.messageId, undefined);
    assert.equal(kinds({ resource: undefined, lifecycleEvent: 'missed' })?.kind, 'life');
    assert.equal(kinds({ resource: undefined, lifecycleEvent: 'somethingNew' })?.kind, 'other');
    for (const resource of [
      "users('a')/messages('1')",
      "teams('a')/channels('b')/messages('1')/replies('2')/x",
      '',
      "teams('a')/channels('b/../c')/messages('1')",
    ])
      assert.equal(kinds({ resource })?.kind, 'other', resource);
  });

  it('is nothing else', () => {
    for (const body of [
      undefined,
      null,
      1,
      'x',
      [],
      {},
      { value: [] },
      { value: [1] },
      { value: [{}] },
      { value: [{ ...ITEM, subscriptionId: '' }] },
      { value: [{ ...ITEM, encryptedContent: { data: '%' } }] },
    ])
      assert.equal(readNotices(body), undefined, JSON.stringify(body));
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        readNotices(body);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('is believed by its secret alone, whole', () => {
    assert.ok(isSecret('abc', 'abc'));
    for (const given of ['', 'ab', 'abd', 'abcd', 'ABC', 'äbc']) assert.ok(!isSecret(given, 'abc'), given);
  });
});
