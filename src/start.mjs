/**
 * The door every npm script goes through. Plain JavaScript, so that a machine whose own Node is too old gets a
 * sentence instead of a syntax error: npm falls back to that Node in silence when the pinned binary is missing.
 */
import * as modules from 'node:module';
import { fileURLToPath } from 'node:url';

/** Absent from the old Node to which this file must still speak. */
const { enableCompileCache } = modules;
const LOWEST = 24;
const running = Number(process.versions.node.split('.')[0]);
if (running < LOWEST) {
  process.stderr.write(
    `Waymark needs Node ${LOWEST}; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'The project brings its own: run "npm ci" without --omit=optional, then use npm run, not node.\n' +
      `On a platform without a pinned package (${process.platform}-${process.arch}), install Node ${LOWEST} first.\n`,
  );
  process.exit(1);
}

// Compiled code is kept between starts: about a quarter of the time that loading takes (docs/decisions/start-up.md).
enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/waymark', import.meta.url)));

const [entry, ...rest] = process.argv.slice(2);
const entries = {
  main: './main.ts',
  cli: './cli.ts',
  dev: './sandbox/dev.ts',
  mocha: '../test/support/mocha.ts',
  package: '../appPackage/build.ts',
  consents: '../infra/consents.ts',
  costs: '../infra/costs.ts',
  docs: '../docs/generate.ts',
  licences: '../docs/licences.ts',
  'bench-actions': '../bench/actions.ts',
  pictures: '../docs/pictures/draw.ts',
  'bench-answers': '../bench/answers.ts',
  'bench-attacks': '../bench/attacks.ts',
  'bench-attendance': '../bench/attendance.ts',
  'import-child': '../bench/import-child.ts',
  'bench-faults': '../bench/faults.ts',
  'bench-fuzz': '../bench/fuzz.ts',
  'bench-gate': '../bench/gate.ts',
  'bench-delivery': '../bench/delivery.ts',
  'bench-endurance': '../bench/endurance.ts',
  'bench-digests': '../bench/digests.ts',
  'bench-disclosure': '../bench/disclosure.ts',
  'bench-schedules': '../bench/schedules.ts',
  'bench-soak': '../bench/soak.ts',
  'bench-upgrade': '../bench/upgrade.ts',
  'bench-year': '../bench/year.ts',
  'bench-years': '../bench/years.ts',
};
const file = entries[entry];
if (!file) {
  process.stderr.write(`Usage: node src/start.mjs ${Object.keys(entries).join('|')} [arguments]\n`);
  process.exit(2);
}
process.argv.splice(2, process.argv.length - 2, ...rest);
const module = await import(file);
await module.run(rest);
