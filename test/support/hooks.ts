/** Runs before all suites: says which Node and which engine, so that a log of a run explains itself. */
import fc from 'fast-check';
import { closeEngines, engineName } from './store.ts';

/** The same draws at every run, so that a red one is the change's doing; another seed: FAST_CHECK_SEED=…. */
const seed = Number(process.env.FAST_CHECK_SEED ?? 20261121);
fc.configureGlobal({ seed });

/** Once for a run. The engine of a process that runs files beside others ends with that process. */
export function mochaGlobalSetup(): void {
  process.stderr.write(`Node ${process.versions.node}, store: ${engineName()}\n`);
}

export async function mochaGlobalTeardown(): Promise<void> {
  await closeEngines();
}
