/**
 * A Teams that lies: it takes a message and says that it failed, breaks off, says yes to what never arrives, or begins an answer
 * that does not end. Nothing may be sent twice, and nothing may be called delivered that is not.
 */
import type { Delivery } from '../../src/delivery/service.ts';
import { type Seeded, seeded } from '../../src/kernel/seeded.ts';
import type { Fault, SandboxConnector } from '../../src/sandbox/connector.ts';
import { inTransaction, type Store } from '../../src/storage/database.ts';
import { sampleCard } from './delivery.ts';

/** What the sender waits for an answer, in milliseconds; slow liars take twice as long. */
export const LIARS_TIMEOUT = 2_000;

export type LiarsResult = {
  readonly due: number;
  /** How many met each kind of lie; the rest met the truth. */
  readonly lies: Readonly<Record<string, number>>;
  readonly truths: number;
  readonly delivered: number;
  readonly uncertain: number;
  readonly uncertainArrived: number;
  readonly doubled: number;
  readonly falselyDelivered: number;
  /** Who was sent it again by the sender itself, taken or not. */
  readonly askedAgain: number;
  /** Neither delivered nor in doubt, though nobody was refused. */
  readonly lost: number;
};

const LIES: Readonly<Record<string, (random: Seeded) => Fault>> = {
  'accept-then-5xx': (random) => ({
    kind: 'status',
    status: [500, 502, 503, 504][random.whole(0, 3)] ?? 500,
    taken: true,
  }),
  'accept-then-reset': () => ({ kind: 'reset', when: 'after', taken: true }),
  'reset, not taken': () => ({ kind: 'reset', when: 'after' }),
  'reset before the request was read': () => ({ kind: 'reset', when: 'before' }),
  '202-and-drop': () => ({ kind: 'drop' }),
  'taken, and 2xx without an id': (random) => ({
    kind: 'drop',
    taken: true,
    status: [200, 201, 202][random.whole(0, 2)] ?? 201,
    body: ['', '{}', '{"id":""}', '{"id":7}', '<html>fine</html>', '{"id"'][random.whole(0, 5)] ?? '',
  }),
  'dropped, and 201 without an id': () => ({ kind: 'drop', status: 201, body: '{"status":"ok"}' }),
  'slow body': () => ({ kind: 'slow-body', delay: 2 * LIARS_TIMEOUT }),
  'body that breaks off': (random) => ({ kind: 'slow-body', delay: random.whole(0, 50), cut: true }),
  'slow answer': () => ({ kind: 'slow', delay: 2 * LIARS_TIMEOUT }),
};

/** Sends `count` cards, most of them to a conversation that lies; `deliver` sends until nothing is due. */
export async function sendToLiars(
  {
    store,
    sandbox,
    delivery,
    deliver,
  }: {
    readonly store: Store;
    readonly sandbox: SandboxConnector;
    readonly delivery: Delivery;
    readonly deliver: () => Promise<void>;
  },
  people: readonly string[],
  seed: number,
): Promise<LiarsResult> {
  const random = seeded(seed);
  const kinds = Object.entries(LIES);
  const lies: Record<string, number> = {};
  let truths = 0;
  for (const personId of people) {
    const [name, lie] = kinds[random.whole(0, kinds.length)] ?? [];
    if (!name || !lie) {
      truths += 1;
      continue;
    }
    lies[name] = (lies[name] ?? 0) + 1;
    // Whoever repeats itself meets the same again.
    sandbox.fault(`a:chat-${personId}`, lie(random), 1_000);
  }
  const [asked, arrived] = [sandbox.requests.length, sandbox.arrivals.length];
  const run = `liars/${seed}`;
  const drafts = people.map((personId) => ({
    key: `${run}/${personId}`,
    target: { kind: 'person' as const, personId },
    card: sampleCard(`${run} for ${personId}`),
  }));
  await inTransaction(store.db, (trx) => delivery.enqueue(trx, run, drafts, new Date()));
  await deliver();
  const { items, ...report } = await delivery.report(run);
  const requests = sandbox.requests.slice(asked);
  const came = Map.groupBy(sandbox.arrivals.slice(arrived), ({ conversationId }) => conversationId);
  const stands = (recipient: string) => came.get(`a:chat-${recipient}`) ?? [];
  const posts = Map.groupBy(requests, ({ conversationId }) => conversationId);
  return {
    due: report.due,
    lies,
    truths,
    delivered: report.delivered,
    uncertain: report.uncertain,
    uncertainArrived: items.filter(
      ({ state, recipient }) => state === 'uncertain' && stands(recipient).length > 0,
    ).length,
    doubled: [...came.values()].filter((list) => list.length > 1).length,
    falselyDelivered: items.filter(
      ({ state, recipient, activityId }) =>
        state === 'delivered' && !stands(recipient).some((one) => one.activityId === activityId),
    ).length,
    askedAgain: [...posts.values()].filter((list) => list.length > 1).length,
    lost: people.length - report.delivered - report.uncertain,
  };
}
