import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  EVE,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  TOM,
  UPDATE,
  useDesk,
} from '../../test/support/checkin-desk.ts';
import { ADA } from '../../test/support/milestone-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';

const WEEK = { from: '2026-11-23', to: '2026-11-27' };
const STANDS_IN = { id: 'tom', delegations: [{ delegate: 'max', ...WEEK }] };
const JO_AWAY = { id: 'head1', leave: WEEK, delegate: 'max' };

function withNotes(notes: Record<string, unknown>[]): void {
  rebuild(sampleTrust([{ id: 'm1', owner: 'tom' }], notes));
}
const reviewsOf = () =>
  [...outbox.drafts.values()].flatMap(({ key, target }) =>
    /\/review\//.test(key) && target.kind === 'person' ? [target.personId] : [],
  );

describe('an answer by a stand-in, who then stands in for its reader too', () => {
  useDesk();
  beforeEach(async () => {
    withNotes([STANDS_IN]);
    await ask();
    await press(EVE, 'checkins.submit', await liveOf(), UPDATE);
    withNotes([STANDS_IN, JO_AWAY]);
    await ask({ date: '2026-11-24', now: new Date('2026-11-24T08:00:00Z') });
  });

  it('is decided by them in no way, one by one or all at once', async () => {
    const sent = await liveOf();
    for (const [verb, inputs] of [
      ['checkins.approve', {}],
      ['checkins.return', { comment: 'More' }],
      ['checkins.question', { comment: 'Who?' }],
    ] as const)
      assert.match(await press(EVE, verb, sent, inputs), /^refused: not-yours/, verb);
    const item = { id: sent.id, version: sent.version };
    assert.deepEqual(await checkins.approve(item, EVE, MONDAY.now), { kind: 'not-yours' });
    assert.doesNotMatch(JSON.stringify(await checkins.approvals(EVE, MONDAY.now)), /Tom/);
    assert.doesNotMatch(JSON.stringify(await checkins.mine(EVE, MONDAY.now)), /Tom/);
    assert.equal((await liveOf()).state, 'submitted');
  });

  it('goes on to the next in the line, who may', async () => {
    assert.deepEqual(reviewsOf(), ['head1', 'ada']);
    assert.match(await press(ADA, 'checkins.approve', await liveOf()), /Approved by Ada/);
  });

  it('is theirs to read once its owner has sent words of his own', async () => {
    await press(TOM, 'checkins.submit', await liveOf(), { ...UPDATE, note: 'In my own words.' });
    assert.deepEqual(reviewsOf(), ['head1', 'ada', 'max']);
    assert.match(await press(EVE, 'checkins.approve', await liveOf()), /Approved by Max/);
  });

  it('leaves its reader the right to read it while away', async () => {
    assert.match(await press(JO, 'checkins.approve', await liveOf()), /Approved by Jo/);
  });
});
