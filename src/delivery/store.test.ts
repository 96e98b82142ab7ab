import { strict as assert } from 'node:assert';
import { sampleCard } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { must } from '../kernel/guards.ts';
import { sleep } from '../kernel/time.ts';
import { inTransaction } from '../storage/database.ts';
import { keepAnswers, saveContact } from './conversations-store.ts';
import type { DeliveryState } from './message.ts';
import { tollsOf } from './pacing.ts';
import { listItems } from './report-store.ts';
import {
  type Claim,
  cancelDue,
  claimDue,
  insertDrafts,
  ledgerTime,
  releaseClaims,
  type Sending,
  settleAndGrant,
  settleClaims,
  settleSends,
} from './store.ts';
import { sweep } from './sweep-store.ts';
import { nextLapseIn } from './waits-store.ts';

describe('the ledger', () => {
  const store = useStore();
  const now = new Date('2026-11-23T07:30:00Z');
  const LONG = 60_000;
  const SHORT = 30;
  const owner = 'person:p';
  const place = { conversationId: 'c', serviceUrl: 'http://127.0.0.1:1' };
  const bucket = { burst: 2, perSecond: 1 };
  const RESTING = { botId: 'bot', tenantId: 'tenant', state: 'active' } as const;
  let run = '';
  let runs = 0;

  beforeEach(async () => {
    runs += 1;
    run = `run-${runs}`;
    await store().db.deleteFrom('deliveries').execute();
    await store().db.deleteFrom('conversations').execute();
    await saveContact(store().db, {
      target: { kind: 'person', personId: 'p' },
      ...place,
      botId: 'bot',
      tenantId: 'tenant',
    });
    await inTransaction(store().db, (trx) =>
      insertDrafts(trx, run, [
        { key: run, target: { kind: 'person', personId: 'p' }, card: sampleCard('x') },
      ]),
    );
  });

  const claim = (holder: string, lease = LONG) => claimDue(store().db, holder, 16, lease, now);
  const grant = (holder: string, claims: readonly Pick<Claim, 'id' | 'attempts'>[], lease = LONG) =>
    settleAndGrant(
      store().db,
      holder,
      [],
      claims.map(({ id, attempts }) => ({ id, attempts, owner, ...place })),
      tollsOf(
        claims.map(() => owner),
        bucket,
      ),
      lease,
    );
  const settle = (holder: string, sending: Sending | undefined, state: DeliveryState, activityId?: string) =>
    settleSends(store().db, holder, [
      {
        id: sending?.id ?? '',
        attempts: sending?.attempts ?? 0,
        state,
        version: 1,
        ...(activityId ? { activityId } : {}),
      },
    ]);
  const state = async () => (await listItems(store().db, run))[0]?.state;

  it('gives a message to one holder, whose lapsed claim goes back to due', async () => {
    assert.equal((await claim('a', SHORT)).length, 1);
    assert.equal((await claim('b')).length, 0);
    assert.ok((await nextLapseIn(store().db)) !== undefined);
    await sleep(SHORT + 20);
    assert.deepEqual(await sweep(store().db, now), { lapsed: 1, uncertain: 0, expired: 0 });
    assert.equal((await claim('b')).length, 1);
  });

  it('grants a send only to the holder of a claim that still holds', async () => {
    const claims = await claim('a', SHORT);
    assert.equal((await grant('b', claims)).length, 0);
    await sleep(SHORT + 20);
    assert.equal((await grant('a', claims)).length, 0);
    assert.equal(await state(), 'claimed');
  });

  it('grants a send only where its conversation pays for it, whoever spent what it had', async () => {
    const [first] = await grant('a', await claim('a'));
    for (const expected of [1, 0]) {
      await settle('a', { ...must(first, 'a grant'), attempts: 2 - expected }, 'due');
      const claims = await claim('a');
      assert.equal((await grant('a', claims)).length, expected, 'two at once, then one a second');
    }
    assert.equal(await state(), 'claimed');
  });

  it('grants no send in a conversation that rests', async () => {
    await keepAnswers(store().db, [
      {
        place: { owner, ...place, ...RESTING },
        outcome: { kind: 'throttled', reason: '429', wait: 60_000 },
        elapsed: 0,
      },
    ]);
    assert.equal((await grant('a', await claim('a'))).length, 0);
    assert.equal(await state(), 'claimed');
  });

  const release = async (holder: string, flying: readonly string[], asOf?: string) =>
    releaseClaims(store().db, holder, flying, asOf ?? (await ledgerTime(store().db)));

  it('gives back what its holder knows that it did not post', async () => {
    const [sending] = await grant('a', await claim('a'));
    await release('b', []);
    await release('a', [sending?.id ?? '']);
    assert.equal(await state(), 'sending', 'another holder’s, and one on its way, stay');
    await release('a', []);
    assert.equal(await state(), 'due');
    await claim('a');
    await release('a', []);
    assert.equal(await state(), 'due');
  });

  it('gives back nothing that was claimed after the holder had said so, when a network delivers that late', async () => {
    const said = await ledgerTime(store().db);
    await grant('a', await claim('a'));
    await release('a', [], said);
    assert.equal(await state(), 'sending');
  });

  it('holds a message uncertain when its sender went silent, and never sends it again by itself', async () => {
    const [sending] = await grant('a', await claim('a'), SHORT);
    assert.ok(sending);
    await sleep(SHORT + 20);
    assert.equal((await sweep(store().db, now)).uncertain, 1);
    assert.equal(await state(), 'uncertain');
    assert.equal((await claim('b')).length, 0);
    await sweep(store().db, new Date('2027-11-23T07:30:00Z'));
    assert.equal((await claim('b')).length, 0);
  });

  it('lets the poster’s own late answer settle what had become uncertain, and nobody else’s', async () => {
    const [sending] = await grant('a', await claim('a'), SHORT);
    await sleep(SHORT + 20);
    await sweep(store().db, now);
    assert.equal(await settle('b', sending, 'delivered', 'act'), 0);
    assert.equal(await settle('a', sending && { ...sending, attempts: 7 }, 'delivered', 'act'), 0);
    assert.equal(await settle('a', sending, 'delivered', 'act'), 1);
    assert.equal(await state(), 'delivered');
  });

  it('changes nothing that is settled', async () => {
    const [sending] = await grant('a', await claim('a'));
    await settle('a', sending, 'delivered', 'act');
    assert.equal(await settle('a', sending, 'due'), 0);
    assert.equal(await settle('a', sending, 'blocked'), 0);
    await settleClaims(store().db, 'a', [{ id: sending?.id ?? '', state: 'refused', reason: 'late' }]);
    assert.equal(await inTransaction(store().db, (trx) => cancelDue(trx, { runId: run }, 'withdrawn')), 0);
    assert.equal(await state(), 'delivered');
  });

  it('can withdraw what is claimed, but not what is being posted', async () => {
    const claims = await claim('a');
    const cancel = () => inTransaction(store().db, (trx) => cancelDue(trx, { key: run }, 'withdrawn'));
    assert.equal(await cancel(), 1);
    assert.equal((await grant('a', claims)).length, 0);
    assert.equal(await state(), 'cancelled');
  });

  it('withdraws what is being posted should it turn out not to have left, and no other', async () => {
    const cancel = () => inTransaction(store().db, (trx) => cancelDue(trx, { runId: run }, 'taken back'));
    const [first] = await grant('a', await claim('a'));
    assert.equal(await cancel(), 0);
    assert.equal(await state(), 'sending');
    await settle('a', first, 'due');
    const [item] = await listItems(store().db, run);
    assert.deepEqual([item?.state, item?.reason], ['cancelled', 'taken back']);
    assert.equal((await claim('a')).length, 0);
  });

  it('withdraws what was being posted when its holder gives it back', async () => {
    await grant('a', await claim('a'));
    await inTransaction(store().db, (trx) => cancelDue(trx, { rules: [run] }, 'paused: all'));
    await release('a', []);
    const [item] = await listItems(store().db, run);
    assert.deepEqual([item?.state, item?.reason], ['cancelled', 'paused: all']);
  });

  it('leaves as it is what had left, or may have, when it was withdrawn', async () => {
    const [sending] = await grant('a', await claim('a'), SHORT);
    await inTransaction(store().db, (trx) => cancelDue(trx, { runId: run }, 'taken back'));
    await sleep(SHORT + 20);
    assert.equal((await sweep(store().db, now)).uncertain, 1);
    assert.equal(await settle('a', sending, 'delivered', 'act'), 1);
    assert.equal(await state(), 'delivered');
  });

  it('frees at once what a dead process of an embedded store held', async () => {
    await claim('dead');
    assert.deepEqual(await sweep(store().db, now, { except: 'me' }), { lapsed: 1, uncertain: 0, expired: 0 });
    await grant('dead', await claim('dead'));
    assert.equal((await sweep(store().db, now, { except: 'me' })).uncertain, 1);
  });
});
