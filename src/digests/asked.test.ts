import { strict as assert } from 'node:assert';
import { requestIn } from './asked.ts';

const terms = [
  { term: 6, from: '2026-06-01', to: '2026-07-22' },
  { term: 1, from: '2026-09-03', to: '2026-10-23' },
  { term: 2, from: '2026-11-02', to: '2026-12-18' },
];
const asked = (text: string, today = '2026-11-23') =>
  requestIn(text, { today, terms, names: ['Tideway', 'Harbour Primary'] });

describe('what is asked of digests in words', () => {
  it('is one as of now', () => {
    for (const text of [
      'Digest',
      'my digest.',
      'How is the trust doing?',
      'how is Tideway doing',
      'How’s my school doing?',
      'how are our schools going',
      'How is Harbour Primary doing?',
      'Show me the digest',
      'my digest please',
      'this week’s digest',
      'How is the trust doing this week?',
      'how are we getting on at the moment',
      'Tell me how the trust is doing',
      'how is everything going',
    ])
      assert.deepEqual(asked(text), { kind: 'now' }, text);
  });

  it('is why it comes and how often, in the words of its buttons and near them', () => {
    for (const text of [
      'Why am I seeing this?',
      'why am I getting this digest',
      'why do I get digests',
      'Less often',
      'digest less often',
      'fewer of these',
      'Fewer digests',
      'weekly again',
    ])
      assert.deepEqual(asked(text), { kind: 'why' }, text);
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
    assert.deepEqual(asked('digest for last Monday'), { kind: 'past', date: '2026-11-16' });
    assert.deepEqual(asked('digest of last term'), { kind: 'past', date: '2026-10-23' });
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
    assert.deepEqual(since('what changed since last Friday'), ['2026-11-20', '20 November']);
    assert.deepEqual(since('what has changed since the summer holidays'), ['2026-07-22', 'Summer']);
    assert.equal(since('what changed since Easter'), undefined, 'no such term is known');
    assert.deepEqual(since('what changed since 1 December'), ['2025-12-01', '1 December 2025']);
  });

  it('is nothing of ours when it asks for something else', () => {
    for (const text of [
      'Compare with Ofsted',
      'what changed since the new policy',
      'how is attendance doing',
      'digestive biscuits',
      'why do I see fewer children',
      'fewer exclusions',
      'how is Quayside School doing',
      'weekly newsletter',
      'how are we doing with phonics',
    ])
      assert.equal(asked(text), undefined, text);
  });
});
