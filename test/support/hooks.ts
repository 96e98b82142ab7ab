/** Runs before every suite: says which Node and which engine, so that a log of a run explains itself. */
import { closeEngines, engineName } from './store.ts';

export const mochaHooks = {
  beforeAll() {
    process.stderr.write(`Node ${process.versions.node}, store: ${engineName()}\n`);
  },
  async afterAll() {
    await closeEngines();
  },
};
