/** What a trust installs: app package, icons, environment names, infrastructure. Compared with each other and the code. */
import { strict as assert } from 'node:assert';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { packageApp } from '../../appPackage/build.ts';
import { ICONS } from '../../appPackage/icons.ts';
import { buildPackage, parseEnvFile, placeholdersIn, withChannels } from '../../appPackage/package.ts';
import { SETTINGS } from '../../src/config/settings-table.ts';
import { parseBicep, readBicep } from '../support/bicep.ts';

const EXAMPLES: Readonly<Record<string, string>> = {
  TEAMS_APP_ID: 'f1b7c2de-6f0a-4b53-9a6e-0d4c2b1a9e88',
  BOT_ID: '6f1c1f9e-2a55-4a0e-9a46-6f5d4a8f2f10',
  BOT_DOMAIN: 'waymark-tideway01.azurewebsites.net',
  DEVELOPER_NAME: 'Tideway Learning Trust',
  WEBSITE_URL: 'https://tideway.example',
  PRIVACY_URL: 'https://tideway.example/privacy',
  TERMS_URL: 'https://tideway.example/terms',
};

const parts = {
  manifest: readFileSync('appPackage/manifest.json', 'utf8'),
  color: readFileSync('appPackage/color.png'),
  outline: readFileSync('appPackage/outline.png'),
};

describe('the app package', () => {
  it('is valid by the schema its manifest names, once its placeholders are filled', async () => {
    const built = await buildPackage(parts, EXAMPLES);
    assert.ok(built.kind === 'built', JSON.stringify(built));
    const files = unzipSync(built.zip);
    assert.deepEqual(Object.keys(files).sort(), ['color.png', 'manifest.json', 'outline.png']);
    const manifest = JSON.parse(Buffer.from(files['manifest.json'] ?? []).toString('utf8'));
    assert.equal(manifest.bots[0].botId, EXAMPLES.BOT_ID);
    assert.equal(manifest.name.short, 'Waymark');
    assert.ok(manifest.$schema.includes(`/v${manifest.manifestVersion}/`));
  });

  it('asks to read messages only in the package made for that', async () => {
    const asked = async (manifest: string) => {
      const built = await buildPackage({ ...parts, manifest }, EXAMPLES);
      assert.ok(built.kind === 'built', JSON.stringify(built));
      const { authorization } = JSON.parse(built.manifest);
      return authorization.permissions.resourceSpecific.map(({ name }: { name: string }) => name);
    };
    const base = await asked(parts.manifest);
    assert.ok(
      base.every((name: string) => !name.includes('Message')),
      base.join(),
    );
    assert.deepEqual(await asked(withChannels(parts.manifest)), [...base, 'ChannelMessage.Read.Group']);
  });

  it('is refused when the manifest is broken', async () => {
    const broken = {
      ...parts,
      manifest: parts.manifest.replace(
        '"groupChat"],\n      "supportsFiles"',
        '"classroom"],\n      "supportsFiles"',
      ),
    };
    assert.notEqual(broken.manifest, parts.manifest);
    const result = await buildPackage(broken, EXAMPLES);
    assert.ok(result.kind === 'invalid' && result.problems.length > 0);
  });

  it('names every placeholder without a value, and only those', async () => {
    const result = await buildPackage(parts, { ...EXAMPLES, BOT_ID: '', PRIVACY_URL: undefined });
    assert.deepEqual(result, { kind: 'missing', names: ['PRIVACY_URL', 'BOT_ID'] });
  });

  it('carries the version of package.json', () => {
    assert.equal(
      JSON.parse(parts.manifest).version,
      JSON.parse(readFileSync('package.json', 'utf8')).version,
    );
  });

  it('asks for the three consents a team gives, and no more', () => {
    const { authorization } = JSON.parse(parts.manifest);
    assert.deepEqual(
      authorization.permissions.resourceSpecific.map((permission: { name: string }) => permission.name),
      ['TeamMember.Read.Group', 'TeamSettings.Read.Group', 'ChannelSettings.Read.Group'],
    );
  });

  for (const [name, icon] of Object.entries(ICONS)) {
    it(`has the picture in ${name} that icons.ts draws`, () => {
      const png = readFileSync(join('appPackage', name));
      assert.equal(png.readUInt32BE(16), icon.size);
      assert.equal(png.readUInt32BE(20), icon.size);
      const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
      const stride = icon.size * 4;
      const pixels = Buffer.concat(
        Array.from({ length: icon.size }, (_, row) =>
          rows.subarray(row * (stride + 1) + 1, (row + 1) * (stride + 1)),
        ),
      );
      assert.ok(pixels.equals(icon.pixels()), `run: node appPackage/icons.ts`);
    });
  }

  it('has an outline icon of white on nothing', () => {
    const pixels = ICONS['outline.png'].pixels();
    const alphas = new Set<number>();
    for (let index = 0; index < pixels.length; index += 4) {
      assert.deepEqual([...pixels.subarray(index, index + 3)], [255, 255, 255]);
      alphas.add(pixels[index + 3] ?? -1);
    }
    assert.ok(alphas.has(0) && alphas.has(255));
  });
});

