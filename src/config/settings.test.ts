import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { type Environment, isLoopbackUrl, readSettings, type Settings } from './settings.ts';
import { SETTINGS } from './settings-table.ts';

const PRODUCTION = {
  APP_ENV: 'production',
  BOT_ID: '6f1c1f9e-2a55-4a0e-9a46-6f5d4a8f2f10',
  BOT_TENANT_ID: '0d7a2c1e-64b5-4c3b-8a51-3d1f0f5a9b77',
  BOT_TYPE: 'UserAssignedMsi',
  DATABASE_URL: 'postgres://waymark@db.example:5432/waymark',
  PSEUDONYM_KEY: 'ab'.repeat(32),
} as const;

function problemsOf(env: Environment): readonly string[] {
  const read = readSettings(env);
  return read.kind === 'problems' ? read.problems : [];
}

function settingsOf(env: Environment): Settings {
  const read = readSettings(env);
  assert.ok(read.kind === 'ok', JSON.stringify(read));
  return read.settings;
}

describe('settings', () => {
  it('need nothing for a local run', () => {
    const settings = settingsOf({});
    assert.equal(settings.appEnv, 'local');
    assert.equal(settings.port, 3978);
    assert.equal(settings.bot, undefined);
    assert.equal(settings.databaseUrl, undefined);
    assert.equal(settings.graphUrl, 'https://graph.microsoft.com');
  });

  it('take empty values as unset, because env files carry empty names', () => {
    const empty = Object.fromEntries(SETTINGS.map(({ name }) => [name, ' ']));
    assert.deepEqual(settingsOf(empty), settingsOf({}));
  });

  it('are read in full for production', () => {
    const settings = settingsOf({ ...PRODUCTION, BOT_ID: PRODUCTION.BOT_ID.toUpperCase() });
    assert.deepEqual(settings.bot, {
      id: PRODUCTION.BOT_ID,
      tenantId: PRODUCTION.BOT_TENANT_ID,
      type: 'UserAssignedMsi',
    });
    assert.deepEqual(settings.serviceHosts.slice(0, 1), ['smba.trafficmanager.net']);
  });

  for (const name of ['BOT_ID', 'BOT_TENANT_ID', 'BOT_TYPE', 'DATABASE_URL', 'PSEUDONYM_KEY'] as const) {
    it(`refuse production without ${name}`, () => {
      for (const value of [undefined, '', '  ']) {
        const problems = problemsOf({ ...PRODUCTION, [name]: value });
        assert.equal(problems.length, 1);
        assert.ok(problems[0]?.startsWith(`${name}: required when APP_ENV=production. Example: ${name}=`));
      }
    });
  }

  it('list every problem at once, each with its variable and an example', () => {
    const problems = problemsOf({
      APP_ENV: 'production',
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      GRAPH_URL: 'nowhere',
    });
    const named = problems.map((problem) => problem.split(':')[0]);
    assert.deepEqual(named.sort(), [
      'BOT_ID',
      'BOT_TENANT_ID',
      'BOT_TYPE',
      'DATABASE_URL',
      'GRAPH_URL',
      'LOG_LEVEL',
      'PORT',
      'PSEUDONYM_KEY',
    ]);
    for (const problem of problems) assert.match(problem, /Example: [A-Z_]+=\S+/);
  });

  const refused: readonly (readonly [what: string, env: Environment, says: RegExp])[] = [
    ['an unknown environment', { APP_ENV: 'prod' }, /^APP_ENV: "prod" is not one of local, production/],
    ['a port out of range', { PORT: '70000' }, /^PORT: "70000"/],
    ['an id that is no GUID', { ...PRODUCTION, BOT_ID: 'waymark' }, /^BOT_ID: "waymark" is not a GUID/],
    [
      'a bot with a secret',
      { ...PRODUCTION, BOT_TYPE: 'MultiTenant' },
      /^BOT_TYPE: "MultiTenant" is not one of/,
    ],
    [
      'a service host over http',
      { ...PRODUCTION, BOT_SERVICE_HOSTS: 'http://teams.example' },
      /^BOT_SERVICE_HOSTS: "http:/,
    ],
    ['a service host with a path', { ...PRODUCTION, BOT_SERVICE_HOSTS: 'a.example/x' }, /^BOT_SERVICE_HOSTS/],
    ['a service host with a wildcard', { ...PRODUCTION, BOT_SERVICE_HOSTS: '*' }, /^BOT_SERVICE_HOSTS/],
    ['a loopback origin with a path', { BOT_SERVICE_HOSTS: 'http://127.0.0.1:9000/x' }, /^BOT_SERVICE_HOSTS/],
    ['no service host at all', { BOT_SERVICE_HOSTS: ' , ' }, /^BOT_SERVICE_HOSTS: names no host/],
    ['one bad host among good ones', { BOT_SERVICE_HOSTS: 'a.example,b c' }, /^BOT_SERVICE_HOSTS: "b c"/],
    ['a Graph elsewhere', { GRAPH_URL: 'https://graph.example' }, /^GRAPH_URL/],
    [
      'half a model',
      { AZURE_OPENAI_ENDPOINT: 'https://a.example' },
      /^AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_DEPLOYMENT/,
    ],
    [
      'a model over http',
      { AZURE_OPENAI_ENDPOINT: 'http://a.example', AZURE_OPENAI_DEPLOYMENT: 'x' },
      /^AZURE_OPENAI_ENDPOINT/,
    ],
    ['a model of meaning nowhere', { AZURE_OPENAI_EMBEDDINGS_DEPLOYMENT: 'x' }, /^AZURE_OPENAI_ENDPOINT/],
    ['another database', { DATABASE_URL: 'mysql://a.example/b' }, /^DATABASE_URL: only PostgreSQL/],
    ['an identity for an embedded database', { DATABASE_SIGN_IN: 'entra' }, /^DATABASE_SIGN_IN: entra needs/],
    [
      'a made-up clock in production',
      { ...PRODUCTION, CLOCK_START: '2026-11-23T07:25:00Z' },
      /^CLOCK_START: only for/,
    ],
    ['a date that is none', { CLOCK_START: 'Monday' }, /^CLOCK_START: "Monday" is not a date and time/],
    ['a short key', { PSEUDONYM_KEY: 'abcd' }, /^PSEUDONYM_KEY/],
  ];
  for (const [what, env, says] of refused) {
    it(`refuse ${what}`, () => {
      const problems = problemsOf(env);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', says);
    });
  }

  it('want all four of the cloud settings or none', () => {
    const issuer = { BOT_TOKEN_ISSUER: 'https://api.botframework.com' };
    const named = problemsOf(issuer).map((problem) => problem.split(':')[0]);
    assert.deepEqual(named, ['BOT_OPENID_METADATA', 'BOT_LOGIN_URL', 'BOT_OAUTH_SCOPE']);
  });

  it('want the keys of inbound tokens from https or from this machine', () => {
    const cloud = (metadata: string) => ({
      BOT_TOKEN_ISSUER: 'i',
      BOT_OPENID_METADATA: metadata,
      BOT_LOGIN_URL: 'https://login.example',
      BOT_OAUTH_SCOPE: 's',
    });
    assert.match(problemsOf(cloud('http://keys.example/openid'))[0] ?? '', /^BOT_OPENID_METADATA/);
    assert.deepEqual(problemsOf(cloud('http://127.0.0.1:9000/openid')), []);
  });

  it('install the app for staff only where that is chosen, and under its own id', () => {
    const id = '1C6F2C0E-8a34-4d0b-9b5e-2f7e4f2a6d11';
    assert.equal(settingsOf({}).installs, undefined);
    assert.equal(settingsOf({ TEAMS_APP_ID: id }).installs, undefined);
    assert.equal(settingsOf({ APP_INSTALL: 'On', TEAMS_APP_ID: id }).installs, id.toLowerCase());
    assert.match(problemsOf({ APP_INSTALL: 'on' })[0] ?? '', /^TEAMS_APP_ID: APP_INSTALL=on needs it/);
  });

  it('leave channels unread until they are chosen, and want what Graph tells to come by https', () => {
    assert.deepEqual(settingsOf({}).channels, { on: false });
    const url = 'https://waymark.example/api/graph/notifications';
    assert.deepEqual(settingsOf({ CHANNELS: 'On', NOTIFICATION_URL: url }).channels, {
      on: true,
      notificationUrl: url,
    });
    const unsafe = { NOTIFICATION_URL: 'http://waymark.example/api/graph/notifications' };
    assert.match(problemsOf(unsafe)[0] ?? '', /^NOTIFICATION_URL.*neither https/);
    assert.match(problemsOf({ NOTIFICATION_ISSUER: 'i' })[0] ?? '', /set both or neither/);
    assert.match(problemsOf({ NOTIFICATION_CERTIFICATE: 'hunter2' })[0] ?? '', /not shown/);
  });

  it('allow a listed loopback origin in production', () => {
    const settings = settingsOf({
      ...PRODUCTION,
      BOT_SERVICE_HOSTS: 'http://127.0.0.1:9000, smba.trafficmanager.net',
    });
    assert.deepEqual(settings.serviceHosts, ['http://127.0.0.1:9000', 'smba.trafficmanager.net']);
  });

  it('never show a secret, right or wrong', () => {
    const secrets = {
      PSEUDONYM_KEY: 'hunter2hunter2',
      DATABASE_URL: 'mysql://waymark:hunter2@db.example/x',
    };
    const text = problemsOf(secrets).join('\n');
    assert.match(text, /not shown/);
    assert.doesNotMatch(text, /hunter2/);
  });

  it('have an example that passes its own check, a meaning and a name in capitals', () => {
    for (const setting of SETTINGS) {
      assert.match(setting.name, /^[A-Z][A-Z0-9_]+$/);
      assert.ok(setting.meaning.length > 5);
      if (!('secret' in setting)) assert.ok(setting.check(setting.example), setting.name);
    }
  });

  it('never throw, whatever the environment holds', () => {
    const environment = fc.dictionary(fc.constantFrom(...SETTINGS.map(({ name }) => name)), fc.string());
    fc.assert(fc.property(environment, (env) => ['ok', 'problems'].includes(readSettings(env).kind)));
  });
});

describe('a loopback address', () => {
  it('is one that cannot leave this machine', () => {
    for (const url of [
      'http://127.0.0.1:1',
      'http://localhost',
      'http://[::1]:9',
      'http://127.1:80',
      'http://2130706433/',
    ]) {
      assert.ok(isLoopbackUrl(url), url);
    }
    for (const url of [
      'http://127.0.0.1.example',
      'http://localhost.example',
      'http://10.0.0.1',
      'http://0.0.0.0',
      '',
    ]) {
      assert.ok(!isLoopbackUrl(url), url);
    }
  });
});
