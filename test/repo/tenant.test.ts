/** What a trust installs: app package, icons, environment names, project files. Compared with each other and the code. */
import { strict as assert } from 'node:assert';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { packageApp } from '../../appPackage/build.ts';
import { ICONS } from '../../appPackage/icons.ts';
import { localisable } from '../../appPackage/languages.ts';
import { buildPackage, parseEnvFile, placeholdersIn, withChannels } from '../../appPackage/package.ts';
import { consentsOf } from '../../src/config/consents.ts';
import { readBicep } from '../support/bicep.ts';

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
  languages: {},
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
    const own = consentsOf(['replies'], 'team').map(({ name }) => name);
    assert.ok(own.includes('ChannelMessage.Read.Group'));
    assert.deepEqual(await asked(withChannels(parts.manifest)), [...base, ...own]);
  });

  /** Ways to break a manifest that an unlucky hand might find, by the path and what is put there; undefined takes it away. */
  const broken: readonly (readonly [what: string, path: readonly (string | number)[], value: unknown])[] = [
    ['a scope that there is not', ['bots', 0, 'scopes'], ['classroom']],
    ['a bot without an id', ['bots', 0, 'botId'], undefined],
    ['an id that is no GUID', ['id'], 'waymark'],
    ['a short name that Teams would cut', ['name', 'short'], 'W'.repeat(31)],
    ['a short description that is long', ['description', 'short'], 'd'.repeat(81)],
    ['no privacy page', ['developer', 'privacyUrl'], undefined],
    ['a privacy page that is no address', ['developer', 'privacyUrl'], 'on request'],
    ['a list of commands that is a word', ['bots', 0, 'commandLists', 0, 'commands'], 'digest'],
    [
      'a permission of another kind',
      ['authorization', 'permissions', 'resourceSpecific', 0, 'type'],
      'Everything',
    ],
    ['a word that the schema has not', ['colour'], '#1B4965'],
    ['no icons', ['icons'], undefined],
  ];
  for (const [what, path, value] of broken) {
    it(`is refused with ${what}`, async () => {
      const manifest = JSON.parse(parts.manifest) as Record<string | number, unknown>;
      const last = path.at(-1) ?? '';
      const place = path
        .slice(0, -1)
        .reduce((part, key) => part[key] as Record<string | number, unknown>, manifest);
      place[last] = value;
      const result = await buildPackage({ ...parts, manifest: JSON.stringify(manifest) }, EXAMPLES);
      assert.ok(result.kind === 'invalid' && result.problems.length > 0, result.kind);
    });
  }

  it('carries other languages, and names them in the manifest', async () => {
    const strings = {
      ...localisable(parts.manifest),
      'description.short': 'Blaenoriaethau, presenoldeb a chrynodebau',
    };
    const built = await buildPackage({ ...parts, languages: { cy: JSON.stringify(strings) } }, EXAMPLES);
    assert.ok(built.kind === 'built', JSON.stringify(built));
    const { localizationInfo } = JSON.parse(built.manifest);
    assert.deepEqual(localizationInfo, {
      defaultLanguageTag: 'en-gb',
      additionalLanguages: [{ languageTag: 'cy', file: 'cy.json' }],
    });
    const file = JSON.parse(Buffer.from(unzipSync(built.zip)['cy.json'] ?? []).toString('utf8'));
    assert.match(file['description.short'], /^Blaenoriaethau/);
    assert.equal(file['name.short'], 'Waymark', 'placeholders are filled there too');
  });

  for (const [what, change, says] of [
    ['a string that is too long', { 'name.short': 'W'.repeat(31) }, /cy\.json: .*name\.short/],
    [
      'a string that the manifest has not',
      { 'bots[0].commandLists[0].commands[9].description': 'x' },
      /commands\[9\]/,
    ],
    [
      'the title of a command',
      { 'bots[0].commandLists[0].commands[1].title': 'fy ngwaith' },
      /sent as it stands/,
    ],
    ['another schema', { $schema: 'https://example.org/a.json' }, /\$schema must be/],
  ] as const) {
    it(`refuses another language with ${what}`, async () => {
      const strings = JSON.stringify({ ...localisable(parts.manifest), ...change });
      const result = await buildPackage({ ...parts, languages: { cy: strings } }, EXAMPLES);
      assert.ok(result.kind === 'invalid');
      assert.match(result.problems.join('\n'), says);
    });
  }

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

  it('asks a team for what config/consents.ts names for channels, and no more', () => {
    const { authorization } = JSON.parse(parts.manifest);
    assert.deepEqual(
      authorization.permissions.resourceSpecific,
      consentsOf(['channels'], 'team').map(({ name }) => ({ name, type: 'Application' })),
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
      filter: (path) => path !== join('appPackage', 'build'),
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
      ['infra/azure.parameters.large.json', '.env.dev'],
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
