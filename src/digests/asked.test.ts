import { strict as assert } from 'node:assert';
import { requestIn } from './asked.ts';

const terms = [
  { term: 6, from: '2026-06-01', to: '2026-07-22' },
  { term: 1, from: '2026-09-03', to: '2026-10-23' },
  { term: 2, from: '2026-11-02', to: '2026-12-18' },
];
const asked = (text: string, today = '2026-11-23') => requestIn(text, { today, terms, name: 'Tideway' });

describe('what is asked of digests in words', () => {
  it('is one as of now', () => {
    for (const text of ['Digest', 'my digest.', 'How is the trust doing?', 'how is Tideway doing'])
      assert.deepEqual(asked(text), { kind: 'now' }, text);
  });

  it('is one of a past day, in the ways that people write a day', () => {
    for (const text of [
      'digest on 2026-11-09',
      'the digest as it stood on Monday 9 November',
      'digest for 9th nov',
      'how was the trust doing on 9 November 2026?',
    ])
      assert.deepEqual(asked(text), { kind: 'past', date: '2026-11-09' }, text);
    assert.deepEqual(asked('digest of 1 December'), { kind: 'past', date: '2025-12-01' });
    assert.deepEqual(asked('digest on 31 February'), { kind: 'no-day' });
    assert.deepEqual(asked('digest on 2027-01-01'), { kind: 'no-day' });
    assert.deepEqual(asked('digest on 23 November'), { kind: 'now' });
  });

  it('is what changed since a day that schools have a name for', () => {
    const since = (text: string, today?: string) => {
      const request = asked(text, today);
      return request?.kind === 'since' ? [request.since, request.name] : request?.kind;
    };
    assert.deepEqual(since('What changed since half-term?'), ['2026-10-23', 'half-term']);
    assert.deepEqual(since("what's new since the half term"), ['2026-10-23', 'half-term']);
    assert.deepEqual(since('What has changed since last term'), ['2026-10-23', 'last term']);
    assert.deepEqual(since('Compare with last term', '2026-12-22'), ['2026-10-23', 'last term']);
    assert.deepEqual(since('what changed since the start of term'), ['2026-11-01', 'the start of term']);
    assert.deepEqual(since('what changed since the start of the year'), [
      '2026-09-02',
      'the start of the year',
    ]);
    assert.deepEqual(since('what changed since 2 November'), ['2026-11-02', '2 November']);
  });

  it('is nothing of ours when it asks for something else', () => {
    for (const text of [
      'Compare with Ofsted',
      'what changed since the new policy',
      'how is attendance doing',
      'digestive biscuits',
    ])
      assert.equal(asked(text), undefined, text);
  });
});
