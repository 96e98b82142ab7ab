import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { sampleCard } from '../../test/support/delivery.ts';
import { activityOf } from './activity.ts';
import { fateOf, LOOKS, SETTLED_AFTER, type SeenPost, withOutlook } from './fate.ts';

describe('what became of a message in doubt', () => {
  const cardOf = (id: string) =>
    JSON.stringify(activityOf(id, sampleCard('Last week'), false).attachments[0]?.content);
  const post = (id: string, delivery?: string): SeenPost => ({
    id,
    hidden: false,
    content: delivery ? cardOf(delivery) : '{"type":"AdaptiveCard","body":[]}',
  });
  const deleted: SeenPost = { id: '9', hidden: true, content: '' };
  const OURS = 'dlv_0a1b';

  it('is that it arrived, however young and whatever else is there, if its mark is', () => {
    const fate = fateOf(OURS, [deleted, post('1', 'dlv_ff'), post('2', OURS), post('3', OURS)], 0.1);
    assert.deepEqual(fate, { kind: 'arrived', activityId: '2' });
  });

  it('is open while it may still come, and where something there cannot be seen', () => {
    assert.equal(fateOf(OURS, [post('1')], SETTLED_AFTER - 0.1).kind, 'open');
    const fate = fateOf(OURS, [post('1'), deleted], 600);
    assert.ok(fate.kind === 'open' && /deleted/.test(fate.why));
  });

  it('is absent only when all was seen and the time has gone by', () => {
    assert.deepEqual(fateOf(OURS, [], SETTLED_AFTER), { kind: 'absent' });
    const ids = fc.stringMatching(/^dlv_[0-9a-f]{4,12}$/);
    const posts = fc.array(
      fc.record({ id: fc.nat().map(String), hidden: fc.boolean(), delivery: fc.option(ids) }),
    );
    fc.assert(
      fc.property(ids, posts, fc.double({ min: 0, max: 2_000, noNaN: true }), (id, drawn, age) => {
        const seen = drawn.map(({ id: at, hidden, delivery }) => ({
          id: at,
          hidden,
          content: delivery && !hidden ? cardOf(delivery) : '',
        }));
        const { kind } = fateOf(id, seen, age);
        const there = drawn.some(({ hidden, delivery }) => !hidden && delivery === id);
        const unseen = drawn.some(({ hidden }) => hidden);
        assert.equal(kind === 'arrived', there);
        assert.equal(kind === 'absent', !there && !unseen && age >= SETTLED_AFTER);
      }),
    );
  });

  it('is looked for while it may be young, once that is over, and then ever more rarely', () => {
    assert.ok(LOOKS.some((minutes) => minutes < SETTLED_AFTER));
    assert.ok(LOOKS.some((minutes) => minutes > SETTLED_AFTER));
    assert.deepEqual(
      [...LOOKS],
      [...LOOKS].sort((a, b) => a - b),
    );
  });

  it('is added to what the report says, in the place of what was said before', () => {
    const once = withOutlook('502', 'not there yet');
    assert.equal(once, '502; looked for: not there yet');
    assert.equal(withOutlook(once, 'gone'), '502; looked for: gone');
  });
});
