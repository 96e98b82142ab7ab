/** The Bicep files: well formed, in step with each other, with their two profiles, with the code and with the record of their reading. */
import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SETTINGS } from '../../src/config/settings-table.ts';
import { type Bicep, type BicepParameter, parseBicep, readBicep } from '../support/bicep.ts';

const ENTRY = 'infra/azure.bicep';
const files = readdirSync('infra', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.bicep'))
  .map((name) => join('infra', name));
const PROFILES = {
  small: 'infra/azure.parameters.json',
  large: 'infra/azure.parameters.large.json',
} as const;

/** What App Service itself reads. */
const OF_THE_HOST = ['SCM_DO_BUILD_DURING_DEPLOYMENT', 'WEBSITES_CONTAINER_STOP_TIME_LIMIT'];
/** Settings that the templates leave alone, and why. */
const LEFT_ALONE: Readonly<Record<string, string>> = {
  PORT: 'App Service sets it',
  CLOCK_START: 'local runs only',
  DATA_DIR: 'production keeps nothing on disk',
  DATABASE_SCHEMA: 'the database is ours alone',
  LOG_LEVEL: 'furtherSettings',
  PROCESS_ROLE: 'furtherSettings; with the same settings for every instance, both',
  MARKS_DIR: 'instances share no folder: marks come from the SharePoint library',
  SENDER_LIMIT: 'furtherSettings',
  REFUSED_LIMIT: 'furtherSettings',
  BOT_SERVICE_HOSTS: 'furtherSettings, should Teams have a new host',
  FILE_HOSTS: 'furtherSettings',
  BOT_TOKEN_ISSUER: 'other clouds',
  BOT_OPENID_METADATA: 'other clouds',
  BOT_LOGIN_URL: 'other clouds',
  BOT_OAUTH_SCOPE: 'other clouds',
  GRAPH_URL: 'other clouds',
  NOTIFICATION_ISSUER: 'other clouds',
  NOTIFICATION_OPENID_METADATA: 'other clouds',
};

type Given = Readonly<Record<string, unknown>>;

function profileOf(file: string): Given {
  const { parameters } = JSON.parse(readFileSync(file, 'utf8')) as {
    parameters: Record<string, { value: unknown }>;
  };
  return Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value]));
}

/** Whether a value is of a parameter's type, and one of those it allows. */
function fits({ type, allowed }: BicepParameter, value: unknown): boolean {
  const kinds: Readonly<Record<string, boolean>> = {
    string: typeof value === 'string',
    int: Number.isInteger(value),
    bool: typeof value === 'boolean',
    array: Array.isArray(value),
    object: typeof value === 'object' && value !== null && !Array.isArray(value),
  };
  return kinds[type] === true && (allowed.length === 0 || allowed.includes(String(value)));
}

/** What Azure would refuse of sizes that do not go together, in words. */
function problemsOf(sizes: Given): string[] {
  const { planSku, instances, upgradeSlot, databaseTier, databaseSku, zoneRedundant } = sizes;
  const basic = /^B\d$/.test(String(planSku));
  return [
    ...(basic && upgradeSlot ? ['a Basic plan has no slots'] : []),
    ...(zoneRedundant && (basic || Number(instances) < 2)
      ? ['zones need two instances of P0v3 or larger']
      : []),
    ...(zoneRedundant && databaseTier !== 'GeneralPurpose' ? ['a standby needs GeneralPurpose'] : []),
    ...((databaseTier === 'Burstable') === /^Standard_B/.test(String(databaseSku))
      ? []
      : ['size and tier of the database differ']),
  ];
}

