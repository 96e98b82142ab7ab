/** The short form of `npm run bench:faults -- --only outages`: the sender alone, on a server of its own. */
import { strict as assert } from 'node:assert';
import { type Cluster, openCluster } from '../../test/support/cluster.ts';
import { openPost, type Post, sampleCard } from '../../test/support/delivery.ts';
import { judgeRun } from '../../test/support/outage-judge.ts';
import { until } from '../../test/support/service.ts';
import { testDatabaseUrl } from '../../test/support/store.ts';
import { openWire, type Wire } from '../../test/support/wire.ts';
import { inTransaction, openStore, type Store } from '../storage/database.ts';
import { migrate } from '../storage/migrate.ts';
import { DEFAULT_LIMITS } from './pacing.ts';

const PEOPLE = Array.from({ length: 120 }, (_, index) => `p${index}`);
/** The cards take more than a second to send, so that the fault falls among them. */
const LIMITS = { ...DEFAULT_LIMITS, tenantPerSecond: 100 };

describe('a sender whose database goes away', function () {
  this.timeout(60_000);
  let cluster: Cluster;
  let wire: Wire;
  let store: Store;
  let post: Post;

  before(async function () {
    if (!testDatabaseUrl()) this.skip();
    cluster = await openCluster();
    wire = await openWire(cluster.port);
    store = await openStore({ databaseUrl: wire.through(cluster.url), dataDir: '', schema: 'waymark' });
    await migrate(store.db, 'waymark');
    post = await openPost(store, { limits: LIMITS, tuning: { claimLease: 1_000, sendLease: 5_000 } });
    await post.meet(PEOPLE);
    await post.delivery.start();
  });
  after(async () => {
    await post?.close();
    await store?.close();
    await wire?.close();
    await cluster?.close();
  });

  /** Asked over the same wire: the connection that the question gets may be one that has just broken. */
  async function isSettled(run: string): Promise<boolean> {
    try {
      return (await post.delivery.report(run)).pending === 0;
    } catch (error) {
      if (error instanceof Error && /ECONNRE|terminat/.test(error.message)) return false;
      throw error;
    }
  }

  const faults: readonly (readonly [name: string, happen: () => Promise<void>])[] = [
    [
      'is restarted',
      async () => {
        await cluster.stop('immediate');
        await cluster.start();
      },
    ],
    [
      'is cut off for a moment',
      async () => {
        wire.cut('reset');
        wire.mend();
      },
    ],
  ];
  for (const [name, happen] of faults)
    it(`goes on by itself when it ${name}, with nothing lost and nothing doubled`, async () => {
      const before = post.sandbox.arrivals.length;
      const drafts = PEOPLE.map((personId) => ({
        key: `${name}/${personId}`,
        target: { kind: 'person' as const, personId },
        card: sampleCard(personId),
      }));
      await inTransaction(store.db, (trx) => post.delivery.enqueue(trx, name, drafts, new Date()));
      await post.sandbox.waitForArrivals(before + 30);
      await happen();
      await until(() => isSettled(name), 'every card to be settled', 30_000);
      const judged = judgeRun(await post.delivery.report(name), post.sandbox.arrivals.slice(before), PEOPLE);
      assert.deepEqual(
        { lost: judged.lost, doubled: judged.doubled, disagreements: judged.disagreements },
        { lost: 0, doubled: 0, disagreements: [] },
      );
      assert.equal(judged.delivered + judged.uncertain, PEOPLE.length);
    });
});
