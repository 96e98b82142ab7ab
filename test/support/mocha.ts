/** Runs mocha in this process with the pinned Node: `--postgres` and `--e2e` choose the store and the browser suites. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { suitesWithoutStore } from './suites.ts';

const HOOKS = ['--no-config', '--require', 'test/support/hooks.ts', '--exit'];
/** Most of a suite's time is waiting (for a lease, a kill, a patience that ends), so files run two at a time. */
const BESIDE = ['--parallel', '--jobs', '2'];
/** Times a start, so nothing else may run; the local run always has the embedded store, so once is enough. */
const LOCAL_RUN = 'test/flows/dev.test.ts';
/** Each in a process of its own: the identity library keeps the first token endpoint that it meets for as long as it lives. */
const SIGN_INS = ['test/flows/sign-in.test.ts', 'test/flows/channel-notices.test.ts'];
/** Signs in on a server alone, since other tenants are told apart in production only. */
const FORGED = 'test/flows/forged-actions.test.ts';

export async function run(argv: readonly string[]): Promise<void> {
  const rest = argv.filter((argument) => argument !== '--postgres' && argument !== '--e2e');
  const env = { ...process.env };
  if (argv.includes('--postgres')) env.TEST_DATABASE_URL ??= 'postgres://postgres@127.0.0.1:5432/test';
  for (const words of runsOf(argv)) {
    const code = await runMocha([...words, ...rest], env);
    process.exitCode = (process.exitCode ?? 0) || code;
  }
}

function runsOf(argv: readonly string[]): string[][] {
  if (argv.includes('--e2e')) return [[...HOOKS, '--timeout', '120000', 'test/e2e/**/*.test.ts']];
  const onPostgres = argv.includes('--postgres');
  const alone = onPostgres ? [...SIGN_INS, FORGED] : [LOCAL_RUN, ...SIGN_INS];
  const left = new Set([LOCAL_RUN, ...alone, ...(onPostgres ? suitesWithoutStore() : [])]);
  return [
    [...BESIDE, ...[...left].flatMap((file) => ['--ignore', file])],
    ...alone.map((file) => [...HOOKS, '--timeout', '20000', file]),
  ];
}

async function runMocha(words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
  const child = spawn(process.execPath, [mocha, ...words], { stdio: 'inherit', env });
  return new Promise((resolve) => child.on('exit', (status) => resolve(status ?? 1)));
}