describe('the infrastructure', () => {
  const read = new Map<string, Bicep>();
  before(async () => {
    for (const file of files) read.set(file, await readBicep(file));
  });
  const of = (file: string): Bicep => {
    const bicep = read.get(file);
    assert.ok(bicep, file);
    return bicep;
  };

  it('is syntactically right and uses no name it does not declare', () => {
    assert.ok(files.length > 8);
    for (const file of files) {
      const { syntaxErrors, unknownNames } = of(file);
      assert.deepEqual([...syntaxErrors, ...unknownNames], []);
    }
  });

  it('would be caught if it were not', async () => {
    const broken = await parseBicep("resource x 'a@1' = {\n  name: nobody\n");
    assert.ok(broken.syntaxErrors.length > 0);
    const unknown = await parseBicep("output x string = nobody.id\nvar a = 'b'\n");
    assert.deepEqual(unknown.unknownNames, ['text:1 nobody']);
    const loop = await parseBicep('param all array\nvar a = [for one in all: { name: one, is: other }]\n');
    assert.deepEqual(loop.unknownNames, ['text:2 other']);
  });

  it('gives each module the parameters it has, and all it needs', () => {
    const called = files.flatMap((file) => of(file).modules.map((module) => ({ ...module, file })));
    const paths = called.map(({ file, path }) => join(dirname(file), path));
    assert.deepEqual(paths.toSorted(), files.filter((file) => file !== ENTRY).toSorted());
    for (const { file, path, parameters: given } of called) {
      const { parameters } = of(join(dirname(file), path));
      const known = parameters.map(({ name }) => name);
      const needed = parameters.filter(({ required }) => required).map(({ name }) => name);
      assert.deepEqual(
        given.filter((name) => !known.includes(name)),
        [],
        path,
      );
      assert.deepEqual(
        needed.filter((name) => !given.includes(name)),
        [],
        path,
      );
    }
  });

  it('is in parts of a page each, the list of parameters and parts aside', () => {
    const long = files.filter(
      (file) => file !== ENTRY && readFileSync(file, 'utf8').split('\n').length > 151,
    );
    assert.deepEqual(long, []);
  });

  for (const [profile, file] of Object.entries(PROFILES)) {
    it(`has its parameters filled for the ${profile} profile, by values of their kind`, () => {
      const given = profileOf(file);
      const { parameters } = of(ENTRY);
      const needed = parameters.filter(({ required }) => required).map(({ name }) => name);
      assert.deepEqual(
        needed.filter((name) => !(name in given)),
        [],
      );
      for (const [name, value] of Object.entries(given)) {
        const parameter = parameters.find((one) => one.name === name);
        assert.ok(parameter && fits(parameter, value), `${name} = ${JSON.stringify(value)}`);
      }
    });

    it(`has sizes in the ${profile} profile that go together`, () => {
      assert.deepEqual(problemsOf(profileOf(file)), []);
    });
  }

  it('sees sizes that do not go together', () => {
    const small = profileOf(PROFILES.small);
    assert.deepEqual(problemsOf({ ...small, upgradeSlot: true }), ['a Basic plan has no slots']);
    assert.equal(problemsOf({ ...small, zoneRedundant: true }).length, 2);
    assert.deepEqual(problemsOf({ ...small, databaseSku: 'Standard_D2ds_v5' }), [
      'size and tier of the database differ',
    ]);
  });

  it('is the small profile where a parameter file says nothing', () => {
    const small = profileOf(PROFILES.small);
    for (const { name, fallback, required } of of(ENTRY).parameters)
      if (!required && name in small) assert.equal(fallback, small[name], name);
    assert.deepEqual(Object.keys(profileOf(PROFILES.large)), Object.keys(small));
  });

  it('sets every setting that the service knows, or says why not, and no other', () => {
    const set = files.flatMap((file) => of(file).appSettings.map(({ name }) => name));
    const known = new Set<string>(SETTINGS.map(({ name }) => name));
    assert.deepEqual(
      set.filter((name) => !known.has(name) && !OF_THE_HOST.includes(name)),
      [],
    );
    assert.equal(new Set(set).size, set.length);
    assert.deepEqual(
      [...known].filter((name) => !set.includes(name)).toSorted(),
      Object.keys(LEFT_ALONE).toSorted(),
    );
  });

  it('sets no secret but by a reference to the vault, or what Azure itself tells', () => {
    const settings = files.flatMap((file) => of(file).appSettings);
    const secrets = SETTINGS.flatMap((row) => ('secret' in row ? [row.name as string] : []));
    const shown = settings.filter(
      ({ name, value }) =>
        secrets.includes(name) && !/\$\{reference\}|properties\.ConnectionString/.test(value),
    );
    // Its address has no password: the identity signs in.
    assert.deepEqual(
      shown.map(({ name }) => name),
      ['DATABASE_URL'],
    );
    assert.match(shown[0]?.value ?? '', /^'postgres:\/\/\$\{identityName\}@\$\{databaseHost\}:5432/);
  });

  it('puts no secret in an output', () => {
    for (const file of files) {
      const lines = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('output '));
      assert.deepEqual(
        lines.filter((line) => /listKeys|password|secret|connectionString/i.test(line)),
        [],
      );
    }
  });
});

