import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  store,
  TOM,
  UPDATE,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import type { Inputs } from '../cards/envelope.ts';
import { must } from '../kernel/guards.ts';
import { addDays } from '../kernel/time.ts';

const GOOD: Inputs = { ...UPDATE, status: 'on-track', confidence: 'high', blocker: '' };

describe('no change, where the trust lets it approve itself', () => {
  useDesk();

  function withPolicy(says: boolean): void {
    const trust = sampleTrust([{ id: 'm1', owner: 'tom', due: '2027-07-16', every_weeks: 1 }]);
    rebuild({ ...trust, policies: { ...trust.policies, unchanged_approves_itself: says } });
  }

  /** The first round, answered and approved; then so many weeks of "no change". Gives each week's state. */
  async function weeks(first: Inputs, count: number): Promise<string[]> {
    await checkins.syncMilestones(MONDAY.now);
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), first);
    await press(JO, 'checkins.approve', await liveOf());
    const states: string[] = [];
    for (let week = 1; week <= count; week += 1) {
      const date = addDays(MONDAY.date, 7 * week);
      const now = new Date(`${date}T08:00:00Z`);
      await ask({ date, now });
      const open = await liveOf();
      await press(TOM, 'checkins.no-change', open, {}, now);
      const row = await store.db
        .selectFrom('checkins')
        .selectAll()
        .where('id', '=', open.id)
        .executeTakeFirstOrThrow();
      states.push(`${row.state} by ${row.decided_by ?? 'nobody'}`);
    }
    return states;
  }

  it('is done twice running, and the third time is read by the manager', async () => {
    withPolicy(true);
    const itself = 'approved by waymark';
    assert.deepEqual(await weeks(GOOD, 3), [itself, itself, 'submitted by nobody']);
    const reviews = [...outbox.drafts.keys()].filter((key) => key.includes('/review/'));
    assert.equal(reviews.length, 2, 'the first answer, and the third no change');
    const { rows } = { rows: await store.db.selectFrom('audit').selectAll().orderBy('seq').execute() };
    const acts = rows
      .filter(({ action }) => /no-change|approve/.test(action))
      .map(({ actor, action }) => `${actor} ${action}`);
    assert.deepEqual(acts, [
      'head1 checkins.approve',
      'tom checkins.no-change',
      'waymark checkins.approve',
      'tom checkins.no-change',
      'waymark checkins.approve',
      'tom checkins.no-change',
    ]);
    const asked = must([...outbox.drafts.keys()].filter((key) => key.endsWith('/ask'))[1], 'the second ask');
    assert.match(words(outbox.face(asked)), /Nothing has changed, so nobody needs to approve this/);
  });

  it('goes to the manager when it was not on track', async () => {
    withPolicy(true);
    assert.deepEqual(await weeks(UPDATE, 1), ['submitted by nobody']);
  });

  it('goes to the manager where the trust says nothing', async () => {
    withPolicy(false);
    assert.deepEqual(await weeks(GOOD, 1), ['submitted by nobody']);
  });
});

describe('the same answer sent again in the form', () => {
  useDesk();

  it('is a change that is none: the third is read by itself, as after "no change"', async () => {
    const trust = sampleTrust([{ id: 'm1', owner: 'tom', due: '2027-07-16', every_weeks: 1 }]);
    await rebuild(trust).syncMilestones(MONDAY.now);
    const left: boolean[] = [];
    for (let week = 0; week < 5; week += 1) {
      const date = addDays(MONDAY.date, 7 * week);
      const now = new Date(`${date}T08:00:00Z`);
      await ask({ date, now });
      // The fourth time a word is other, and the count begins anew.
      await press(TOM, 'checkins.submit', await liveOf(), week === 4 ? { ...GOOD, note: 'New' } : GOOD, now);
      const open = await liveOf();
      left.push((await checkins.worthReading([open.id])).has(open.id));
      await press(JO, 'checkins.approve', open, {}, now);
    }
    assert.deepEqual(left, [false, false, false, true, false]);
  });
});
