import { strict as assert } from 'node:assert';
import { POLICY } from '../../src/access/policy.ts';
import { dateOf } from '../../src/kernel/time.ts';
import { type Issuer, startIssuer } from '../../src/sandbox/issuer.ts';
import { NOTIFICATION_URL } from '../support/channels.ts';
import { type ForgedResult, forgeActions } from '../support/forged-actions.ts';
import { FAMILIES, VERBS } from '../support/forgeries.ts';
import { BOT_ID, startService, type TestService } from '../support/service.ts';
import { testDatabaseUrl } from '../support/store.ts';

const COUNT = 10_000;
/** Nobody is asked by schedule meanwhile, and each forgery is judged for what it is: no limit refuses it unread. */
const QUIET = {
  documents: false,
  trust: (trust: { milestones: unknown[] }) => {
    trust.milestones = [];
  },
} as const;
const SETTINGS = {
  CHANNELS: 'on',
  NOTIFICATION_URL,
  SENDER_LIMIT: '100000',
  REFUSED_LIMIT: '1000000',
};

describe('forged, stale, replayed and tampered card actions', () => {
  const saved = { ...process.env };
  let issuer: Issuer | undefined;
  let service: TestService;
  let result: ForgedResult;

  before(async function () {
    this.timeout(180_000);
    // Another tenant is told apart by its token, which production alone asks for; and production refuses the embedded store.
    issuer = testDatabaseUrl() ? await startIssuer({ audience: BOT_ID }) : undefined;
    Object.assign(process.env, issuer?.environment);
    const production = issuer && {
      ...issuer.environment,
      APP_ENV: 'production',
      BOT_ID,
      BOT_TENANT_ID: '00000000-0000-4000-8009-000000000001',
      BOT_TYPE: 'UserAssignedMsi',
      PSEUDONYM_KEY: 'ab'.repeat(32),
      CLOCK_START: '',
    };
    service = await startService({ ...QUIET, environment: { ...SETTINGS, ...production } });
    const { instance, store, teams, graph } = service;
    const { trust } = instance.trust;
    result = await forgeActions(
      {
        db: store.db,
        teams,
        staffGroup: trust.staff_group,
        tenantId: graph.tenant.id,
        botId: BOT_ID,
        today: dateOf(instance.clock.now(), trust.zone),
        ...(issuer ? { token: await issuer.mint(teams.url) } : {}),
      },
      COUNT,
      1,
    );
  });
  after(async () => {
    for (const name of Object.keys(issuer?.environment ?? {})) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    await service?.close();
    await issuer?.close();
  });

  it('are made of every verb of check-ins that the policy has, in every way that its engine can show', () => {
    const verbs = Object.keys(POLICY).filter((verb) => verb.startsWith('checkins.'));
    assert.deepEqual([...VERBS].sort(), verbs.sort());
    assert.equal(result.sent, COUNT);
    const families = FAMILIES.filter((family) => issuer || family !== 'other-tenant');
    for (const verb of VERBS)
      for (const family of families)
        assert.ok((result.counts[verb][family] ?? 0) > 40, `${family} of ${verb}`);
  });

  it('are made of presses that are taken from whom they were offered to, before the forgeries and after', () => {
    assert.deepEqual(result.untaken, []);
  });

  it('are all refused without a fault, and nothing at all is written for them', () => {
    assert.deepEqual(result.faults, []);
    assert.deepEqual(result.accepted, []);
  });

  it('tell nobody a word of what is not theirs to see', () => {
    assert.deepEqual(result.leaks, []);
  });
});
