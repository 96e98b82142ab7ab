import { strict as assert } from 'node:assert';
import { ask, MONDAY, rebuild, store, useDesk } from '../../test/support/checkin-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { readLive } from './store.ts';

describe('check-ins where schools keep different calendars', () => {
  useDesk();

  it('are asked for by the calendar of a milestone’s school, and by the trust’s for what belongs to none', async () => {
    const two = sampleTrust([
      { id: 'm1', owner: 'tom', school: '100001' },
      { id: 'm2', owner: 'cho', school: undefined },
    ]);
    await rebuild(two).syncMilestones(MONDAY.now);
    const dayOf = (own: boolean, trust: boolean) => ({
      ...MONDAY,
      dayOf: { trust, schools: new Map([['100001', own]]) },
    });
    assert.deepEqual(await ask(dayOf(false, false)), []);
    assert.equal((await ask(dayOf(false, true))).length, 1);
    assert.deepEqual(
      (await readLive(store.db)).map(({ milestoneId }) => milestoneId),
      ['m2'],
    );
    assert.equal((await ask(dayOf(true, false))).length, 1);
    assert.equal((await readLive(store.db)).length, 2);
  });
});
