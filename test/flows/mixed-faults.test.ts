/** The short form of `npm run bench:faults -- --only mixed`. */
import { strict as assert } from 'node:assert';
import { readTenant } from '../../src/sandbox/tenant.ts';
import { letEverybodyLead } from '../support/everybody.ts';
import { digestMondays, mixedCampaign } from '../support/mixed.ts';
import { type SampleTrust, useService } from '../support/service.ts';

const tenant = await readTenant('samples/tenant.yaml');

describe('a Monday on which something is the matter everywhere', () => {
  let leaders: readonly string[] = [];
  const service = useService({
    documents: false,
    trust: (trust: SampleTrust) => {
      leaders = letEverybodyLead(trust, tenant);
    },
  });

  it("ends with a report that equals the stand-in's record to the last person", async () => {
    const [monday = ''] = digestMondays(service(), 1);
    const result = await mixedCampaign(service(), leaders, {
      monday,
      seed: 20261123,
      graphFault: 'throttles',
    });
    assert.deepEqual(result.wrong, []);
    assert.ok(result.faults > 20 && result.due > 100, JSON.stringify(result));
    for (const state of ['delivered', 'blocked', 'gone', 'refused', 'unreachable', 'uncertain'])
      assert.ok((result.states[state] ?? 0) > 0, `${state} in ${JSON.stringify(result.states)}`);
  }).timeout(150_000);
});
