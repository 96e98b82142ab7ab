/** Runs mocha in this process with the pinned Node: `--postgres` and `--e2e` choose the store and the browser suites. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

export async function run(argv: readonly string[]): Promise<void> {
  const rest = argv.filter((argument) => argument !== '--postgres' && argument !== '--e2e');
  const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
  const specs = argv.includes('--e2e')
    ? ['--no-config', '--require', 'test/support/hooks.ts', '--timeout', '120000', 'test/e2e/**/*.test.ts']
    : [];
  // The local run always has the embedded store; once is enough.
  const left = argv.includes('--postgres') ? ['--ignore', 'test/flows/dev.test.ts'] : [];
  const env = { ...process.env };
  if (argv.includes('--postgres')) env.TEST_DATABASE_URL ??= 'postgres://postgres@127.0.0.1:5432/test';
  const child = spawn(process.execPath, [mocha, ...specs, ...left, ...rest], { stdio: 'inherit', env });
  const code = await new Promise<number>((resolve) => child.on('exit', (status) => resolve(status ?? 1)));
  process.exitCode = code;
}
