import { strict as assert } from 'node:assert';
import { contactOf, openPost, sampleCard, UNCAPPED } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { refuse } from '../kernel/errors.ts';
import { inTransaction } from '../storage/database.ts';

describe('a card in a channel that is to be changed', () => {
  const store = useStore();
  const now = new Date('2026-11-23T07:30:00Z');
  type Company = 'staff' | 'a guest' | 'unknown';

  /** A card that stands in a channel; `company` is who is there from then on. */
  async function standing(run: string) {
    let company: Company = 'staff';
    const post = await openPost(store(), {
      limits: UNCAPPED,
      parts: {
        mayPost: async () => {
          if (company === 'unknown') throw new Error('Graph is away');
          return company === 'staff' ? true : refuse('outsider', 'Someone in this team is not staff.');
        },
      },
    });
    const target = { kind: 'channel', teamId: `team-${run}`, channelId: `19:${run}` } as const;
    const met = contactOf('x', post.sandbox.url);
    await post.delivery.rememberConversation({ ...met, target, conversationId: `19:${run};messageid=4` });
    const drafts = [{ key: run, target, card: sampleCard('first face') }];
    await inTransaction(store().db, (trx) => post.delivery.enqueue(trx, run, drafts, now));
    await post.delivery.drain(now);
    return {
      post,
      become: (next: Company) => {
        company = next;
      },
      change: (text: string) =>
        inTransaction(store().db, (trx) => post.delivery.revise(trx, run, sampleCard(text), now)),
      /** As when its rest is over. */
      later: () =>
        store()
          .db.updateTable('deliveries')
          .set({ edit_not_before: new Date(0) })
          .where('run_id', '=', run)
          .execute(),
      shown: async () => {
        await post.delivery.drain(now, 0);
        return JSON.stringify(post.sandbox.arrivals[0]?.activity);
      },
    };
  }

  for (const company of ['a guest', 'unknown'] as const)
    it(`keeps its face while ${company === 'unknown' ? 'nobody can say who is there' : 'a guest is there'}, and gets the newest one after`, async () => {
      const card = await standing(`company-${company.replace(' ', '-')}`);
      try {
        card.become(company);
        await card.change('second face');
        assert.match(await card.shown(), /first face/);
        await card.change('third face');
        assert.match(await card.shown(), /first face/);
        card.become('staff');
        await card.later();
        assert.match(await card.shown(), /third face/);
        assert.equal(card.post.sandbox.arrivals[0]?.edits, 1);
      } finally {
        await card.post.close();
      }
    });

  it('is taken back in any company', async () => {
    const card = await standing('company-recall');
    try {
      card.become('a guest');
      await inTransaction(store().db, (trx) =>
        card.post.delivery.recallRun(trx, 'company-recall', sampleCard('taken back'), 'wrong figures'),
      );
      assert.match(await card.shown(), /taken back/);
    } finally {
      await card.post.close();
    }
  });
});
