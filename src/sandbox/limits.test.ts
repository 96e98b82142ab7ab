import { strict as assert } from 'node:assert';
import { createLimits, TEAMS_WINDOWS } from './limits.ts';

describe('the limits of the stand-in', () => {
  it('take seven writes of a conversation in a second, eight in two, and count no refusal', () => {
    const isOver = createLimits({ windows: TEAMS_WINDOWS });
    const at = (now: number, conversation = 'a') => isOver(conversation, now);
    for (let index = 0; index < 7; index += 1) assert.equal(at(index), false);
    assert.equal(at(900), true);
    assert.equal(at(900, 'b'), false, 'another conversation has its own');
    assert.equal(at(1_001), false);
    assert.equal(at(1_999), true, 'the ninth in two seconds');
    assert.equal(at(2_007), false);
  });

  it('take sixty in half a minute', () => {
    const isOver = createLimits({ windows: TEAMS_WINDOWS });
    const refused = Array.from({ length: 120 }, (_, index) => isOver('a', index * 260)).filter(Boolean);
    const times = Array.from({ length: 120 }, (_, index) => index * 260);
    const inHalfAMinute = times.filter((time) => time < 30_000).length;
    assert.ok(refused.length >= inHalfAMinute - 60, `${refused.length} refused of ${inHalfAMinute}`);
  });

  it('take as many of the tenant at once as the bucket holds, then as many as flow in', () => {
    const isOver = createLimits({ perSecond: 50 });
    const taken = (now: number) =>
      Array.from({ length: 60 }, (_, i) => isOver(`c${i}`, now)).filter((o) => !o);
    assert.equal(taken(0).length, 50);
    assert.equal(taken(100).length, 5);
    assert.equal(taken(60_000).length, 50);
  });
});
