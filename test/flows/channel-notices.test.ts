import { strict as assert } from 'node:assert';
import { stopwatch } from '../../src/kernel/time.ts';
import { selfSigned } from '../../src/sandbox/certificate.ts';
import { type Issuer, startIssuer } from '../../src/sandbox/issuer.ts';
import {
  askInChannel,
  type ChannelStage,
  NOTIFICATION_URL,
  stageChannel,
  valuesOf,
} from '../support/channels.ts';
import { BOT_ID, startService, type TestService } from '../support/service.ts';

const TENANT = '00000000-0000-4000-8009-000000000001';

describe('what Graph tells, encrypted and signed', function () {
  this.timeout(40_000);
  let issuer: Issuer;
  let service: TestService;
  let stage: ChannelStage;
  const saved = { ...process.env };

  before(async () => {
    issuer = await startIssuer({ audience: BOT_ID });
    // The identity library reads its endpoint from the process's own environment, as on App Service.
    Object.assign(process.env, issuer.environment);
    service = await startService({
      documents: false,
      trust: askInChannel,
      environment: {
        ...issuer.environment,
        BOT_ID,
        BOT_TENANT_ID: TENANT,
        BOT_TYPE: 'UserAssignedMsi',
        CHANNELS: 'on',
        NOTIFICATION_URL,
        NOTIFICATION_CERTIFICATE: selfSigned(),
        NOTIFICATION_ISSUER: issuer.issuer,
        NOTIFICATION_OPENID_METADATA: `${issuer.origin}/openid`,
      },
    });
    stage = await stageChannel(service, await issuer.mint(service.teams.url));
  });
  after(async () => {
    for (const name of Object.keys(issuer.environment)) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    await service.close();
    await issuer.close();
  });

  const reads = () => service.graph.requests.filter(({ path }) => /\/replies/.test(path)).length;
  const warned = (reason: string) => service.logged.filter((line) => line.includes(reason)).length;
  const kept = () => service.store.db.selectFrom('channel_notices').selectAll().execute();
  let said = 0;
  const reply = () => {
    said += 1;
    return stage.reply('Aisha Rahman', `amber, ${said} lessons`);
  };

  /** Tells of one reply so, and holds that it became one draft, read from the notice itself or from Graph. */
  async function becomesDraft(
    telling: Parameters<typeof service.graph.teams.tell>[0],
    from: 'notice' | 'graph',
  ): Promise<void> {
    const [drafts, before] = [stage.drafts('Aisha Rahman').length, reads()];
    reply();
    assert.deepEqual(await service.graph.teams.tell(telling), [202]);
    await stage.settled();
    assert.equal(stage.drafts('Aisha Rahman').length, drafts + 1);
    assert.equal(valuesOf(stage.drafts('Aisha Rahman').at(-1)).value, String(said));
    assert.equal(reads() - before, from === 'notice' ? 0 : 1);
    assert.deepEqual(await kept(), []);
  }

  it('is opened and believed, and nothing more is asked of Graph', async () => {
    await becomesDraft({ tokens: [await issuer.mintNotice(TENANT)] }, 'notice');
  });

  it('is not believed without a token, or with another’s; the reply is read from Graph', async () => {
    await becomesDraft({}, 'graph');
    await becomesDraft({ tokens: [await issuer.mintNotice(TENANT, 'other-publisher')] }, 'graph');
    await becomesDraft({ tokens: [await issuer.mintNotice(TENANT, 'forged-signature')] }, 'graph');
    await becomesDraft(
      { tokens: [await issuer.mintNotice(TENANT), await issuer.mintNotice(TENANT, 'other-tenant')] },
      'graph',
    );
    assert.ok(warned('token-bad') > 0);
  });

  it('is not opened when it was tampered with or is for another key; the reply is read from Graph', async () => {
    const tokens = [await issuer.mintNotice(TENANT)];
    await becomesDraft({ tokens, spoilt: 'signature' }, 'graph');
    await becomesDraft({ tokens, spoilt: 'key' }, 'graph');
    assert.ok(warned('bad-signature') > 0 && warned('bad-key') > 0);
  });

  it('waits, still encrypted, while the keys of the tokens cannot be had', async () => {
    await issuer.rollOver();
    issuer.setDown(true);
    const tokens = [await issuer.mintNotice(TENANT)];
    reply();
    assert.deepEqual(await service.graph.teams.tell({ tokens }), [202]);
    const [notice] = await kept();
    assert.ok(notice?.content, 'it is kept');
    assert.doesNotMatch(JSON.stringify(notice), /amber/);
    issuer.setDown(false);
    await stage.look();
    const drafts = stage.drafts('Aisha Rahman').length;
    assert.equal(valuesOf(stage.drafts('Aisha Rahman').at(-1)).value, String(said), 'the sweep has found it');
    await service.store.db
      .updateTable('channel_notices')
      .set({ not_before: new Date(0) })
      .execute();
    await stage.look();
    await stage.settled();
    assert.equal(
      stage.drafts('Aisha Rahman').length,
      drafts,
      'and the notice that came to it later made no second',
    );
  });

  it('is dropped with the same answer when the secret or the tenant is another’s, and no word of it is kept', async () => {
    const drafts = stage.drafts('Aisha Rahman').length;
    for (const telling of [
      { clientState: 'guessed' },
      { clientState: '' },
      { tenantId: '00000000-0000-4000-8009-0000000000ff' },
      { tenantId: '' },
    ]) {
      reply();
      assert.deepEqual(await service.graph.teams.tell(telling), [202]);
      assert.deepEqual(await kept(), []);
    }
    await service.quiet();
    assert.equal(stage.drafts('Aisha Rahman').length, drafts);
    await stage.look();
    assert.equal(stage.drafts('Aisha Rahman').length, drafts + 4, 'the sweep has found them');
  });

  it('is answered at once, with nothing in the answer, whatever comes', async () => {
    const at = `http://127.0.0.1:${service.instance.port}/api/graph/notifications`;
    const post = async (body: string, type = 'application/json', query = '') => {
      const elapsed = stopwatch();
      const response = await fetch(`${at}${query}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      const text = await response.text();
      assert.ok(elapsed() < 3_000);
      return [response.status, text, response.headers.get('content-type')];
    };
    const [, , plain] = await post('', 'text/plain', '?validationToken=it+is%20%3Cb%3Eus');
    assert.match(String(plain), /^text\/plain/);
    assert.deepEqual((await post('', 'text/plain', '?validationToken=it+is%20%3Cb%3Eus')).slice(0, 2), [
      200,
      'it is <b>us',
    ]);
    assert.deepEqual((await post('{')).slice(0, 2), [400, '']);
    assert.deepEqual((await post('{"value":[]}')).slice(0, 2), [400, '']);
    assert.deepEqual((await post('{"value":[]}', 'text/plain')).slice(0, 2), [400, '']);
    assert.deepEqual((await post(' '.repeat(1_100_000))).slice(0, 2), [413, '']);
    const stranger = {
      value: [
        {
          subscriptionId: 'x',
          clientState: 'y',
          resource: "teams('a')/channels('b')/messages('1')/replies('2')",
        },
      ],
    };
    assert.deepEqual((await post(JSON.stringify(stranger))).slice(0, 2), [202, '']);
    const many = { value: Array.from({ length: 1_000 }, () => stranger.value[0]) };
    assert.deepEqual((await post(JSON.stringify(many))).slice(0, 2), [202, '']);
    assert.equal((await fetch(at)).status, 405);
  });

  it('is heard from an address of Graph’s that a stranger had tell false ones until nobody listened', async () => {
    const at = `http://127.0.0.1:${service.instance.port}/api/graph/notifications`;
    const stranger = JSON.stringify({ value: [{ subscriptionId: 'theirs', clientState: 'theirs' }] });
    const statuses = new Set<number>();
    for (let n = 0; n < 500 && !statuses.has(429); n += 1) {
      const { status } = await fetch(at, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: stranger,
      });
      statuses.add(status);
    }
    assert.deepEqual([...statuses], [202, 429]);
    await becomesDraft({}, 'graph');
    assert.deepEqual(await service.graph.teams.tellLifecycle('missed'), [202]);
  });
});
