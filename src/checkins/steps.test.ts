import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  liveOf,
  MONDAY,
  press,
  store,
  TOM,
  useDesk,
} from '../../test/support/checkin-desk.ts';
import { ADA, create, made } from '../../test/support/milestone-desk.ts';
import { addDays } from '../kernel/time.ts';
import { inTransaction } from '../storage/database.ts';
import { readMilestone } from './milestones-store.ts';
import { isOver } from './steps-service.ts';

describe('a step that was agreed on an attendance card', () => {
  useDesk();
  const agree = (id: string, ownerId = 'tom', due = MONDAY.date) =>
    inTransaction(store.db, (trx) =>
      checkins.agree(
        trx,
        { id: `focus-${id}`, title: `Friday club ${id}`, ownerId, due, schoolUrn: '100001' },
        'head1',
        MONDAY.now,
      ),
    );
  const on = (days: number) => {
    const date = addDays(MONDAY.date, days);
    return { date, now: new Date(`${date}T08:00:00Z`) };
  };

  it('is over four weeks after its day, and no other milestone is', () => {
    const step = { id: 'focus-a', due: '2026-11-23', ended: false };
    assert.equal(isOver(step, '2026-12-21'), false);
    assert.equal(isOver(step, '2026-12-22'), true);
    assert.equal(isOver({ ...step, ended: true }, '2027-01-22'), false);
    for (const id of ['csv-a', 'chat-a', 'list-a', 'm1'])
      assert.equal(isOver({ ...step, id }, '2027-01-22'), false);
  });

  it('ends then by itself with the day’s asks, and an open check-in of it is withdrawn', async () => {
    await agree('a', 'bea');
    await ask();
    assert.equal((await liveOf('focus-a')).state, 'open');
    await ask(on(28));
    assert.equal((await readMilestone(store.db, 'focus-a'))?.ended, false);
    await ask(on(29));
    assert.equal((await readMilestone(store.db, 'focus-a'))?.ended, true);
    const left = await store.db
      .selectFrom('checkins')
      .select('state')
      .where('milestone_id', '=', 'focus-a')
      .execute();
    assert.deepEqual(left, [{ state: 'withdrawn' }]);
    const ended = await store.db
      .selectFrom('milestone_history')
      .select(['change', 'changed_by'])
      .where('milestone_id', '=', 'focus-a')
      .orderBy('seq')
      .execute();
    assert.deepEqual(
      ended.map(({ change, changed_by }) => `${change} by ${changed_by}`),
      ['added by head1', 'ended by waymark'],
    );
    assert.deepEqual(await ask(on(30)), [], 'and again nothing');
  });

  it('takes no room among the milestones that one person may own', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await agree(id, 'bea', '2026-12-01');
    assert.match(await create(ADA), /Kept\./);
    assert.equal((await made()).ownerId, 'bea');
    const file = [
      'id,title,strand,school,owner,measure,unit,target,due,next_check_in',
      'x,Home visits,families,Harbour Primary,Bea Hall,Visits,visits,40,2027-02-12,2026-11-30',
    ].join('\n');
    const receipt = await checkins.importMilestones(file, 'ada', MONDAY.now);
    assert.equal(receipt.kind, 'imported');
    assert.match(
      await press(TOM, 'checkins.milestone-show', { id: 'focus-a', version: 0 }),
      /refused|not one of yours/,
    );
  });
});
