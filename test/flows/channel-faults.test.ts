import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { must } from '../../src/kernel/guards.ts';
import { sleep } from '../../src/kernel/time.ts';
import { askInChannel, NOTIFICATION_URL, useChannels } from '../support/channels.ts';
import { startService } from '../support/service.ts';

describe('replies in channels, while Graph misbehaves', function () {
  this.timeout(40_000);
  const stage = useChannels();
  let said = 0;
  /** Words that no other reply of the suite has. */
  const words = () => {
    said += 1;
    return `green, ${said} lessons`;
  };
  const later = (minutes: number) =>
    new Date(Date.parse('2026-11-23T08:00:00Z') + minutes * 60_000).toISOString();

  /** Runs `work`, and holds that of the replies written in it each became one draft, no more. */
  async function eachOnce(count: number, work: () => Promise<void>): Promise<void> {
    const before = stage().drafts('Aisha Rahman').length;
    await work();
    await stage().settled();
    assert.equal(stage().drafts('Aisha Rahman').length - before, count);
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from deliveries where key like 'reply/%' and state = 'delivered'`.execute(
      stage().service.store.db,
    );
    assert.equal(rows[0]?.n, stage().drafts('Aisha Rahman').length);
  }
  const reply = () => stage().reply('Aisha Rahman', words());
  const graph = () => stage().service.graph;

  it('handles what is told twice, and in the wrong order, once', () =>
    eachOnce(3, async () => {
      for (let n = 0; n < 3; n += 1) reply();
      const statuses = await graph().teams.tell({ twice: true, reversed: true });
      assert.deepEqual(statuses, [202, 202, 202, 202, 202, 202]);
      await stage().settled();
      await stage().look();
    }));

  it('finds what was posted while nobody listened, once, whoever looks', () =>
    eachOnce(2, async () => {
      reply();
      reply();
      graph().teams.keepQuiet();
      await Promise.all([stage().look(later(6)), stage().look(later(6))]);
      await stage().look(later(12));
    }));

  it('handles a reply once that is told and found at the same time', () =>
    eachOnce(2, async () => {
      for (let n = 0; n < 2; n += 1) reply();
      await Promise.all([graph().teams.tell({ twice: true }), stage().look(later(13))]);
    }));

  it('handles a reply once that two instances hear of and look for at once', async () => {
    const { service } = stage();
    const second = await startService({
      beside: service,
      documents: false,
      trust: askInChannel,
      environment: { CHANNELS: 'on', NOTIFICATION_URL },
    });
    try {
      await eachOnce(2, async () => {
        for (let n = 0; n < 2; n += 1) reply();
        const at = new Date(later(13));
        await Promise.all([
          graph().teams.tell({ twice: true }),
          second.instance.app.channels?.look(at, { anyway: true }),
          stage().look(later(13)),
          second.instance.app.channels?.look(at, { anyway: false }),
        ]);
        await second.instance.app.channels?.look(at, { anyway: true });
      });
    } finally {
      await second.close();
    }
  });

  it('starts afresh when Graph has forgotten its place, and handles nothing twice', () =>
    eachOnce(1, async () => {
      graph().forgetDeltas();
      reply();
      graph().teams.keepQuiet();
      await stage().look(later(14));
      const asked = graph().requests.filter(({ path, status }) => path.endsWith('/delta') && status === 410);
      assert.equal(asked.length, 1);
      assert.match((await stage().watch()).delta_link ?? '', /deltatoken/);
    }));

  it('goes on past pages with nothing on them', () =>
    eachOnce(1, async () => {
      graph().teams.emptyPages(3);
      reply();
      graph().teams.keepQuiet();
      await stage().look(later(15));
    }));

  it('waits as long as Graph asks, and goes on', () =>
    eachOnce(1, async () => {
      reply();
      graph().teams.keepQuiet();
      graph().throttle(2, { retryAfter: 1 });
      await stage().look(later(16));
    }));

  it('waits a while when Graph does not say how long', () =>
    eachOnce(1, async () => {
      reply();
      graph().teams.keepQuiet();
      graph().throttle(1, { silent: true });
      await stage().look(later(17));
    }));

  it('waits out a 503', () =>
    eachOnce(1, async () => {
      reply();
      graph().teams.keepQuiet();
      graph().fail(503);
      const looked = stage().look(later(18));
      await sleep(500);
      graph().recover();
      await looked;
    }));

  it('keeps a notice whose reply cannot be read now, and reads it when it can', () =>
    eachOnce(1, async () => {
      const { db } = stage().service.store;
      const kept = () => db.selectFrom('channel_notices').select('tries').execute();
      reply();
      graph().fail(500);
      await graph().teams.tell();
      await untilHolds(async () => (await kept())[0]?.tries === 1);
      assert.equal((await kept()).length, 1);
      graph().recover();
      await sql`update channel_notices set not_before = clock_timestamp()`.execute(db);
      await stage().service.instance.app.channels?.look(new Date(later(19)), { anyway: false });
    }));

  it('follows no link that leads away from Graph', () =>
    eachOnce(1, async () => {
      graph().sendLinksTo('http://127.0.0.1:9');
      graph().forgetDeltas();
      reply();
      graph().teams.keepQuiet();
      await stage().look(later(20));
      assert.equal((await stage().watch()).trouble, 'graph-foreign-link');
      graph().sendLinksTo('https://graph.microsoft.com');
      await sql`update channel_watches set delta_link = null`.execute(stage().service.store.db);
      await stage().look(later(21));
      assert.equal((await stage().watch()).trouble, null);
    }));

  it('renews its subscription before it lapses, and makes another when it is gone', async () => {
    const first = must((await stage().watch()).subscription_id, 'a subscription');
    const ends = () => graph().teams.subscriptions.get(first)?.expirationDateTime ?? '';
    const before = ends();
    await stage().look(later(50));
    assert.ok(ends() > before, 'it lives longer now');
    graph().teams.subscriptions.delete(first);
    await stage().look(later(90));
    const second = must((await stage().watch()).subscription_id, 'a subscription');
    assert.notEqual(second, first);
    assert.deepEqual([...graph().teams.subscriptions.keys()], [second]);
  });

  it('takes over a subscription that it had forgotten', async () => {
    const known = must((await stage().watch()).subscription_id, 'a subscription');
    await sql`update channel_watches set subscription_id = null, subscription_ends = null`.execute(
      stage().service.store.db,
    );
    await stage().look(later(91));
    assert.equal((await stage().watch()).subscription_id, known);
  });

  it('subscribes again when told that it was removed, and finds what nobody told of', () =>
    eachOnce(1, async () => {
      const before = (await stage().watch()).subscription_id;
      reply();
      graph().teams.keepQuiet();
      assert.deepEqual(await graph().teams.tellLifecycle('subscriptionRemoved'), [202]);
      await untilHolds(async () => {
        const { subscription_id } = await stage().watch();
        return subscription_id !== null && subscription_id !== before;
      });
      await stage().look(later(91));
    }));

  it('proves itself when asked to, and reads its threads through when told that something was missed', () =>
    eachOnce(1, async () => {
      const patches = () => graph().requests.filter(({ method }) => method === 'PATCH').length;
      const before = patches();
      assert.deepEqual(await graph().teams.tellLifecycle('reauthorizationRequired'), [202]);
      await untilHolds(async () => patches() > before);
      reply();
      graph().teams.keepQuiet();
      assert.deepEqual(await graph().teams.tellLifecycle('missed'), [202]);
      await stage().look(later(92));
    }));

  it('reports a consent that was taken away, once, and goes on from its place when it is back', () =>
    eachOnce(1, async () => {
      const { service, watch, look } = stage();
      const { operators, trust } = service.instance.trust;
      const { teamId } = must(service.channel('Aisha Rahman', 'Harbour Primary').channel, 'a channel');
      graph().teams.deny(teamId);
      await look(later(100));
      await look(later(120));
      assert.equal((await watch()).state, 'denied');
      const sent = await reportsOf('denied');
      assert.equal(sent.length, 1);
      assert.equal(sent[0]?.person_id, operators[0] ?? trust.questions_contact);
      const { out } = await service.command('doctor');
      assert.match(out, /Harbour Primary.*not read: the team has not consented/);
      reply();
      graph().teams.keepQuiet();
      graph().teams.allow(teamId);
      await look(later(140));
      assert.equal((await watch()).state, 'listening');
    }));

  it('reports a channel that is gone, and finds it again', async () => {
    const { service, watch, look, thread } = stage();
    const team = must(
      service.graph.tenant.teams.find(({ id }) => id === thread.teamId),
      'the team',
    );
    const channels = [...team.channels];
    team.channels = channels.filter(({ id }) => id !== thread.channelId);
    await look(later(150));
    assert.equal((await watch()).state, 'lost');
    assert.equal((await reportsOf('lost')).length, 1);
    team.channels = channels;
    await look(later(170));
    assert.equal((await watch()).state, 'listening');
  });

  it('knows a team by its new name, and says that an archived one is not read', async () => {
    const { service, watch, look, thread } = stage();
    const team = must(
      service.graph.tenant.teams.find(({ id }) => id === thread.teamId),
      'the team',
    );
    team.name = 'Harbour Primary and Nursery';
    await look(later(180));
    assert.equal((await watch()).state, 'listening');
    const { team_name } = await service.store.db
      .selectFrom('channel_watches')
      .select('team_name')
      .executeTakeFirstOrThrow();
    assert.equal(team_name, 'Harbour Primary and Nursery');
    team.archived = true;
    await look(later(200));
    assert.equal((await watch()).state, 'archived');
    assert.equal((await watch()).subscription_id, null);
    assert.equal(service.graph.teams.subscriptions.size, 0);
    team.archived = false;
    await look(later(220));
    assert.equal((await watch()).state, 'listening');
  });

  it('reads nothing in a private channel, and looks by itself in a shared one', async () => {
    const { service, watch, look, thread } = stage();
    const team = must(
      service.graph.tenant.teams.find(({ id }) => id === thread.teamId),
      'the team',
    );
    const channel = must(
      team.channels.find(({ id }) => id === thread.channelId),
      'the channel',
    );
    const asked = () => service.graph.requests.filter(({ path }) => path.includes('/messages')).length;
    channel.type = 'private';
    const before = asked();
    await look(later(240));
    assert.equal((await watch()).state, 'private');
    assert.equal(asked(), before, 'no message was asked for');
    const { out } = await service.command('doctor');
    assert.match(out, /the channel is private/);
    channel.type = 'shared';
    await eachOnce(1, async () => {
      reply();
      service.graph.teams.keepQuiet();
      await look(later(300));
    });
    assert.equal((await watch()).state, 'sweeping');
    assert.equal(service.graph.teams.subscriptions.size, 0);
    delete channel.type;
    await look(later(310));
    assert.equal((await watch()).state, 'listening');
  });

  it('looks by itself where Graph cannot reach it, and says so', async () => {
    const { service, watch, look } = stage();
    service.graph.teams.subscriptions.clear();
    service.graph.teams.reach(new URL(NOTIFICATION_URL).origin, 'http://127.0.0.1:9');
    await sql`update channel_watches set subscription_id = null, subscription_ends = null`.execute(
      service.store.db,
    );
    await eachOnce(1, async () => {
      reply();
      await look(later(320));
    });
    assert.equal((await watch()).state, 'sweeping');
    const { out } = await service.command('doctor');
    assert.match(out, /come late.*graph-refused/);
    service.graph.teams.reach(new URL(NOTIFICATION_URL).origin, `http://127.0.0.1:${service.instance.port}`);
    await look(later(330));
    assert.equal((await watch()).state, 'listening');
  });

  it('finds within the hour what no delta tells of', async () => {
    await stage().look(later(395));
    graph().teams.stillThreads(true);
    await eachOnce(0, async () => {
      reply();
      graph().teams.keepQuiet();
      await stage().look(later(400));
    });
    await eachOnce(1, () => stage().look(later(470)));
    graph().teams.stillThreads(false);
  });

  async function untilHolds(holds: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      if (await holds()) return;
      await sleep(50);
    }
    assert.fail('waited in vain');
  }

  async function reportsOf(state: string) {
    return stage()
      .service.store.db.selectFrom('deliveries')
      .select(['person_id', 'state'])
      .where('key', 'like', `channels/%/${state}/%`)
      .execute();
  }
});
