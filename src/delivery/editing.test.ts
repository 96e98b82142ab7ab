import { strict as assert } from 'node:assert';
import { contactOf, openPost, sampleCard, UNCAPPED } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { refuse } from '../kernel/errors.ts';
import { sleep } from '../kernel/time.ts';
import { inTransaction } from '../storage/database.ts';
import { EDIT_TRIES, editWait } from './editing-service.ts';
import { recalledOf, unshownOf } from './report.ts';

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
      /** As after so many failures, and when the rest after the last is over. */
      tried: async (attempts: number) => {
        // What Teams asked for here is a millisecond, and the sender adds up to twenty.
        await sleep(25);
        await store()
          .db.updateTable('deliveries')
          .set({ edit_not_before: new Date(0), edit_attempts: attempts })
          .where('run_id', '=', run)
          .execute();
      },
      report: () => post.delivery.report(run),
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

  for (const status of [429, 500, 503])
    it(`is taken back however often Teams answers ${status}, and is not said to be before`, async () => {
      const run = `recall-${status}`;
      const card = await standing(run);
      try {
        card.post.sandbox.fault(`19:${run}`, { kind: 'status', status, retryAfter: 0.001 }, 3);
        await inTransaction(store().db, (trx) =>
          card.post.delivery.recallRun(trx, run, sampleCard('taken back'), 'wrong figures'),
        );
        for (const attempts of [9, 20, 5_000]) {
          await card.tried(attempts);
          assert.match(await card.shown(), /first face/);
          const report = await card.report();
          assert.equal(recalledOf(report), 0);
          assert.deepEqual(unshownOf(report), ['Not yet taken back with 1.']);
        }
        await card.tried(5_001);
        assert.match(await card.shown(), /taken back/);
        assert.equal(recalledOf(await card.report()), 1);
        assert.deepEqual(unshownOf(await card.report()), []);
      } finally {
        await card.post.close();
      }
    });

  it('is tried with another face for a day, and the report says that it does not show it', async () => {
    const card = await standing('a-day');
    try {
      card.post.sandbox.fault('19:a-day', { kind: 'status', status: 503 }, 2);
      await card.change('second face');
      await card.tried(EDIT_TRIES - 3);
      assert.match(await card.shown(), /first face/);
      assert.deepEqual(unshownOf(await card.report()), ['The newest change is not yet shown by 1.']);
      await card.tried(EDIT_TRIES - 1);
      assert.match(await card.shown(), /first face/);
      assert.deepEqual(unshownOf(await card.report()), ['1 could not be changed: 503 Fault.']);
    } finally {
      await card.post.close();
    }
  });

  it('waits longer each time, an hour at most, and a day in all', () => {
    for (const jitter of [0, 0.999]) {
      const waits = Array.from({ length: EDIT_TRIES - 1 }, (_, index) => editWait(index + 1, jitter));
      const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
      assert.ok(hours > 23 && hours < 27, `${hours} hours`);
      assert.ok(Math.max(editWait(5_000, jitter), ...waits) <= 3_600_000);
    }
  });

  it('is not given up for the times that it was kept back', async () => {
    const card = await standing('kept-back');
    try {
      card.become('a guest');
      await card.change('second face');
      await card.tried(EDIT_TRIES - 2);
      for (let look = 0; look < 4; look += 1) {
        await card.later();
        await card.shown();
      }
      card.become('staff');
      card.post.sandbox.fault('19:kept-back', { kind: 'status', status: 503 });
      await card.later();
      await card.shown();
      await card.later();
      assert.match(await card.shown(), /second face/);
    } finally {
      await card.post.close();
    }
  });
});