describe('the infrastructure and the code', () => {
  const site = readFileSync('infra/modules/site.bicep', 'utf8');
  const server = readFileSync('src/http/server.ts', 'utf8');

  it('start the service with the same flags, and with nothing between it and the signal to end', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
    const [, command = ''] = /appCommandLine: '([^']+)'/.exec(site) ?? [];
    assert.equal(command.replace('exec ./node_modules/.bin/', ''), scripts.start);
    assert.match(command, /^exec /);
  });

  it('leave it more time to end than it takes', () => {
    const [, limit = ''] = /SHUTDOWN_LIMIT = ([\d_]+)/.exec(readFileSync('src/cli/process.ts', 'utf8')) ?? [];
    const settings = readFileSync('infra/modules/settings.bicep', 'utf8');
    const [, host = ''] = /WEBSITES_CONTAINER_STOP_TIME_LIMIT', value: '(\d+)'/.exec(settings) ?? [];
    assert.ok(Number(host) * 1000 > Number(limit.replace('_', '')), `${host} s, ${limit} ms`);
  });

  it('look at addresses that there are', () => {
    const [, path = ''] = /healthCheckPath: '([^']+)'/.exec(site) ?? [];
    for (const address of [path, '/readyz', '/api/messages', '/api/graph/notifications'])
      assert.ok(server.includes(`'${address}'`), address);
  });

  it('tell operators of runs by the words that the log uses', () => {
    const [, words = ''] =
      /Message in \(([^)]+)\)/.exec(readFileSync('infra/modules/alerts.bicep', 'utf8')) ?? [];
    const lines = [...words.matchAll(/"([^"]+)"/g)].map(([, line = '']) => line);
    assert.equal(lines.length, 2);
    const scheduling = ['runner', 'watch-service'].map((name) =>
      readFileSync(`src/scheduling/${name}.ts`, 'utf8'),
    );
    for (const line of lines)
      assert.ok(
        scheduling.some((text) => text.includes(`log.error('${line}'`)),
        line,
      );
  });

  it('keep logs for as long as the privacy page says', () => {
    const [, days = ''] =
      /var keepDays = (\d+)/.exec(readFileSync('infra/modules/monitoring.bicep', 'utf8')) ?? [];
    assert.match(readFileSync('docs/PRIVACY.md', 'utf8'), new RegExp(`for ${days} days`));
  });
});

describe('the record of the reading (docs/decisions/azure.md)', () => {
  const record = readFileSync('docs/decisions/azure.md', 'utf8');
  const rows = new Map(
    [...record.matchAll(/^\| `(Microsoft\.[^`]+@[^`]+)` \| ([^|]*) \|/gm)].map(
      ([, type = '', names = '']) => [type, names.split(/[,\s]+/).filter(Boolean)],
    ),
  );
  /** Of Bicep and Resource Manager themselves, for every resource alike; and names that we choose. */
  const COMMON = /^(name|location|tags|kind|properties|parent|scope|dependsOn|hidden-link:.*|.*\$\{.*)$/;

  it('has every resource by its type and version, and every property that is set', async () => {
    const unread: string[] = [];
    for (const file of files) {
      for (const { type, properties } of (await readBicep(file)).resources) {
        const names = rows.get(type);
        const missing = properties.filter((name) => !COMMON.test(name) && !names?.includes(name));
        if (!names || missing.length > 0) unread.push(`${file} ${type}: ${missing.join(', ')}`);
      }
    }
    assert.deepEqual(
      unread,
      [],
      'read these in the documentation of their version, then add them to the record',
    );
  });

  it('has nothing that is not there any more', async () => {
    const all = await Promise.all(files.map((file) => readBicep(file)));
    const resources = all.flatMap(({ resources }) => resources);
    for (const [type, names] of rows) {
      const set = resources
        .filter((resource) => resource.type === type)
        .flatMap(({ properties }) => properties);
      assert.ok(set.length > 0, type);
      assert.deepEqual(
        names.filter((name) => !set.includes(name)),
        [],
        type,
      );
    }
  });

  it('names every built-in role that is given', () => {
    const given = files.flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/Role = '([0-9a-f-]{36})'/g),
    ]);
    assert.equal(given.length, 3);
    for (const [, role = ''] of given) assert.ok(record.includes(role), role);
  });
});
