import { strict as assert } from 'node:assert';
import { quietAt, quietWait } from './quiet.ts';

const ZONE = 'Europe/London';
const HOUR = 3_600_000;
const usual = { from: '18:00', to: '07:00' };
const wait = (due: string, now: string, hours = usual) =>
  quietWait(hours, new Date(`${due}:00Z`), new Date(`${now}:00Z`), ZONE) / HOUR;

describe('quiet hours', () => {
  it('hold what is sent late in the evening or at night until they end', () => {
    assert.equal(wait('2026-11-23T17:00', '2026-11-23T20:00'), 11);
    assert.equal(wait('2026-11-23T17:00', '2026-11-24T02:00'), 5);
    assert.equal(wait('2026-11-23T08:00', '2026-11-23T17:59'), 0);
    assert.equal(wait('2026-11-23T08:00', '2026-11-24T07:00'), 0);
  });

  it('last an hour less or more in the nights of clock changes', () => {
    assert.equal(wait('2026-03-28T12:00', '2026-03-28T20:00'), 10);
    assert.equal(wait('2026-10-24T12:00', '2026-10-24T19:00'), 12);
  });

  it('end once where their end comes twice in autumn, and hold nothing without a wait', () => {
    const early = { from: '18:00', to: '01:30' };
    const held = (now: string) => quietAt(early, new Date(`2026-10-${now}:00Z`), ZONE)?.wait;
    assert.deepEqual(['24T22:00', '25T00:00'].map(held), [2.5 * HOUR, 0.5 * HOUR]);
    // From 01:30 summer time on, through the same hour again.
    for (const now of ['25T00:30', '25T01:00', '25T01:15', '25T01:30'])
      assert.equal(held(now), undefined, now);
  });

  it('do not hold what the trust put into them, nor anything when there are none', () => {
    assert.equal(wait('2026-11-23T06:45', '2026-11-23T06:46'), 0);
    assert.equal(wait('2026-11-23T12:00', '2026-11-23T20:00', { from: '00:00', to: '00:00' }), 0);
    assert.equal(wait('2026-11-23T08:00', '2026-11-23T12:30', { from: '12:00', to: '13:00' }), 0.5);
  });
});
