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
  words,
} from '../../test/support/checkin-desk.ts';
import { ADA, BEA } from '../../test/support/milestone-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { SAVE_SETTINGS } from './settings-card.ts';

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

describe('a colleague who stands in for several', () => {
  useDesk();

  it('is asked in one place a fortnight, whoever else’s they hold', async () => {
    const two = sampleTrust([
      { id: 'm1', owner: 'tom' },
      { id: 'm2', owner: 'bea' },
    ]);
    await rebuild(two).syncMilestones(MONDAY.now);
    for (const person of [TOM, BEA]) {
      const lends = { delegate: EVE.name, 'delegate-from': '2026-11-23', 'delegate-to': '2027-01-29' };
      assert.match(await press(person, SAVE_SETTINGS, { id: person.personId, version: 0 }, lends), /Saved/);
    }
    const asked: string[] = [];
    for (const day of ['23', '24', '25', '30', '07', '08']) {
      const date = day < '20' ? `2026-12-${day}` : `2026-11-${day}`;
      const keys = await ask({ date, now: new Date(`${date}T08:00:00Z`) });
      asked.push(...keys.filter((key) => key.endsWith('/ask')).map(() => date));
    }
    assert.deepEqual(asked, ['2026-11-23', '2026-12-08'], 'on the 7th they are reminded of the first');
  });
});

describe('an answer by a stand-in that is sent back', () => {
  useDesk();

  const returned = async () => {
    await press(EVE, 'checkins.submit', await liveOf(), UPDATE);
    await press(JO, 'checkins.return', await liveOf(), { comment: 'Which families?' });
    const draft = [...outbox.drafts.values()].find(({ key }) => key.includes('/returned/'));
    assert.ok(draft?.target.kind === 'person');
    return { to: draft.target.personId, shown: words(outbox.face(draft.key)) };
  };

  it('comes back to whoever wrote it, for as long as they stand in; its owner may be away', async () => {
    const lends = { delegate: EVE.name, 'delegate-from': WEEK.from, 'delegate-to': '2027-01-29' };
    assert.match(await press(TOM, SAVE_SETTINGS, { id: TOM.personId, version: 0 }, lends), /Saved/);
    withNotes([{ id: 'tom', leave: { from: '2026-11-20', to: '2027-01-29' } }]);
    await ask();
    const { to, shown } = await returned();
    assert.equal(to, 'max');
    assert.match(shown, /Which families\?/);
    assert.equal((await liveOf()).askOn, '2026-11-26', 'on a day of theirs');
    const better = { ...UPDATE, note: 'Those of Year 5.' };
    assert.match(await press(EVE, 'checkins.submit', await liveOf(), better), /answered/);
  });

  it('comes back to its owner once nobody stands in', async () => {
    withNotes([STANDS_IN]);
    await ask();
    await press(EVE, 'checkins.submit', await liveOf(), UPDATE);
    withNotes([]);
    await press(JO, 'checkins.return', await liveOf(), { comment: 'Which families?' });
    const keys = [...outbox.drafts.values()].filter(({ key }) => key.includes('/returned/'));
    assert.deepEqual(
      keys.map(({ target }) => target),
      [{ kind: 'person', personId: 'tom' }],
    );
  });
});

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
