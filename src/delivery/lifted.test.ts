import { strict as assert } from 'node:assert';
import { openPost, sampleCard, UNCAPPED } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { inTransaction } from '../storage/database.ts';
import { createLog } from '../telemetry/log.ts';
import type { Draft } from './message.ts';

describe('the sender without a cap', () => {
  const store = useStore();
  const now = new Date('2026-11-23T07:30:00Z');

  it('delivers several messages of each of many people, each once, and its statements get on', async () => {
    const log: string[] = [];
    const post = await openPost(store(), {
      limits: UNCAPPED,
      sandbox: { latency: 2 },
      parts: { log: createLog('warn', { write: (line: string) => void log.push(line) }) },
    });
    try {
      const people = Array.from({ length: 60 }, (_, index) => `person${index}`);
      await post.meet(people);
      const drafts = [people, people.toReversed(), people, people.toReversed(), people].flatMap(
        (round, number) =>
          round.map(
            (personId): Draft => ({
              key: `lifted/${number}/${personId}`,
              target: { kind: 'person', personId },
              card: sampleCard(`For ${personId}`),
            }),
          ),
      );
      await inTransaction(store().db, (trx) => post.delivery.enqueue(trx, 'lifted', drafts, now));
      await post.delivery.drain(now);
      const report = await post.delivery.report('lifted');
      assert.equal(report.delivered, drafts.length);
      assert.equal(post.sandbox.arrivals.length, drafts.length);
      assert.deepEqual(post.sandbox.duplicates(), []);
      assert.deepEqual(log, []);
    } finally {
      await post.close();
    }
  });
});
