import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { runCampaign } from '../../test/support/campaign.ts';
import { engineName, testDatabaseUrl } from '../../test/support/store.ts';
import { newId } from '../kernel/ids.ts';
import { openStore } from '../storage/database.ts';

/** Two lanes of sixteen. The whole campaign is `npm run bench:delivery`. */
const SEND_WINDOW = 32;

describe('a sender killed with -9', () => {
  it(`sends each card once or reports it as uncertain, and the ledger agrees with the stand-in (${engineName()})`, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'waymark-kill-'));
    const databaseUrl = testDatabaseUrl();
    const schema = newId('kill');
    try {
      const result = await runCampaign({
        ...(databaseUrl ? { databaseUrl } : {}),
        dataDir,
        schema,
        kills: databaseUrl ? 5 : 2,
        seed: 20261123,
      });
      assert.equal(result.lost, 0);
      assert.equal(result.doubled, 0);
      assert.deepEqual(result.disagreements, []);
      assert.equal(result.delivered + result.uncertain, result.due);
      assert.ok(result.uncertain <= SEND_WINDOW * result.kills, `${result.uncertain} uncertain`);
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
