import { strict as assert } from 'node:assert';
import {
  act,
  ask,
  checkins,
  count,
  EVE,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  said,
  store,
  TOM,
  UPDATE,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import type { Card } from '../cards/elements.ts';
import { envelope, type Inputs, parseCommand } from '../cards/envelope.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import type { Waiter } from './bulk.ts';
import { planOf } from './milestone.ts';
import { reviewListCard } from './review-list-card.ts';
import { readLive } from './store.ts';

const WAITING: readonly Waiter[] = [
  {
    checkin: {
      id: 'c1',
      milestoneId: 'm1',
      round: '2026-11-23',
      ownerId: 'tom',
      state: 'submitted',
      version: 2,
      unchanged: false,
      asked: 1,
      resting: false,
    },
    milestone: { ...planOf(must(sampleTrust().milestones[0], 'a milestone')), ended: false },
    owner: 'Tom',
    unchangedBefore: 0,
  },
];

describe('check-ins that wait together for one manager', () => {
  useDesk();

  const BEA = { personId: 'bea', name: 'Bea Hall' };
  const GOOD: Inputs = { ...UPDATE, status: 'on-track', confidence: 'high', blocker: '' };
  const IVY = { personId: 'ivy', name: 'Ivy Stone' };

  async function sendAll(answers: Readonly<Record<string, Inputs>>): Promise<string> {
    rebuild(
      sampleTrust(
        [
          { id: 'm1', owner: 'tom' },
          { id: 'm2', owner: 'bea' },
          { id: 'm3', owner: 'ivy' },
        ],
        [],
      ),
    );
    await checkins.syncMilestones(MONDAY.now);
    await ask();
    const owners = { m1: TOM, m2: BEA, m3: IVY };
    for (const [milestone, inputs] of Object.entries(answers)) {
      const owner = owners[milestone as keyof typeof owners];
      await press(owner, 'checkins.submit', await liveOf(milestone), inputs);
    }
    const reviews = [...outbox.drafts.keys()].filter((key) => key.includes('/review/'));
    assert.equal(reviews.length, 1, 'one message');
    return reviews[0] ?? '';
  }

  const approveAll = async (card: Card, person = JO) => {
    const actions = card.content.actions as { verb?: string; data?: Record<string, unknown> }[];
    const data = actions.find(({ verb }) => verb === 'checkins.approve-all')?.data;
    const command = parseCommand(data);
    assert.ok('inputs' in command);
    assert.equal(command.typed, '', 'nothing that the safety rules must read');
    const reply = await act(command, person, MONDAY.now);
    await checkins.cards.drain(MONDAY.now);
    return reply;
  };

  it('stand on one card, which says what can be approved at once and what is worth a read', async () => {
    const key = await sendAll({ m1: GOOD, m2: UPDATE, m3: GOOD });
    const list = outbox.face(key);
    assert.deepEqual(cardProblems(list), []);
    assert.match(words(list), /Jo, three check-ins wait for you/);
    assert.match(words(list), /Ready to approve: two, on track \(Tom and Ivy\)/);
    assert.match(words(list), /Worth a read: Bea \(at risk\)/);
  });

  it('are approved with one press, each with its history, and the rest is left to be read', async () => {
    const key = await sendAll({ m1: GOOD, m2: UPDATE, m3: GOOD });
    const audits = await count('audit');
    const reply = said(await approveAll(outbox.face(key)));
    assert.match(reply, /Approved two/);
    assert.deepEqual(
      (await readLive(store.db)).map(({ milestoneId }) => milestoneId),
      ['m2'],
    );
    assert.equal(await count('audit'), audits + 2);
    assert.match(words(outbox.face(key)), /Bea's check-in, about a minute/, 'the one left stands whole');
    await press(JO, 'checkins.approve', await liveOf('m2'));
    assert.match(words(outbox.face(key)), /Nothing here waits for you/);
  });

  it('that were changed or read meanwhile are left, each by name', async () => {
    const key = await sendAll({ m1: GOOD, m2: GOOD, m3: GOOD });
    const seen = outbox.face(key);
    await press(TOM, 'checkins.submit', await liveOf('m1'), { ...GOOD, note: 'Other words.' });
    await press(JO, 'checkins.approve', await liveOf('m2'));
    const reply = said(await approveAll(seen));
    assert.match(reply, /Approved one, left one/);
    assert.match(reply, /Tom, .*\(m1\).*: Tom had sent it again/);
    assert.match(reply, /You had approved it before/);
    assert.equal((await liveOf('m1')).state, 'submitted');
  });

  it('pressed a second time, say what the first press did, and write nothing', async () => {
    const seen = outbox.face(await sendAll({ m1: GOOD, m2: UPDATE, m3: GOOD }));
    assert.match(said(await approveAll(seen)), /Approved two\./);
    const audits = await count('audit');
    const again = said(await approveAll(seen));
    assert.match(again, /You had approved two before\. Nothing more was changed\./);
    assert.match(again, /Bea's check-in|one check-in waits for you/, 'what is left stands there');
    assert.equal(await count('audit'), audits);
  });

  it('that another approved first are left, and who did is said', async () => {
    const seen = outbox.face(await sendAll({ m1: GOOD, m2: GOOD }));
    const away = { id: 'head1', leave: { from: '2026-11-16', to: '2026-11-27' }, delegate: 'ivy' };
    rebuild(sampleTrust([{ id: 'm1', owner: 'tom' }], [away]));
    await press(IVY, 'checkins.approve', await liveOf('m1'));
    await press(IVY, 'checkins.return', await liveOf('m2'), { comment: 'Which families?' });
    const reply = said(await approveAll(seen));
    assert.match(reply, /None was approved/);
    assert.match(reply, /Tom, .*: Ivy had approved it, so it was left/);
    assert.match(reply, /Bea, .*: Ivy had returned it, so it was left/);
  });

  it('are itemised to the last one that was left, the others a press away', () => {
    const failures = Array.from(
      { length: 9 },
      (_, index) => `Tom, number ${index}: worth a read first (at risk).`,
    );
    for (const waiting of [[], WAITING]) {
      const list = reviewListCard({ reader: 'Jo', waiting, notice: 'None was approved.', failures });
      assert.deepEqual(cardProblems(list), []);
      const body = list.content.body as { id?: string; items?: { text: string }[] }[];
      const behind = must(body.find(({ id }) => id === 'each')?.items, 'the others').map(({ text }) => text);
      const text = `${words(list)}\n${behind.join('\n')}`;
      for (const failure of failures) assert.ok(text.includes(failure), failure);
      assert.match(JSON.stringify(list.content.actions), /"targetElements":\["each"\]/);
    }
  });

  it('are not approved by a stranger or their owner, whatever a forged card lists', async () => {
    const key = await sendAll({ m1: GOOD, m2: UPDATE });
    const list = outbox.face(key);
    for (const person of [EVE, TOM]) {
      const reply = said(await approveAll(list, person));
      assert.match(reply, /None was approved/);
      assert.doesNotMatch(reply, /Every family/);
    }
    const forged = { ...envelope('checkins.approve-all', 'waiting') };
    const atRisk = await liveOf('m2');
    const inputs = { item0: `${atRisk.id}-${atRisk.version}`, item1: 'x', item2: `${atRisk.id}-1` };
    assert.match(said(await act({ envelope: forged, inputs }, JO, MONDAY.now)), /worth a read first/);
    assert.equal((await readLive(store.db)).length, 3);
  });

  it('are shown for the words "my approvals" to the manager alone', async () => {
    await sendAll({ m1: GOOD, m2: UPDATE });
    const shown = await checkins.approvals(JO, MONDAY.now);
    assert.match(words(must(shown.card, 'a card')), /Jo, two check-ins wait for you/);
    assert.equal((await checkins.approvals(TOM, MONDAY.now)).card, undefined);
  });

  it('come on a new card with all that waits once theirs is a week old, and on that one again', async () => {
    const first = await sendAll({ m1: GOOD });
    const later = async (date: string, owner: typeof TOM, milestone: string) => {
      const now = new Date(`${date}T09:00:00Z`);
      await press(owner, 'checkins.submit', await liveOf(milestone), GOOD, now);
      return [...outbox.drafts.values()].flatMap(({ key }) => (key.includes('/review/') ? [key] : []));
    };
    const [, second = '', ...more] = await later('2026-11-30', BEA, 'm2');
    assert.deepEqual(more, []);
    assert.match(words(outbox.face(second)), /two check-ins wait for you.*\(Tom and Bea\)/s);
    assert.match(words(outbox.face(first)), /Tom's check-in/, 'the old card still shows its own');
    assert.equal((await later('2026-12-04', IVY, 'm3')).length, 2, 'within the week it joins the new card');
    assert.match(words(outbox.face(second)), /three check-ins wait/);
    await press(JO, 'checkins.approve', await liveOf('m1'));
    assert.match(words(outbox.face(first)), /Approved by Jo/);
    assert.match(words(outbox.face(second)), /two check-ins wait/);
  });

  it('come again as one card when one was returned and sent anew', async () => {
    const key = await sendAll({ m1: GOOD, m2: GOOD });
    await press(JO, 'checkins.return', await liveOf('m1'), { comment: 'Which families?' });
    await press(TOM, 'checkins.submit', await liveOf('m1'), GOOD);
    assert.match(words(outbox.face(key)), /two check-ins wait for you/);
    const reviews = [...outbox.drafts.keys()].filter((one) => one.includes('/review/'));
    assert.deepEqual(reviews, [key]);
  });
});
