import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Plan, runCampaign } from '../../test/support/kill-campaign.ts';
import { engineName, testDatabaseUrl } from '../../test/support/store.ts';
import { newId } from '../kernel/ids.ts';
import { openStore } from '../storage/database.ts';

/** Two lanes of sixteen. */
const SEND_WINDOW = 32;
/** The hardest points of the path, and an instant. The whole campaign is `npm run bench:faults`. */
const PLANS: readonly Plan[] = [
  { point: 'commit the run', phase: 'answered', nth: 1 },
  { point: 'post', phase: 'asked', nth: 7 },
  { point: 'settle and grant', phase: 'before', nth: 2 },
];
const ON_A_SERVER: readonly Plan[] = [
  ...PLANS,
  { point: 'settle and grant', phase: 'asked', nth: 1 },
  { point: 'put', phase: 'asked', nth: 5 },
  { after: 250, both: true },
];

describe('instances killed with -9', () => {
  it(`send each card once or report it as uncertain, and the ledger agrees with the stand-in (${engineName()})`, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'waymark-kill-'));
    const databaseUrl = testDatabaseUrl();
    const schema = newId('kill');
    const plans = databaseUrl ? ON_A_SERVER : PLANS;
    try {
      const result = await runCampaign({
        ...(databaseUrl ? { databaseUrl, pair: true } : {}),
        dataDir,
        schema,
        plans,
      });
      assert.equal(result.lost, 0);
      assert.equal(result.doubled, 0);
      assert.deepEqual(result.disagreements, []);
      assert.equal(result.delivered + result.uncertain + result.withdrawn, result.due);
      assert.ok(result.reached.length > 0, `never came to ${result.missed.join('; ')}`);
      assert.ok(result.mostUncertain <= SEND_WINDOW, `${result.mostUncertain} uncertain of one sender`);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
      if (databaseUrl) {
        const store = await openStore({ databaseUrl, dataDir, schema });
        for (const name of [schema, `${schema}_jobs`])
          await sql`drop schema if exists ${sql.id(name)} cascade`.execute(store.db);
        await store.close();
      }
    }
  }).timeout(60_000);
});
