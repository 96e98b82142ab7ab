import { strict as assert } from 'node:assert';
import { newId } from '../../src/kernel/ids.ts';
import { runFuzz } from '../support/fuzz-campaign.ts';
import { testDatabaseUrl } from '../support/store.ts';

/** Told by the run, so that a bad one can be run again: FLOW_SEED=… npm run test:postgres */
const SEED = Number(process.env.FLOW_SEED ?? Number.parseInt(newId('').slice(1, 7), 16));

describe('spoilt requests with a good token', function () {
  this.timeout(60_000);
  before(function () {
    // Production has no embedded store.
    if (!testDatabaseUrl()) this.skip();
  });

  it(`fault nothing, call nobody, and tell strangers one line (seed ${SEED}; all of them: npm run bench:fuzz)`, async () => {
    const { statuses: _statuses, toStrangers, ...result } = await runFuzz(400, SEED);
    assert.deepEqual(result, { wrong: [], faults: [], called: 0, filesMade: 0, works: true });
    assert.ok(toStrangers.length <= 1 && !toStrangers.includes('a card'), toStrangers.join('; '));
  });
});
