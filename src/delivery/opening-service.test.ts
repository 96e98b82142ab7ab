import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { contactOf, openPost, type Post, sampleCard } from '../../test/support/delivery.ts';
import { useStore } from '../../test/support/store.ts';
import { refuse } from '../kernel/errors.ts';
import { inTransaction } from '../storage/database.ts';
import type { OpeningParts } from './opening-service.ts';

describe('reaching a person without a conversation', () => {
  const store = useStore();
  const now = new Date('2026-11-23T07:30:00Z');
  const posts: Post[] = [];
  let runs = 0;
  let run = '';

  beforeEach(() => {
    runs += 1;
    run = `opening_${runs}`;
  });
  afterEach(async () => {
    for (const post of posts.splice(0)) await post.close();
    await sql`delete from openings`.execute(store().db);
    await sql`delete from conversations`.execute(store().db);
  });

  /** One person has written already, so that it is known where Teams answers. */
  async function open(opening: Partial<OpeningParts> = {}): Promise<Post> {
    const post = await openPost(store(), {
      connector: { loopback: true },
      parts: { opening: { mayReach: async () => true, ...opening } },
    });
    posts.push(post);
    await post.meet([`colleague-${run}`]);
    return post;
  }
  const send = (post: Post, ...people: readonly string[]) =>
    inTransaction(store().db, (trx) =>
      post.delivery.enqueue(
        trx,
        run,
        people.map((personId) => ({
          key: `${run}/${personId}`,
          target: { kind: 'person', personId },
          card: sampleCard(`For ${personId}`),
        })),
        now,
      ),
    );
  const opened = (post: Post) => post.sandbox.requests.filter(({ path }) => path === '/v3/conversations');

  it('opens the chat through the connector where the app is installed, once for all that waits', async () => {
    const post = await open();
    const person = `new-${run}`;
    post.sandbox.setInstalled(person, true);
    await send(post, person);
    await inTransaction(store().db, (trx) =>
      post.delivery.enqueue(
        trx,
        run,
        [{ key: `${run}/second`, target: { kind: 'person', personId: person }, card: sampleCard('Two') }],
        now,
      ),
    );
    await post.delivery.drain(now);
    const report = await post.delivery.report(run);
    assert.equal(report.delivered, 2);
    assert.deepEqual(
      post.sandbox.arrivals.map(({ conversationId }) => conversationId),
      [`a:chat-${person}`, `a:chat-${person}`],
    );
    assert.equal(opened(post).length, 1);
    assert.deepEqual(await store().db.selectFrom('openings').selectAll().execute(), []);
  });

  it('says who has not got the app, asks Teams no second time within the hour, and holds nobody else up', async () => {
    const post = await open();
    const person = `without-${run}`;
    await send(post, person, `colleague-${run}`);
    await post.delivery.drain(now);
    const report = await post.delivery.report(run);
    assert.deepEqual(
      [report.delivered, report.unreachable, report.pending],
      [1, 1, 0],
      JSON.stringify(report.items),
    );
    const [missed] = report.items.filter(({ state }) => state === 'unreachable');
    assert.match(missed?.reason ?? '', /the app is not installed for this person/);
    const asked = opened(post).length;
    run = `${run}-later`;
    await send(post, person);
    await post.delivery.drain(now);
    assert.equal((await post.delivery.report(run)).unreachable, 1);
    assert.equal(opened(post).length, asked);
    // An operator who presses has mended it: it is tried again at once.
    post.sandbox.setInstalled(person, true);
    assert.equal(await post.delivery.resend(run, undefined, now), 1);
    await post.delivery.drain(now);
    assert.equal((await post.delivery.report(`${run}/again`)).delivered, 1);
  });

  it('doubles nothing when the answer is lost: Teams gives the same chat again', async () => {
    const post = await open();
    const person = `lost-${run}`;
    post.sandbox.setInstalled(person, true);
    post.sandbox.fault(`open:${person}`, { kind: 'reset', when: 'after', taken: true });
    post.sandbox.fault(`open:${person}`, { kind: 'status', status: 500, taken: true });
    await send(post, person);
    await post.delivery.drain(now);
    assert.equal((await post.delivery.report(run)).delivered, 1);
    assert.equal(post.sandbox.arrivals.length, 1);
    assert.equal(opened(post).length, 3);
  });

  it('asks Teams for nobody whom Waymark may not write to', async () => {
    const post = await open({ mayReach: async () => refuse('not-staff', 'not on the staff') });
    const person = `guest-${run}`;
    post.sandbox.setInstalled(person, true);
    await send(post, person);
    await post.delivery.drain(now);
    const [item] = (await post.delivery.report(run)).items;
    assert.deepEqual([item?.state, item?.reason], ['unreachable', 'not on the staff']);
    assert.deepEqual(opened(post), []);
  });

  it('leaves whoever took the app away in peace', async () => {
    const post = await open();
    const person = `left-${run}`;
    post.sandbox.setInstalled(person, true);
    await post.meet([person]);
    await post.delivery.forgetConversation({ personId: person });
    await send(post, person);
    await post.delivery.drain(now);
    const [item] = (await post.delivery.report(run)).items;
    assert.equal(item?.state, 'unreachable');
    assert.match(item?.reason ?? '', /the app was removed/);
    assert.deepEqual(opened(post), []);
  });

  it('installs the app first where it may, and waits until Teams knows of it', async () => {
    let known = 0;
    const installs: string[] = [];
    const post = await open({
      installer: {
        install: async (personId) => {
          installs.push(personId);
          known += 1;
          if (known === 2) post.sandbox.setInstalled(personId, true);
          return { kind: 'installed' };
        },
        chatOf: async () => undefined,
      },
    });
    const person = `installed-${run}`;
    await send(post, person);
    await post.delivery.drain(now);
    assert.equal((await post.delivery.report(run)).delivered, 1);
    assert.deepEqual(installs, [person, person]);
    assert.equal(post.sandbox.arrivals.length, 1);
  });

  it('goes by the directory when the connector does not know of the installation yet', async () => {
    const post = await open({
      installer: {
        install: async () => ({ kind: 'installed' }),
        chatOf: async (personId) => `19:${personId}@unq.gbl.spaces`,
      },
    });
    await send(post, `named-${run}`);
    await post.delivery.drain(now);
    assert.deepEqual(
      post.sandbox.arrivals.map(({ conversationId }) => conversationId),
      [`19:named-${run}@unq.gbl.spaces`],
    );
  });

  it('says why it could not be installed', async () => {
    const post = await open({
      installer: {
        install: async () => ({ kind: 'refused', reason: 'an app policy refuses it' }),
        chatOf: async () => undefined,
      },
    });
    await send(post, `refused-${run}`);
    await post.delivery.drain(now);
    const [item] = (await post.delivery.report(run)).items;
    assert.equal(item?.state, 'unreachable');
    assert.match(item?.reason ?? '', /not installed for this person, and an app policy refuses it/);
  });

  it('begins where Teams says when nobody has written yet, and otherwise says that it cannot', async () => {
    const lone = await open();
    await sql`delete from conversations`.execute(store().db);
    await send(lone, `first-${run}`);
    await lone.delivery.drain(now);
    const [item] = (await lone.delivery.report(run)).items;
    assert.match(item?.reason ?? '', /nobody has written to Waymark/);
    run = `${run}-home`;
    const home = { serviceUrl: '', botId: '28:bot', tenantId: 'tenant' };
    const post = await open({ home });
    home.serviceUrl = post.sandbox.url;
    await sql`delete from conversations`.execute(store().db);
    post.sandbox.setInstalled(`first-${run}`, true);
    await send(post, `first-${run}`);
    await post.delivery.drain(now);
    assert.equal((await post.delivery.report(run)).delivered, 1);
  });

  it('reaches people at the address from which Teams last wrote, in place of one that no longer answers', async () => {
    const post = await open();
    const person = `moved-${run}`;
    const old = 'http://127.0.0.1:9';
    await post.delivery.rememberConversation(contactOf(person, old));
    await send(post, person);
    // Refused at once, so it is due again; then something comes from the new address.
    await post.delivery.drain(now, 0);
    assert.equal((await post.delivery.report(run)).pending, 1);
    await post.delivery.rememberConversation(contactOf(person, post.sandbox.url));
    await post.delivery.drain(now);
    assert.equal((await post.delivery.report(run)).delivered, 1);
  });
});
