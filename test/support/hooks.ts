/** Runs before every suite: says which Node and which engine, so that a log of a run explains itself. */
import fc from 'fast-check';
import { closeEngines, engineName } from './store.ts';

/** The same draws at every run, so that a red one is the change's doing; another seed: FAST_CHECK_SEED=…. */
const seed = Number(process.env.FAST_CHECK_SEED ?? 20261121);
fc.configureGlobal({ seed });

export const mochaHooks = {
  beforeAll() {
    process.stderr.write(`Node ${process.versions.node}, store: ${engineName()}\n`);
  },
  async afterAll() {
    await closeEngines();
  },
};
