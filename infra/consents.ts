/**
 * `npm run consents -- --env dev [--stage people,library] [--grant]`: what each stage asks of the tenant, which of it the managed
 * identity has, and, with `--grant`, the rest of it assigned. What Graph does not let a program do is printed as the PowerShell
 * that does it. Signs in as whoever is signed in to the Azure CLI; keeps nothing.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { valuesOf } from '../appPackage/build.ts';
import { consentsOf, STAGES, type Stage } from '../src/config/consents.ts';
import { messageOf } from '../src/kernel/errors.ts';
import { byHand } from './consents-by-hand.ts';
import { assignRole, readRoles } from './consents-graph.ts';

const USAGE = `Usage: npm run consents -- --env dev [--stage ${STAGES.map(({ name }) => name).join(',')}] [--grant]
Without --grant nothing is changed. Needs the Azure CLI, signed in by a Privileged Role Administrator.`;

export type Consenting = {
  readonly shell: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  /** A token for Graph of the person who runs this. */
  readonly token: () => Promise<string>;
  readonly graphUrl: string;
  readonly folder: string;
};

export async function run(argv: readonly string[]): Promise<void> {
  process.exitCode = await consents(argv, {
    shell: process.env,
    say: (line) => process.stdout.write(`${line}\n`),
    token: azureToken,
    graphUrl: 'https://graph.microsoft.com',
    folder: '.',
  });
}

/** 0 all that was asked for is granted, 1 something is missing or could not be granted, 2 usage. */
export async function consents(argv: readonly string[], world: Consenting): Promise<number> {
  const { say } = world;
  const asked = argumentsOf(argv);
  if (!asked || !existsSync(join(world.folder, 'env', `.env.${asked.env}`))) {
    say(USAGE);
    return 2;
  }
  const envFile = join(world.folder, 'env', `.env.${asked.env}`);
  const values = await valuesOf(envFile, ['IDENTITY_PRINCIPAL_ID', 'BOT_ID'], world.shell);
  const { IDENTITY_PRINCIPAL_ID: identity, BOT_ID: botId } = values;
  if (!identity || !botId) {
    say(
      `No value for IDENTITY_PRINCIPAL_ID or BOT_ID: provision first, or put the outputs into ${envFile}.user.`,
    );
    return 1;
  }
  try {
    return await look(asked, { identity, botId }, world);
  } catch (error) {
    say(messageOf(error));
    return 1;
  }
}

type Asked = { readonly env: string; readonly stages: readonly Stage[]; readonly grant: boolean };
type Ids = { readonly identity: string; readonly botId: string };

async function look({ stages, grant }: Asked, ids: Ids, world: Consenting): Promise<number> {
  const { say, graphUrl } = world;
  const graph = { url: graphUrl, token: await world.token() };
  const roles = await readRoles(graph, ids.identity);
  let missing = 0;
  for (const stage of stages) {
    say(
      `\nStage ${stage.number}, ${stage.name}: ${stage.gives}${stage.onlyIf ? ` (only if ${stage.onlyIf})` : ''}`,
    );
    for (const { name, why } of consentsOf([stage.name], 'application')) {
      const has = roles.given.has(name);
      if (!has && grant) await assignRole(graph, ids.identity, roles, name);
      if (!has && !grant) missing += 1;
      say(`  ${has ? 'has      ' : grant ? 'GRANTED  ' : 'MISSING  '} ${name}: ${why}`);
    }
    for (const { name, why } of consentsOf([stage.name], 'team')) say(`  by teams  ${name}: ${why}`);
    for (const line of byHand(stage.name, ids)) say(`  ${line}`);
  }
  if (missing > 0) say('\nNothing was changed. Grant what is missing: the same words and --grant.');
  else
    say(
      '\nNext: npm run -s cli -- doctor, which shows what works and what does not (a grant takes some minutes to tell).',
    );
  return missing > 0 ? 1 : 0;
}

function argumentsOf(argv: readonly string[]): Asked | undefined {
  try {
    const options = {
      env: { type: 'string' },
      stage: { type: 'string' },
      grant: { type: 'boolean' },
    } as const;
    const { env, stage, grant = false } = parseArgs({ args: [...argv], options }).values;
    const names = stage?.split(',') ?? STAGES.filter(({ onlyIf }) => !onlyIf).map(({ name }) => name);
    const stages = STAGES.filter(({ name }) => names.includes(name));
    if (!env || !/^[a-z0-9-]+$/.test(env) || stages.length !== names.length) return undefined;
    return { env, stages, grant };
  } catch {
    return undefined;
  }
}

async function azureToken(): Promise<string> {
  const words = [
    'account',
    'get-access-token',
    '--resource-type',
    'ms-graph',
    '--query',
    'accessToken',
    '--output',
    'tsv',
  ];
  // On Windows `az` is a batch file, which only a shell starts; the words are all our own.
  const { stdout } = await promisify(execFile)('az', words, { shell: process.platform === 'win32' }).catch(
    (error: unknown) => {
      throw new Error(`The Azure CLI gives no token: ${messageOf(error).split('\n')[0]}. Run: az login`);
    },
  );
  return stdout.trim();
}
