import { strict as assert } from 'node:assert';
import { classifyOpening, mayOpen, OPENING_TRIES, openingWait } from './opening.ts';

describe('opening a chat', () => {
  const answered = (status: number, more: object = {}) =>
    classifyOpening({ kind: 'answered', status, ...more }, 1, 0.5);

  it('is done when Teams names the conversation', () => {
    assert.deepEqual(answered(201, { activityId: 'a:1' }), { kind: 'open', conversationId: 'a:1' });
    assert.equal(answered(200, { activityId: 'a:1' }).kind, 'open');
  });

  it('is asked again whenever the answer is lost or may heal, since the same chat comes of it', () => {
    for (const outcome of [
      classifyOpening({ kind: 'lost', reason: 'cut off' }, 1, 0.5),
      classifyOpening({ kind: 'not-sent', reason: 'refused' }, 1, 0.5),
      answered(202),
      answered(401),
      answered(412),
      answered(500),
      answered(503),
    ])
      assert.equal(outcome.kind, 'again');
    const throttled = answered(429, { retryAfter: 4_000 });
    assert.ok(throttled.kind === 'again' && throttled.wait >= 4_000);
  });

  it('is given up after so many tries, with what stood in the way', () => {
    const last = classifyOpening(
      { kind: 'answered', status: 503, code: 'ServiceUnavailable' },
      OPENING_TRIES,
      0,
    );
    assert.ok(last.kind === 'refused' && /503 ServiceUnavailable/.test(last.reason));
  });

  it('tells an app that is not there from what Teams refuses for ever', () => {
    assert.equal(answered(403, { code: 'ForbiddenOperationException' }).kind, 'absent');
    for (const status of [400, 404, 413]) assert.equal(answered(status).kind, 'refused');
    assert.equal(classifyOpening({ kind: 'forbidden', reason: 'not a host' }, 1, 0).kind, 'refused');
  });

  it('is not begun for somebody who took the app away, and is for a chat that Teams lost', () => {
    assert.equal(mayOpen(undefined), true);
    assert.equal(mayOpen({ state: 'gone', reason: '404 ConversationNotFound' }), true);
    assert.equal(mayOpen({ state: 'gone', reason: 'the app was removed' }), false);
    assert.equal(mayOpen({ state: 'active' }), false);
  });

  it('is waited for as long as those take that are being opened', () => {
    assert.ok(openingWait(1) < 500);
    assert.ok(openingWait(1_500) >= 30_000);
  });
});