describe('npm run package', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waymark-package-'));
    cpSync('appPackage', join(folder, 'appPackage'), {
      recursive: true,
      filter: (path) => !path.includes('build/'),
    });
    cpSync('env', join(folder, 'env'), { recursive: true, filter: (path) => !path.endsWith('.user') });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function call(argv: readonly string[], shell: Readonly<Record<string, string>> = {}) {
    const lines: string[] = [];
    const code = await packageApp(argv, shell, (line) => lines.push(line), folder);
    return { code, text: lines.join('\n') };
  }

  it('writes the zip when the values are there, from the user file or the shell', async () => {
    const { BOT_ID = '', ...rest } = EXAMPLES;
    const lines = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(folder, 'env/.env.dev.user'), lines.join('\n'));
    const { code, text } = await call(['--env', 'dev'], { BOT_ID });
    assert.equal(code, 0, text);
    assert.ok(unzipSync(readFileSync(join(folder, 'appPackage/build/appPackage.dev.zip')))['manifest.json']);
  });

  it('writes the package with channels beside the ordinary one', async () => {
    const { code, text } = await call(['--env', 'dev', '--with', 'channels'], EXAMPLES);
    assert.equal(code, 0, text);
    const zip = unzipSync(readFileSync(join(folder, 'appPackage/build/appPackage.dev.channels.zip')));
    assert.match(Buffer.from(zip['manifest.json'] ?? []).toString('utf8'), /ChannelMessage\.Read\.Group/);
    assert.equal((await call(['--env', 'dev', '--with', 'everything'])).code, 2);
  });

  it('names the variables that have no value, and writes nothing', async () => {
    const { code, text } = await call(['--env', 'dev']);
    assert.equal(code, 1);
    for (const name of Object.keys(EXAMPLES)) assert.ok(text.includes(name), name);
    assert.ok(!existsSync(join(folder, 'appPackage/build')));
  });

  it('says which environments there are', async () => {
    const { code, text } = await call(['--env', 'nowhere']);
    assert.equal(code, 2);
    assert.match(text, /dev, local, playground/);
    assert.equal((await call([])).code, 2);
    assert.equal((await call(['--env', '../../etc'])).code, 2);
  });
});

describe('the environment names', () => {
  const read = (name: string) => parseEnvFile(readFileSync(join('env', name), 'utf8'));

  it('are committed without values', () => {
    for (const name of readdirSync('env').filter((file) => !file.endsWith('.user'))) {
      assert.deepEqual(Object.values(read(name)).filter(Boolean), [], name);
    }
  });

  it('hold what the manifest and the project files ask for', () => {
    for (const [file, env] of [
      ['teamsapp.yml', '.env.dev'],
      ['infra/azure.parameters.json', '.env.dev'],
      ['appPackage/manifest.json', '.env.dev'],
      ['teamsapp.local.yml', '.env.local'],
      ['appPackage/manifest.json', '.env.local'],
    ] as const) {
      const missing = placeholdersIn(readFileSync(file, 'utf8')).filter((name) => !(name in read(env)));
      assert.deepEqual(missing, [], `${file} in ${env}`);
    }
  });

  it('hold every output of the infrastructure', async () => {
    const { outputs } = await readBicep('infra/azure.bicep');
    assert.ok(outputs.length > 5);
    assert.deepEqual(
      outputs.filter((name) => !(name in read('.env.dev'))),
      [],
    );
  });
});

