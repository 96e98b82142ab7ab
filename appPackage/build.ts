/**
 * `npm run package -- --env dev [--with channels]`: reads `env/.env.dev` (and `.env.dev.user`; what the shell has set wins), builds the app
 * package and writes it to `appPackage/build/`. Says plainly what is missing, and writes nothing then.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { localisable } from './languages.ts';
import { buildPackage, parseEnvFile, placeholdersIn, withChannels } from './package.ts';

const USAGE = `Usage: npm run package -- --env dev [--with channels]
       npm run -s package -- --strings > appPackage/languages/cy.json   what to translate`;

export async function run(argv: readonly string[]): Promise<void> {
  process.exitCode = await packageApp(argv, process.env, (line) => process.stdout.write(`${line}\n`));
}

/** 0 written, 1 refused with the reasons, 2 usage. `say` is given each line for people. */
export async function packageApp(
  argv: readonly string[],
  shell: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
  folder = '.',
): Promise<number> {
  const { env, channels, strings } = argumentsOf(argv);
  const read = (name: string) => readFile(join(folder, 'appPackage', name));
  const base = (await read('manifest.json')).toString('utf8');
  if (strings) {
    say(JSON.stringify(localisable(base), null, 2));
    return 0;
  }
  const envFile = join(folder, 'env', `.env.${env}`);
  if (!env || !existsSync(envFile)) {
    if (env) say(`There is no ${envFile}. Known environments: ${(await environments(folder)).join(', ')}.`);
    say(USAGE);
    return 2;
  }
  const manifest = channels ? withChannels(base) : base;
  const values = await valuesOf(envFile, placeholdersIn(manifest), shell);
  const languages = await languagesIn(join(folder, 'appPackage', 'languages'));
  const parts = { manifest, color: await read('color.png'), outline: await read('outline.png'), languages };
  const result = await buildPackage(parts, values);
  if (result.kind === 'missing') {
    say(`No value for ${result.names.join(', ')}.`);
    say(
      `Put them in ${envFile}.user (not committed), or set them in the shell. docs/OPERATIONS.md says what each is.`,
    );
    return 1;
  }
  if (result.kind === 'invalid') {
    say(`The package is not valid (${result.problems.length}):`);
    for (const problem of result.problems) say(`  ${problem}`);
    return 1;
  }
  const out = join(folder, 'appPackage', 'build');
  await mkdir(out, { recursive: true });
  const kind = channels ? `${env}.channels` : env;
  await writeFile(join(out, `manifest.${kind}.json`), result.manifest);
  await writeFile(join(out, `appPackage.${kind}.zip`), result.zip);
  say(`Wrote ${join(out, `appPackage.${kind}.zip`)} (${result.zip.length} bytes); the manifest is valid.`);
  return 0;
}

/** Values of the names from an environment's file, from the user's own beside it, and, before both, from the shell. */
export async function valuesOf(
  envFile: string,
  names: readonly string[],
  shell: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string | undefined>> {
  const values: Record<string, string | undefined> = {};
  for (const file of [envFile, `${envFile}.user`]) {
    if (existsSync(file)) Object.assign(values, parseEnvFile(await readFile(file, 'utf8')));
  }
  for (const name of names) values[name] = shell[name] || values[name];
  return values;
}

/** The texts of the files for other languages, by the tag that they are named by. */
async function languagesIn(place: string): Promise<Record<string, string>> {
  if (!existsSync(place)) return {};
  const tags = (await readdir(place)).flatMap(
    (name) => /^([a-z]{2}(?:-[a-z]{2})?)\.json$/.exec(name)?.[1] ?? [],
  );
  const texts = tags.map(async (tag) => [tag, await readFile(join(place, `${tag}.json`), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

type Arguments = { readonly env?: string; readonly channels: boolean; readonly strings: boolean };

function argumentsOf(argv: readonly string[]): Arguments {
  try {
    const options = {
      env: { type: 'string' },
      with: { type: 'string' },
      strings: { type: 'boolean' },
    } as const;
    const { values } = parseArgs({ args: [...argv], options });
    const known = values.with === undefined || values.with === 'channels';
    const env = values.env && /^[a-z0-9-]+$/.test(values.env) && known ? values.env : undefined;
    const strings = values.strings === true;
    return { ...(env ? { env } : {}), channels: values.with === 'channels', strings };
  } catch {
    return { channels: false, strings: false };
  }
}

async function environments(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'env'));
  return names.flatMap((name) => /^\.env\.([a-z0-9-]+)$/.exec(name)?.[1] ?? []);
}
