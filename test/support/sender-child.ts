/**
 * A sender in a process of its own, for the kill campaign: puts one run's cards into the outbox and sends what is due. It ends
 * itself with SIGKILL at the point it was told, or works until nothing is pending and prints the ledger.
 */
import type { Step } from '../../src/delivery/sender.ts';
import { createDelivery } from '../../src/delivery/service.ts';
import { createConnector } from '../../src/delivery/teams.ts';
import { sleep, systemClock } from '../../src/kernel/time.ts';
import { inTransaction, openStore } from '../../src/storage/database.ts';
import { startJobs } from '../../src/storage/jobs.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { contactOf, sampleCard, UNCAPPED } from './delivery.ts';

/** `writing`: in the transaction that enqueues; `written`: just after it. */
export type KillPoint = Step | 'writing' | 'written';
export type ChildOrder = {
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly schema: string;
  readonly serviceUrl: string;
  readonly people: readonly string[];
  /** The run to put in; absent: only finish what is there. */
  readonly run?: string;
  /** End at the nth passing of a point. */
  readonly kill?: { readonly at: KillPoint; readonly nth: number };
  readonly perSecond: number;
};

/** Leases as short as a test can bear; a wave's slots (16 at `perSecond`) must fit in. */
const TUNING = { claimLease: 1_500, sendLease: 1_500, poll: 250 };
const CONNECTOR_TIMEOUT = 800;

async function work(order: ChildOrder): Promise<void> {
  const passed = new Map<KillPoint, number>();
  const pass = (point: KillPoint) => {
    const times = (passed.get(point) ?? 0) + 1;
    passed.set(point, times);
    if (order.kill?.at === point && order.kill.nth === times) process.kill(process.pid, 'SIGKILL');
  };
  const store = await openStore(order);
  await migrate(store.db, store.schema);
  const jobs = await startJobs(store, silentLog);
  const delivery = createDelivery({
    db: store.db,
    jobs,
    connector: createConnector({ hosts: [order.serviceUrl], timeout: CONNECTOR_TIMEOUT }),
    clock: systemClock(),
    log: silentLog,
    limits: { ...UNCAPPED, tenantPerSecond: order.perSecond },
    mayPost: async () => true,
    tuning: TUNING,
    soleInstance: store.engine.kind === 'embedded',
    onStep: pass,
  });
  for (const personId of order.people)
    await delivery.rememberConversation(contactOf(personId, order.serviceUrl));
  const { run } = order;
  if (run) {
    const drafts = order.people.map((personId) => ({
      key: `${run}/${personId}`,
      target: { kind: 'person' as const, personId },
      card: sampleCard(`${run} for ${personId}`),
    }));
    await inTransaction(store.db, async (trx) => {
      await delivery.enqueue(trx, run, drafts, new Date());
      pass('writing');
    });
    pass('written');
  }
  await delivery.start();
  process.stdout.write('enqueued\n');
  let report = await delivery.report();
  while (report.pending > 0) {
    await sleep(50);
    report = await delivery.report();
  }
  await delivery.stop();
  await jobs.stop();
  await store.close();
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
}

if (process.argv[2]) await work(JSON.parse(process.argv[2]) as ChildOrder);
