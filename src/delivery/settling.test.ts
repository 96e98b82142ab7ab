import { strict as assert } from 'node:assert';
import { openPost, sampleCard, UNCAPPED } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { inTransaction } from '../storage/database.ts';
import type { Attempt } from './outcome.ts';
import { createConnector } from './teams.ts';

describe('an answer that the store cannot take', () => {
  const store = useStore();
  const now = new Date('2026-11-23T07:30:00Z');

  /** Sends to three people with one wave; what the stand-in answers about `odd-…` is changed by `twist`. */
  async function sendThree(run: string, twist: (seen: Attempt) => Attempt) {
    const real = createConnector({ hosts: [], loopback: true });
    const post = await openPost(store(), {
      limits: UNCAPPED,
      parts: {
        connector: {
          ...real,
          post: async (to, activity) => {
            const seen = await real.post(to, activity);
            return to.conversationId.includes('odd-') ? twist(seen) : seen;
          },
        },
      },
    });
    try {
      const people = [`a-${run}`, `odd-${run}`, `b-${run}`];
      await post.meet(people);
      const drafts = people.map((personId) => ({
        key: `${run}/${personId}`,
        target: { kind: 'person', personId } as const,
        card: sampleCard('Hello'),
      }));
      await inTransaction(store().db, (trx) => post.delivery.enqueue(trx, run, drafts, now));
      // The fault is thrown once it is settled; the sender goes on after it.
      await post.delivery.drain(now, 0).catch(() => undefined);
      await post.delivery.drain(now, 0);
      const { items } = await post.delivery.report(run);
      return items.map(({ state, reason }) => [state, reason] as const);
    } finally {
      await post.close();
      real.close();
    }
  }

  const NOT_KEPT = 'Teams gave an answer that could not be kept; it may have arrived';
  const odd: readonly (readonly [string, (seen: Attempt) => Attempt])[] = [
    ['a-code', () => ({ kind: 'answered', status: 403, code: 'a\u0000b' })],
    ['a-reason', () => ({ kind: 'lost', reason: 'a\u0000b' })],
    ['an-id', (seen) => ({ ...seen, activityId: 'a\u0000b' }) as Attempt],
    ['an-end', () => ({ kind: 'answered', status: 404, code: 'a\u0000b' })],
  ];
  for (const [name, twist] of odd)
    it(`is uncertain, and holds up none of those that came with it: ${name}`, async () => {
      assert.deepEqual(await sendThree(name, twist), [
        ['delivered', undefined],
        ['uncertain', NOT_KEPT],
        ['delivered', undefined],
      ]);
    });
});
