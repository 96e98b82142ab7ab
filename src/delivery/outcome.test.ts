import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  type Attempt,
  backoff,
  classify,
  LONGEST_REST_ASKED,
  type Outcome,
  parseRetryAfter,
} from './outcome.ts';

describe('what an attempt means', () => {
  const answered = (status: number, code?: string, more: object = {}): Attempt => ({
    kind: 'answered',
    status,
    ...(code ? { code } : {}),
    ...more,
  });
  const table: readonly (readonly [string, Attempt, Outcome['kind']])[] = [
    ['201 with an id', answered(201, undefined, { activityId: 'a' }), 'delivered'],
    ['200 with an id', answered(200, undefined, { activityId: 'a' }), 'delivered'],
    ['202 without an id', answered(202), 'uncertain'],
    ['201 without an id', answered(201), 'uncertain'],
    ['400', answered(400, 'BadSyntax'), 'refused'],
    ['401', answered(401), 'retry'],
    ['403 MessageWritesBlocked', answered(403, 'MessageWritesBlocked'), 'blocked'],
    ['403 ConversationBlockedByUser', answered(403, 'ConversationBlockedByUser'), 'blocked'],
    ['403 BotDisabledByAdmin', answered(403, 'BotDisabledByAdmin'), 'blocked'],
    ['403 BotNotInConversationRoster', answered(403, 'BotNotInConversationRoster'), 'gone'],
    ['404 ConversationNotFound', answered(404, 'ConversationNotFound'), 'gone'],
    ['412', answered(412, 'PreconditionFailed'), 'retry'],
    ['413', answered(413, 'MessageSizeTooBig'), 'refused'],
    ['429', answered(429, 'Throttled'), 'throttled'],
    ['301', answered(301), 'refused'],
    ['500', answered(500), 'uncertain'],
    ['502', answered(502), 'uncertain'],
    ['503', answered(503), 'uncertain'],
    ['504', answered(504), 'uncertain'],
    ['no connection', { kind: 'not-sent', reason: 'ECONNREFUSED' }, 'retry'],
    ['timeout after the body left', { kind: 'lost', reason: 'no answer in time' }, 'uncertain'],
    ['an address that is not ours', { kind: 'forbidden', reason: 'host' }, 'refused'],
  ];
  for (const [name, attempt, kind] of table) {
    it(`${name} is ${kind}`, () => assert.equal(classify(attempt, 1, 0.5).kind, kind));
  }

  it('gives up on 401 and 412 after eight attempts, and never on 429 or a failure to connect', () => {
    assert.equal(classify(answered(412), 8, 0).kind, 'refused');
    assert.equal(classify(answered(401), 8, 0).kind, 'refused');
    assert.equal(classify(answered(429), 800, 0).kind, 'throttled');
    assert.equal(classify({ kind: 'not-sent', reason: 'x' }, 800, 0).kind, 'retry');
  });

  it('is never delivered without an activity id, and never retried after a 5xx or a lost answer', () => {
    const attempts = fc.oneof(
      fc.record({ kind: fc.constant('answered' as const), status: fc.integer({ min: 200, max: 599 }) }),
      fc.record({ kind: fc.constant('lost' as const), reason: fc.string() }),
    );
    fc.assert(
      fc.property(attempts, fc.integer({ min: 1, max: 50 }), (attempt, times) => {
        const { kind } = classify(attempt, times, 0.3);
        assert.notEqual(kind, 'delivered');
        if (attempt.kind === 'lost' || attempt.status >= 500) assert.equal(kind, 'uncertain');
      }),
    );
  });

  it('waits what Retry-After asks and at most 250 ms more', () => {
    fc.assert(
      fc.property(fc.nat(600_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (retryAfter, jitter) => {
        const outcome = classify(answered(429, undefined, { retryAfter }), 3, jitter);
        assert.ok(outcome.kind === 'throttled');
        assert.ok(outcome.wait >= retryAfter && outcome.wait < retryAfter + 250);
      }),
    );
  });

  it('waits longer after each failure, at most five minutes', () => {
    assert.equal(backoff(1, 0), 250);
    assert.equal(backoff(4, 0), 2000);
    assert.equal(backoff(900, 1), 300_000);
  });

  it('reads Retry-After as seconds or as a date', () => {
    const now = new Date('2026-11-23T07:30:00Z');
    assert.equal(parseRetryAfter('2', now), 2000);
    assert.equal(parseRetryAfter('Mon, 23 Nov 2026 07:30:05 GMT', now), 5000);
    assert.equal(parseRetryAfter('Mon, 23 Nov 2026 07:29:05 GMT', now), 0);
    assert.equal(parseRetryAfter('soon', now), undefined);
    assert.equal(parseRetryAfter(undefined, now), undefined);
  });

  it('rests a conversation an hour at most, whatever Teams or somebody in between says', () => {
    const now = new Date('2026-11-23T07:30:00Z');
    const longest = ['2592000', '100000000000000000', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT'];
    for (const header of longest) assert.equal(parseRetryAfter(header, now), LONGEST_REST_ASKED);
    for (const header of ['-5', '1e17', 'NaN', 'Infinity', '0x10', '5, 5'])
      assert.equal(parseRetryAfter(header, now), undefined, header);
    const any = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 1e20));
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 900 }), (retryAfter, attempts) => {
        const outcome = classify(answered(429, undefined, { retryAfter }), attempts, 0.999);
        assert.ok(outcome.kind === 'throttled');
        assert.ok(outcome.wait >= 0 && outcome.wait <= LONGEST_REST_ASKED + 20, String(outcome.wait));
      }),
    );
  });
});