describe('the project files', () => {
  for (const file of ['teamsapp.yml', 'teamsapp.local.yml']) {
    it(`${file} is read by a YAML parser and names files that exist`, () => {
      const project = parse(readFileSync(file, 'utf8'));
      assert.match(project.version, /^v1\.\d+$/);
      const paths = [...JSON.stringify(project).matchAll(/"(\.{1,2}\/[^"$]+|\.deployignore)"/g)].map(
        (match) => match[1] ?? '',
      );
      const made = (path: string) => path.startsWith('./appPackage/build');
      assert.deepEqual(
        paths.filter((path) => !made(path) && !existsSync(path)),
        [],
      );
      assert.ok(paths.length > 1);
    });
  }

  it('keeps the app package it builds out of the repository', () => {
    assert.match(readFileSync('.gitignore', 'utf8'), /^appPackage\/build\/$/m);
  });
});

describe('the infrastructure', () => {
  const files = ['infra/azure.bicep', 'infra/database.bicep', 'infra/botRegistration/azurebot.bicep'];

  it('is syntactically right and uses no name it does not declare', async () => {
    for (const file of files) {
      const { syntaxErrors, unknownNames } = await readBicep(file);
      assert.deepEqual([...syntaxErrors, ...unknownNames], []);
    }
  });

  it('would be caught if it were not', async () => {
    const broken = await parseBicep("resource x 'a@1' = {\n  name: nobody\n");
    assert.ok(broken.syntaxErrors.length > 0);
    const unknown = await parseBicep("output x string = nobody.id\nvar a = 'b'\n");
    assert.deepEqual(unknown.unknownNames, ['text:1 nobody']);
  });

  it('gives each module the parameters it has, and all it needs', async () => {
    const { modules } = await readBicep('infra/azure.bicep');
    assert.equal(modules.length, 2);
    for (const module of modules) {
      const { parameters } = await readBicep(join(dirname('infra/azure.bicep'), module.path));
      const known = parameters.map(({ name }) => name);
      assert.deepEqual(
        module.parameters.filter((name) => !known.includes(name)),
        [],
        module.path,
      );
      const needed = parameters.filter(({ required }) => required).map(({ name }) => name);
      assert.deepEqual(
        needed.filter((name) => !module.parameters.includes(name)),
        [],
        module.path,
      );
    }
  });

  it('has its own parameters filled by azure.parameters.json', async () => {
    const { parameters } = await readBicep('infra/azure.bicep');
    const given = Object.keys(JSON.parse(readFileSync('infra/azure.parameters.json', 'utf8')).parameters);
    assert.deepEqual(
      given,
      parameters.filter(({ required }) => required).map(({ name }) => name),
    );
  });

  it('sets only settings that the service knows', async () => {
    const { appSettings } = await readBicep('infra/azure.bicep');
    const known = new Set<string>([...SETTINGS.map(({ name }) => name), 'SCM_DO_BUILD_DURING_DEPLOYMENT']);
    assert.deepEqual(
      appSettings.filter((name) => !known.has(name)),
      [],
    );
    const needed = [
      'APP_ENV',
      'BOT_ID',
      'BOT_TENANT_ID',
      'BOT_TYPE',
      'DATABASE_URL',
      'PSEUDONYM_KEY',
      'TRUST_FILE',
      // What a trust may configure of a model, all of it, or a deployment could not use what the service can.
      ...SETTINGS.map(({ name }) => name).filter((name) => name.startsWith('AZURE_OPENAI_')),
    ];
    assert.deepEqual(
      needed.filter((name) => !appSettings.includes(name)),
      [],
    );
  });

  it('puts no secret in an output', async () => {
    for (const file of files) {
      const lines = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('output '));
      assert.deepEqual(
        lines.filter((line) => /listKeys|password|secret/i.test(line)),
        [],
      );
    }
  });
});
