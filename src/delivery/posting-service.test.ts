import { strict as assert } from 'node:assert';
import { sampleCard } from '../../test/support/delivery.ts';
import { sleep } from '../kernel/time.ts';
import { silentLog } from '../telemetry/log.ts';
import { createPosting } from './posting-service.ts';
import type { Sending } from './store.ts';
import type { Connector } from './teams.ts';

describe('posting what was granted', () => {
  const sending: Sending = {
    id: 'dlv_1',
    card: sampleCard('x'),
    version: 1,
    attempts: 1,
    urgent: false,
    waited: 0,
    trace: null,
  };
  const to = { serviceUrl: 'http://127.0.0.1:1', conversationId: 'c' };
  const post = (connector: Pick<Connector, 'post'>, turn: number, rest = 0) =>
    createPosting({
      connector,
      turns: { reach: () => sleep(turn) },
      log: silentLog,
      lease: 30,
    })(sending, to, undefined, () => rest);

  it('leaves alone what it held beyond its lease: another may have been granted it by then', async () => {
    const posted: string[] = [];
    const connector = {
      post: async () => {
        posted.push('once');
        return { kind: 'answered', status: 201, activityId: 'act' } as const;
      },
    };
    assert.equal((await post(connector, 0)).kind, 'delivered');
    assert.deepEqual(await post(connector, 60), {
      kind: 'retry',
      reason: 'held up before it was posted',
      wait: 0,
    });
    assert.deepEqual(posted, ['once']);
  });

  it('posts nothing to a conversation that was told to rest meanwhile', async () => {
    const connector = {
      post: async () => {
        throw new Error('not to be called');
      },
    };
    assert.deepEqual(await post(connector, 0, 70), {
      kind: 'retry',
      reason: 'its conversation rests',
      wait: 70,
    });
  });

  it('holds a message uncertain when posting it broke in a way that nobody foresaw', async () => {
    const connector = {
      post: async () => {
        throw new Error('a fault of ours');
      },
    };
    assert.deepEqual(await post(connector, 0), { kind: 'uncertain', reason: 'a fault of ours' });
  });
});
