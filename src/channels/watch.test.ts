import { strict as assert } from 'node:assert';
import {
  isDue,
  isReadThroughDue,
  isTold,
  planSubscription,
  stateAfter,
  stateFrom,
  type Watch,
  type WatchState,
} from './watch.ts';

const NOW = new Date('2026-11-23T09:00:00Z');
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const ahead = (minutes: number) => ago(-minutes);
const WATCH: Watch = { teamId: 't', channelId: 'c', state: 'listening', since: ago(600), tendedAt: ago(1) };

describe('the watch over a channel', () => {
  it('is what the channel allows', () => {
    const rows: readonly (readonly [
      kind: 'standard' | 'private' | 'shared',
      archived: boolean,
      told: boolean,
      state: WatchState,
    ])[] = [
      ['standard', false, true, 'listening'],
      ['standard', false, false, 'sweeping'],
      ['shared', false, true, 'sweeping'],
      ['shared', false, false, 'sweeping'],
      ['private', false, true, 'private'],
      ['private', true, true, 'archived'],
      ['standard', true, true, 'archived'],
    ];
    for (const [kind, archived, told, state] of rows)
      assert.equal(stateFrom({ kind, archived }, told), state, `${kind} ${archived} ${told}`);
    assert.equal(stateAfter('graph-denied'), 'denied');
    assert.equal(stateAfter('graph-not-found'), 'lost');
    for (const code of ['graph-throttled', 'graph-failing', 'graph-unreachable', 'graph-bad-reply'])
      assert.equal(stateAfter(code), undefined, code);
  });

  it('makes, renews and ends a subscription in its time', () => {
    const rows: readonly (readonly [state: WatchState, minutesLeft: number | undefined, plan: string])[] = [
      ['listening', undefined, 'create'],
      ['listening', 55, 'keep'],
      ['listening', 30, 'keep'],
      ['listening', 29, 'renew'],
      ['listening', -5, 'renew'],
      ['sweeping', undefined, 'keep'],
      ['sweeping', 40, 'end'],
      ['private', 40, 'end'],
      ['archived', undefined, 'keep'],
    ];
    for (const [state, left, plan] of rows) {
      const subscription = left === undefined ? undefined : { id: 's', ends: ahead(left) };
      assert.equal(planSubscription(state, subscription, NOW), plan, `${state} ${left}`);
    }
  });

  it('is looked at again in its time, at once when something befell it', () => {
    assert.ok(!isDue(WATCH, NOW));
    assert.ok(isDue({ ...WATCH, tendedAt: ago(5) }, NOW));
    assert.ok(isDue({ ...WATCH, subscription: { id: 's', ends: ahead(10) } }, NOW), 'about to lapse');
    const { tendedAt: _never, ...fresh } = WATCH;
    assert.ok(isDue(fresh, NOW));
    assert.ok(!isDue({ ...WATCH, state: 'denied', tendedAt: ago(14) }, NOW));
    assert.ok(isDue({ ...WATCH, state: 'denied', tendedAt: ago(15) }, NOW));
    assert.ok(isReadThroughDue(WATCH, NOW));
    assert.ok(!isReadThroughDue({ ...WATCH, readThroughAt: ago(59) }, NOW));
  });

  it('is told of once, when reading ends, and not when it goes on', () => {
    assert.ok(isTold('listening', 'denied'));
    assert.ok(isTold('new', 'private'));
    assert.ok(!isTold('denied', 'denied'));
    assert.ok(!isTold('denied', 'listening'));
    assert.ok(!isTold('listening', 'sweeping'));
  });
});
