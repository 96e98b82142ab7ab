import { strict as assert } from 'node:assert';
import { type Issuer, startIssuer } from '../../src/sandbox/issuer.ts';
import { BOT_ID, startService, type TestService, wordsOf } from '../support/service.ts';
import { testDatabaseUrl } from '../support/store.ts';

const WORDS = 'What are our priorities this year, says the gatecrasher?';

describe('in production', () => {
  let issuer: Issuer;
  let service: TestService;
  const saved = { ...process.env };

  before(async function () {
    // Production refuses the embedded store.
    if (!testDatabaseUrl()) this.skip();
    this.timeout(40_000);
    issuer = await startIssuer({ audience: BOT_ID });
    // The identity library reads its endpoint from the process's own environment, as on App Service.
    Object.assign(process.env, issuer.environment);
    service = await startService({
      documents: false,
      environment: {
        ...issuer.environment,
        APP_ENV: 'production',
        BOT_ID,
        BOT_TENANT_ID: '00000000-0000-4000-8009-000000000001',
        BOT_TYPE: 'UserAssignedMsi',
        PSEUDONYM_KEY: 'ab'.repeat(32),
        CLOCK_START: '',
      },
    });
  });
  after(async () => {
    for (const name of Object.keys(issuer?.environment ?? {})) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    await service?.close();
    await issuer?.close();
  });

  it('a turn with a good token runs, and its answer and its card carry our own', async () => {
    const { teams, chat, shownTo, quiet } = service;
    const aisha = chat('Aisha Rahman');
    const token = await issuer.mint(teams.url);
    assert.equal((await teams.install(aisha, { token })).status, 200);
    await quiet();
    const { status } = await teams.sendMessage(aisha, 'hello', { token });
    assert.equal(status, 200);
    assert.match(wordsOf(shownTo(aisha).at(-1)), /^Hello\. Ask me/);
    const posts = teams.requests.filter(({ method }) => method === 'POST');
    assert.equal(posts.length, 2);
    for (const { token: shown } of posts) {
      const [, payload = ''] = (shown ?? '').split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
      assert.equal(claims.appid, BOT_ID);
      assert.equal(claims.aud, 'https://api.botframework.com');
    }
  });

  it('none, a forged and an expired one get 401, run nothing and leave nothing', async () => {
    const { teams, chat, shownTo, everything, logged } = service;
    const tom = chat('Tom Ellery');
    const faults = ['forged-signature', 'expired', 'wrong-audience', 'alg-none'] as const;
    const tokens = [
      undefined,
      'nonsense',
      ...(await Promise.all(faults.map((fault) => issuer.mint(teams.url, fault)))),
    ];
    for (const token of tokens) {
      const sent = await teams.sendMessage(tom, WORDS, token ? { token } : {});
      assert.deepEqual([sent.status, sent.body], [401, undefined]);
      assert.equal((await teams.install(tom, token ? { token } : {})).status, 401);
    }
    assert.deepEqual(shownTo(tom), []);
    const kept = await everything();
    assert.equal(kept.includes('gatecrasher') || kept.includes(`a:chat-${tom.personId}`), false);
    assert.doesNotMatch(logged.join(''), /gatecrasher/);
  });

  it('a good token does not open another tenant or another address to answer to', async () => {
    const { teams, chat, shownTo } = service;
    const tom = { ...chat('Tom Ellery'), tenantId: '00000000-0000-4000-8009-00000000beef' };
    const token = await issuer.mint(teams.url);
    assert.equal((await teams.sendMessage(tom, WORDS, { token })).status, 403);
    const elsewhere = { token, extra: { serviceUrl: 'https://elsewhere.example/' } };
    assert.equal((await teams.sendMessage(chat('Tom Ellery'), WORDS, elsewhere)).status, 403);
    assert.deepEqual(shownTo(tom), []);
  });
});
