import { strict as assert } from 'node:assert';
import { contactOf, openPost, type Post, sampleCard, UNCAPPED } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { refuse } from '../kernel/errors.ts';
import { sleep, stopwatch, systemClock } from '../kernel/time.ts';
import { inTransaction } from '../storage/database.ts';
import type { Draft } from './message.ts';

describe('the sender', () => {
  const store = useStore();
  const now = new Date('2026-11-23T07:30:00Z');
  let post: Post;
  let run = '';
  let runs = 0;

  beforeEach(async () => {
    runs += 1;
    run = `run_${runs}`;
    post = await openPost(store(), {
      limits: UNCAPPED,
      parts: {
        mayPost: async (target) =>
          target.kind === 'channel' && target.teamId === 'mixed'
            ? refuse('outsider', 'Someone in this team is not staff.')
            : true,
      },
    });
  });
  afterEach(() => post.close());

  const toPerson = (person: string, more: Partial<Draft> = {}): Draft => ({
    key: `${run}/${person}`,
    target: { kind: 'person', personId: person },
    card: sampleCard(`For ${person}`),
    ...more,
  });
  const person = (name: string) => `${name}-${run}`;
  const put = (drafts: readonly Draft[]) =>
    inTransaction(store().db, (trx) => post.delivery.enqueue(trx, run, drafts, now));
  const stateOf = async (recipient: string) =>
    (await post.delivery.report(run)).items.find((item) => item.recipient === recipient);

  it('delivers a card to each person once, and reports it', async () => {
    const people = Array.from({ length: 40 }, (_, index) => person(`p${index}`));
    await post.meet(people);
    assert.equal(await put(people.map((id) => toPerson(id))), 40);
    await post.delivery.drain(now);
    const report = await post.delivery.report(run);
    assert.equal(report.due, 40);
    assert.equal(report.delivered, 40);
    assert.equal(report.pending, 0);
    assert.equal(post.sandbox.arrivals.length, 40);
    const arrived = new Map(post.sandbox.arrivals.map((arrival) => [arrival.delivery, arrival]));
    for (const item of report.items) {
      assert.equal(arrived.get(item.id)?.activityId, item.activityId);
      assert.equal(arrived.get(item.id)?.conversationId, `a:chat-${item.recipient}`);
    }
  });

  it('posts once what it held so long that its claim lapsed and was taken anew', async () => {
    const slow = await openPost(store(), {
      limits: UNCAPPED,
      sandbox: { latency: 1_500 },
      connector: { timeout: 10_000 },
      tuning: { wave: 4, lanes: 1, claimLease: 100 },
    });
    try {
      const people = Array.from({ length: 8 }, (_, index) => person(`p${index}`));
      await slow.meet(people);
      const urgent = people.map((id) => toPerson(id, { urgent: true }));
      const enqueue = (drafts: readonly Draft[]) =>
        inTransaction(store().db, (trx) => slow.delivery.enqueue(trx, run, drafts, now));
      await enqueue(urgent);
      await slow.delivery.start();
      // Four are on their way, four are held; meanwhile those are swept, and a wake-up claims what is urgent again.
      await slow.sandbox.waitForArrivals(4);
      await sleep(1_200);
      await slow.meet([person('last')]);
      await enqueue([toPerson(person('last'), { urgent: true })]);
      await slow.sandbox.waitForArrivals(9, 20_000);
      for (let looks = 0; (await slow.delivery.report(run)).pending > 0 && looks < 100; looks += 1)
        await sleep(100);
      assert.deepEqual(slow.sandbox.duplicates(), []);
      assert.equal((await slow.delivery.report(run)).delivered, 9);
    } finally {
      await slow.close();
    }
  }).timeout(60_000);

  it('waits for an edit that another hand holds until it is done, not until its lease would end', async () => {
    await post.meet([person('p')]);
    await put([toPerson(person('p'))]);
    await post.delivery.drain(now);
    const change = (set: object) =>
      store().db.updateTable('deliveries').set(set).where('run_id', '=', run).execute();
    const lease = new Date(systemClock().now().getTime() + 30_000);
    await change({ card_version: 5, edit_lease_until: lease });
    const took = stopwatch();
    const drained = post.delivery.drain(now);
    await sleep(100);
    await change({ shown_version: 5, edit_lease_until: null });
    await drained;
    assert.ok(took() < 10_000, `${took()} ms`);
  });

  it('sends nothing of a transaction that failed', async () => {
    await post.meet([person('p')]);
    const failing = inTransaction(store().db, async (trx) => {
      await post.delivery.enqueue(trx, run, [toPerson(person('p'))], now);
      throw new Error('stop');
    });
    await assert.rejects(failing, /stop/);
    await post.delivery.drain(now);
    assert.equal(post.sandbox.arrivals.length, 0);
    assert.equal((await post.delivery.report(run)).due, 0);
  });

  it('takes a key once, for ever', async () => {
    await post.meet([person('p')]);
    assert.equal(await put([toPerson(person('p'))]), 1);
    await post.delivery.drain(now);
    assert.equal(await put([toPerson(person('p'))]), 0);
    await post.delivery.drain(now);
    assert.equal(post.sandbox.arrivals.length, 1);
  });

  it('is woken at once in its own process, and by the job where the hook did not run', async () => {
    await post.meet([person('a'), person('b')]);
    await post.delivery.start();
    await sleep(50);
    const elapsed = stopwatch();
    await put([toPerson(person('a'))]);
    await post.sandbox.waitForArrivals(1);
    assert.ok(elapsed() < 1_000, `${elapsed()} ms`);
    await store()
      .db.transaction()
      .execute((trx) => post.delivery.enqueue(trx, run, [toPerson(person('b'))], now));
    await post.sandbox.waitForArrivals(2);
    await post.delivery.stop();
    assert.equal((await post.delivery.report(run)).delivered, 2);
  });

  it('says who cannot be reached and why', async () => {
    await put([toPerson(person('unknown'))]);
    await post.delivery.drain(now);
    const item = await stateOf(person('unknown'));
    assert.equal(item?.state, 'unreachable');
    assert.match(item?.reason ?? '', /not installed/);
  });

  it('asks before it posts in a channel, and reaches a channel through another one of its team', async () => {
    for (const teamId of ['staff', 'mixed']) {
      await post.delivery.rememberConversation({
        ...contactOf('x', post.sandbox.url),
        target: { kind: 'channel', teamId, channelId: `19:${teamId}` },
        conversationId: `19:${teamId};messageid=4`,
      });
    }
    const toChannel = (teamId: string, channelId: string): Draft => ({
      key: `${run}/${channelId}`,
      target: { kind: 'channel', teamId, channelId },
      card: sampleCard('A week'),
    });
    await put([
      toChannel('staff', '19:staff'),
      toChannel('staff', '19:staff-other'),
      toChannel('mixed', '19:mixed'),
      toChannel('unheard', '19:unheard'),
    ]);
    await post.delivery.drain(now);
    assert.equal((await stateOf('19:staff'))?.state, 'delivered');
    assert.equal((await stateOf('19:staff-other'))?.state, 'delivered');
    assert.deepEqual(post.sandbox.arrivals.map((arrival) => arrival.conversationId).sort(), [
      '19:staff',
      '19:staff-other',
    ]);
    const refused = await stateOf('19:mixed');
    assert.equal(refused?.state, 'refused');
    assert.equal(refused?.reason, 'Someone in this team is not staff.');
    assert.equal((await stateOf('19:unheard'))?.state, 'unreachable');
  });

  it('settles every kind of answer as what it is, and posts twice only what certainly did not arrive', async () => {
    // So long that what is answered is answered in time on a busy machine, and half of what is not.
    const timeout = 4_000;
    const patient = await openPost(store(), { limits: UNCAPPED, connector: { timeout } });
    const script = {
      fine: undefined,
      left: { kind: 'status', status: 403, code: 'BotNotInConversationRoster' },
      blocked: { kind: 'status', status: 403, code: 'MessageWritesBlocked' },
      missing: { kind: 'status', status: 404, code: 'ConversationNotFound' },
      large: { kind: 'status', status: 413, code: 'MessageSizeTooBig' },
      busy: { kind: 'status', status: 412 },
      fast: { kind: 'status', status: 429, retryAfter: 0.3 },
      broken: { kind: 'status', status: 500, taken: true },
      gateway: { kind: 'status', status: 502 },
      cut: { kind: 'reset', when: 'after', taken: true },
      cutEarly: { kind: 'reset', when: 'before' },
      dropped: { kind: 'drop' },
      slow: { kind: 'slow', delay: 2 * timeout },
      slowBody: { kind: 'slow-body', delay: 2 * timeout },
    } as const;
    const people = Object.keys(script).map(person);
    await patient.meet(people);
    for (const [name, fault] of Object.entries(script))
      if (fault) patient.sandbox.fault(`a:chat-${person(name)}`, fault);
    await inTransaction(store().db, (trx) =>
      patient.delivery.enqueue(
        trx,
        run,
        people.map((id) => toPerson(id)),
        now,
      ),
    );
    await patient.delivery.drain(now);
    const states: Record<string, string | undefined> = {};
    for (const name of Object.keys(script)) states[name] = (await stateOf(person(name)))?.state;
    assert.deepEqual(states, {
      fine: 'delivered',
      left: 'gone',
      blocked: 'blocked',
      missing: 'gone',
      large: 'refused',
      busy: 'delivered',
      fast: 'delivered',
      broken: 'uncertain',
      gateway: 'uncertain',
      cut: 'uncertain',
      cutEarly: 'uncertain',
      dropped: 'uncertain',
      slow: 'uncertain',
      slowBody: 'uncertain',
    });
    assert.deepEqual(patient.sandbox.duplicates(), []);
    const report = await patient.delivery.report(run);
    const arrived = new Set(patient.sandbox.arrivals.map((arrival) => arrival.delivery));
    for (const item of report.items) {
      if (item.state === 'delivered') assert.ok(arrived.has(item.id), item.recipient);
      if (['gone', 'blocked', 'refused'].includes(item.state))
        assert.ok(!arrived.has(item.id), item.recipient);
    }
    const { due, items: _items, run: _run, ...counts } = report;
    assert.equal(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      due,
    );
    await patient.close();
  }).timeout(60_000);

  it('no longer posts to a conversation that is gone, until the person writes again', async () => {
    const leaver = person('leaver');
    await post.meet([leaver]);
    post.sandbox.fault(`a:chat-${leaver}`, { kind: 'status', status: 404, code: 'ConversationNotFound' });
    await put([toPerson(leaver)]);
    await post.delivery.drain(now);
    await put([toPerson(leaver, { key: `${run}/second` })]);
    await post.delivery.drain(now);
    assert.equal(post.sandbox.requests.length, 1);
    await post.meet([leaver]);
    await put([toPerson(leaver, { key: `${run}/third` })]);
    await post.delivery.drain(now);
    assert.deepEqual(
      (await post.delivery.report(run)).items.map((item) => item.state),
      ['gone', 'unreachable', 'delivered'],
    );
  });

  it('expires what is too late and keeps what was cancelled', async () => {
    await post.meet([person('late'), person('off')]);
    await put([toPerson(person('late'), { expiresAt: now }), toPerson(person('off'))]);
    const cancelled = await inTransaction(store().db, (trx) =>
      post.delivery.cancel(trx, { key: `${run}/${person('off')}` }, 'withdrawn'),
    );
    assert.equal(cancelled, 1);
    await post.delivery.drain(now);
    assert.equal((await stateOf(person('late')))?.state, 'expired');
    assert.equal((await stateOf(person('off')))?.state, 'cancelled');
    assert.equal(post.sandbox.arrivals.length, 0);
  });

  it('lets what someone waits for pass the rest', async () => {
    const people = Array.from({ length: 60 }, (_, index) => person(`q${index}`));
    await post.meet([...people, person('boss')]);
    // In one transaction: a sender woken by the first of two might have sent most before the second is written.
    await put([...people.map((id) => toPerson(id)), toPerson(person('boss'), { urgent: true })]);
    await post.delivery.drain(now);
    const place = post.sandbox.arrivals.findIndex((one) => one.conversationId === `a:chat-${person('boss')}`);
    assert.ok(place >= 0 && place < 32, `place ${place}`);
  });

  it('replaces an unsent card in place, and puts the newest face on a delivered one, once it can', async () => {
    const [reader] = [person('reader')];
    const key = `${run}/${reader}`;
    const revise = (text: string) =>
      inTransaction(store().db, (trx) => post.delivery.revise(trx, key, sampleCard(text), now));
    const shown = () => JSON.stringify(post.sandbox.arrivals[0]?.activity);
    await post.meet([reader]);
    await put([toPerson(reader)]);
    await revise('second');
    await post.delivery.drain(now);
    assert.match(shown(), /second/);
    assert.equal(post.sandbox.requests.length, 1);
    post.sandbox.fault(`a:chat-${reader}`, { kind: 'status', status: 500 });
    post.sandbox.fault(`a:chat-${reader}`, { kind: 'status', status: 429, retryAfter: 0.1 });
    await revise('third');
    await revise('fourth');
    await post.delivery.drain(now);
    assert.match(shown(), /fourth/);
    assert.equal(post.sandbox.arrivals.length, 1);
    assert.equal(post.sandbox.arrivals[0]?.edits, 1);
    assert.equal((await stateOf(reader))?.state, 'delivered');
    await inTransaction(store().db, (trx) => post.delivery.revise(trx, 'unknown', sampleCard('x'), now));
  });

  it('sends each once when two instances share the work', async () => {
    const people = Array.from({ length: 80 }, (_, index) => person(`s${index}`));
    await post.meet(people);
    const other = await openPost(store(), { connector: { hosts: [post.sandbox.url] } });
    await put(people.map((id) => toPerson(id)));
    await Promise.all([post.delivery.drain(now), other.delivery.drain(now)]);
    await other.close();
    assert.equal(post.sandbox.arrivals.length, 80);
    assert.deepEqual(post.sandbox.duplicates(), []);
    assert.equal((await post.delivery.report(run)).delivered, 80);
  });

  it('retries what could not be sent when nobody answers the door, and never gives its token to a stranger', async () => {
    const [shut, stranger] = [person('shut'), person('stranger')];
    await post.delivery.rememberConversation(contactOf(stranger, 'http://127.0.0.1:1/'));
    await put([toPerson(stranger)]);
    await post.delivery.drain(now);
    assert.equal((await stateOf(stranger))?.state, 'refused');
    const closed = await openPost(store(), { connector: { hosts: ['http://127.0.0.1:1'] } });
    await post.delivery.rememberConversation(contactOf(shut, 'http://127.0.0.1:1/'));
    await put([toPerson(shut)]);
    await closed.delivery.drain(now, 0);
    await closed.close();
    const item = await stateOf(shut);
    assert.equal(item?.state, 'due');
    assert.match(item?.reason ?? '', /ECONNREFUSED/);
    await post.meet([shut]);
    await post.delivery.drain(now);
    assert.equal((await stateOf(shut))?.state, 'delivered');
  });
});
