import { strict as assert } from 'node:assert';
import { forgeActions } from '../support/forged-actions.ts';
import { FAMILIES } from '../support/forgeries.ts';
import { BOT_ID, useService } from '../support/service.ts';

describe('forged, stale, replayed and tampered card actions', () => {
  const service = useService({ documents: false });

  it('are all refused without a fault, change nothing, and tell strangers nothing', async function () {
    this.timeout(60_000);
    const { instance, store, teams, graph } = service();
    const result = await forgeActions(
      {
        db: store.db,
        teams,
        staffGroup: instance.trust.trust.staff_group,
        tenantId: graph.tenant.id,
        botId: BOT_ID,
      },
      480,
      1,
    );
    assert.deepEqual(result.faults, []);
    assert.deepEqual(result.accepted, []);
    assert.deepEqual(result.leaks, []);
    // Another tenant is told apart by its token alone, which a local run has none of: `bench:actions` sends those.
    assert.equal(Object.keys(result.byFamily).length, FAMILIES.length - 1);
  });
});
